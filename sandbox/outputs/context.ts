import { hex, letters, lowerAndDigits, upperAndDigits, uuid } from "../identity";
import { partitionOf, type ProviderSettings } from "../provider";
import { reveal, text, unknown, type Value, type Values } from "../values";

/** What a made-up output may depend on: the resource's identity, its inputs, and where it is. */
export class Context {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly dnsSuffix: string;

  constructor(
    readonly type: string,
    readonly urn: string,
    readonly inputs: Values,
    provider: ProviderSettings,
  ) {
    this.region = text(inputs["region"]) ?? provider.region;
    this.account = provider.accountId;
    ({ partition: this.partition, dnsSuffix: this.dnsSuffix } = partitionOf(this.region));
  }

  /** The name in the program, the last part of the URN. */
  get resourceName(): string {
    return this.urn.slice(this.urn.lastIndexOf("::") + 2);
  }

  /** A text input, or else the name in the program. */
  name(property = "name"): string {
    return text(this.inputs[property]) ?? this.resourceName;
  }

  text(property: string): string | undefined {
    return text(this.inputs[property]);
  }

  /** The input when the program set it and it is known, else the stand-in. */
  given(property: string, standIn: Value): Value {
    const value = this.inputs[property];
    return value === undefined || reveal(value) === unknown ? standIn : value;
  }

  arn(service: string, resource: string, place: { region?: string; account?: string } = {}): string {
    const { region = this.region, account = this.account } = place;
    return `arn:${this.partition}:${service}:${region}:${account}:${resource}`;
  }

  /** `prefix-` and 17 hexadecimal digits: the form of EC2's ids since 2018. */
  ec2Id(prefix: string, use = prefix): string {
    return `${prefix}-0${hex(this.urn, 16, use)}`;
  }

  hex(length: number, use = ""): string {
    return hex(this.urn, length, use);
  }

  uuid(use = ""): string {
    return uuid(this.urn, use);
  }

  upper(length: number, use = ""): string {
    return letters(this.urn, length, upperAndDigits, use);
  }

  lower(length: number, use = ""): string {
    return letters(this.urn, length, lowerAndDigits, use);
  }
}

/** What the cloud would answer to a create: the id, and the outputs beyond the inputs. */
export interface Made {
  readonly id: string;
  readonly outputs: Values;
}

export type Maker = (context: Context) => Made;
export type Makers = Readonly<Record<string, Maker>>;

/** For types whose ARN is also the id. */
export function byArn(arn: string, outputs: Values = {}): Made {
  return { id: arn, outputs: { arn, ...outputs } };
}
