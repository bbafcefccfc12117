import { check, type Checked } from "./check";
import { invoke } from "./invoke";
import { created, previewed, type Created } from "./outputs/outputs";
import { fallback, readProvider, type ProviderSettings } from "./provider";
import { createRandom } from "./random";
import { plainForms, type Values } from "./values";

/** The account that the stand-in pretends to be in where no provider says so. */
export interface SandboxAccount {
  readonly accountId: string;
  readonly region: string;
}

/** One question to a provider. */
export interface Request {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Values;
  /** Inputs of the `pulumi:providers:*` resource that is asked. */
  readonly provider: Values;
}

/** Packages that the stand-in speaks for. */
export const packages: readonly string[] = ["aws", "awsx", "random"];

/**
 * What stands in for the providers: no account, no network, the same answer to the same question. The plan asks it in
 * its own process.
 */
export class Sandbox {
  constructor(private readonly account: SandboxAccount = fallback) {}

  private settings(provider: Values): ProviderSettings {
    return readProvider(provider, this.account);
  }

  check(request: Request): Checked {
    const { type, urn, inputs, provider } = request;
    if (type.startsWith("aws:")) return check(type, urn, inputs, this.settings(provider));
    return { inputs: plainForms(inputs), failures: [] };
  }

  create(request: Request, preview = false): Created {
    const { type, urn, inputs, provider } = request;
    if (type.startsWith("random:")) return preview ? previewed(type, inputs) : createRandom(type, urn, inputs);
    return preview ? previewed(type, inputs) : created(type, urn, inputs, this.settings(provider));
  }

  /** A resource that exists already: what the program gave of its state, and stand-ins for the rest. */
  read(request: Request & { id: string }): Created {
    const { outputs } = this.create({ ...request, inputs: plainForms(request.inputs) });
    const arn = request.id.startsWith("arn:") ? { arn: request.id } : {};
    return { id: request.id, outputs: { ...outputs, ...arn } };
  }

  invoke(token: string, args: Values, provider: Values = {}): Values {
    return invoke(token, args, this.settings(provider));
  }

  zonesOf(region: string | undefined, provider: Values = {}): string[] {
    const args: Values = region === undefined ? {} : { region };
    const names = this.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", args, provider)["names"];
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
  }
}
