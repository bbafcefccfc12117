import { nameRule } from "../names";
import { readProvider } from "../provider";
import { Sandbox, type Request } from "../sandbox";
import { type Checked } from "../check";
import { type Created } from "../outputs/outputs";
import { text, type Values } from "../values";
import { type Cloud, type Held, type Target } from "./cloud";
import { diff, type Changes } from "./diff";
import { FaultGate, type Faults } from "./faults";
import { refuseDelete } from "./protection";

/** AWS answers a second create under the same name with an overwrite, not with an error. Source: each Put operation. */
const overwritten = new Set([
  "appautoscaling/policy",
  "cloudwatch/dashboard",
  "cloudwatch/logResourcePolicy",
  "cloudwatch/metricAlarm",
  "ecs/cluster",
  "iam/rolePolicy",
  "sns/topic",
]);

function short(type: string): string {
  return type.split(":")[1] ?? "";
}

/** The URN with the number of the create in it, for all but the first, so that a second object gets ids of its own. */
function salted(urn: string, generation: number): string {
  return generation < 2 ? urn : urn.replace(/^urn:pulumi:/, `urn:pulumi:${generation}:`);
}

/** Whether Check made the value up. */
function isFilled(inputs: Values, property: string): boolean {
  const list = inputs["__defaults"];
  return Array.isArray(list) && list.includes(property);
}

function echoed(inputs: Values): Values {
  const { __defaults: _, ...rest } = inputs;
  return rest;
}

/**
 * A provider over the same stand-in that the plan asks, with what a plan does not need: a memory of what exists, changes,
 * and refusals.
 */
export class Provider {
  private readonly sandbox = new Sandbox();
  private readonly gate: FaultGate;
  private settings: Values = {};

  constructor(
    private readonly cloud: Cloud,
    private readonly faults: Faults,
  ) {
    this.gate = new FaultGate(faults);
  }

  /** Takes the provider's own inputs, and refuses as the real one does when it asks AWS who it is. */
  configure(settings: Values): void {
    this.settings = settings;
    if (this.faults.refuseCredentials === true) {
      throw new Error(
        "No valid credential sources found. Please see https://www.pulumi.com/registry/packages/aws/installation-configuration/ " +
          "for more information about providing credentials.",
      );
    }
    // Source: hashicorp/aws-sdk-go-base, `VerifyAccountIDAllowed`.
    const { account } = this.faults;
    if (account === undefined) return;
    const allowed = readProvider({ ...settings }, { accountId: account, region: "" }).accountId;
    if (allowed !== account) throw new Error(`AWS account ID not allowed: ${account}`);
  }

  private request({ urn, type }: Target, inputs: Values, generation: number): Request {
    return { type, urn: salted(urn, generation), inputs, provider: this.settings };
  }

  /** A name that was made up before stays, as long as the program gives none. */
  check(target: Target, olds: Values, news: Values): Checked {
    const generation = this.cloud.generationOf(target.urn) + 1;
    const { inputs, failures } = this.sandbox.check(this.request(target, news, generation));
    const property = nameRule(target.type)?.property ?? "";
    const filled = (values: Values): boolean => {
      const list = values["__defaults"];
      return Array.isArray(list) && list.includes(property);
    };
    const old = olds[property];
    return {
      inputs: old !== undefined && filled(olds) && filled(inputs) ? { ...inputs, [property]: old } : inputs,
      failures,
    };
  }

  diff({ type }: Target, olds: Values, news: Values): Changes {
    return diff(type, olds, news);
  }

  /**
   * A replacement that keeps a name which the program fixed needs the old object out of the way first.
   * Source: pulumi/pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`.
   */
  deletesFirst({ type }: Target, olds: Values, news: Values): boolean {
    const property = nameRule(type)?.property;
    if (property === undefined || news[property] === undefined || olds[property] !== news[property]) return false;
    return !isFilled(news, property);
  }

  async create(target: Target, inputs: Values, preview: boolean): Promise<Created> {
    if (preview) return this.sandbox.create(this.request(target, inputs, 1), true);
    return this.gate.create(target.type, () => this.make(target, inputs));
  }

  private make(target: Target, inputs: Values): Created {
    const generation = this.cloud.generationOf(target.urn) + 1;
    const made = this.outcome(target, inputs, generation);
    const { type, urn } = target;
    const twin = this.cloud.twin({ type, ...made });
    if (twin !== undefined && nameRule(type) !== undefined && !overwritten.has(short(type))) {
      throw new Error(
        `creating ${type} (${made.id}): AlreadyExists: an object of this name exists (created as ${twin.urn})`,
      );
    }
    this.cloud.put({ type, id: made.id, urn, generation, inputs, outputs: made.outputs });
    return made;
  }

  private outcome(target: Target, inputs: Values, generation: number): Created {
    const made = this.sandbox.create(this.request(target, inputs, generation));
    if (short(target.type) !== "ecs/taskDefinition") return made;
    // A family's revisions count up and are never used again (ECS Developer Guide, "Task definition states").
    const family = text(made.outputs["arnWithoutRevision"]) ?? made.id;
    return { id: made.id, outputs: { ...made.outputs, arn: `${family}:${generation}`, revision: generation } };
  }

  /** What exists under that id, undefined when nothing does. */
  read(target: Target, id: string, state: Values): Held | undefined {
    return this.cloud.find(target, id, state);
  }

  async update(target: Target, id: string, olds: Values, news: Values, preview: boolean): Promise<Values> {
    const held = this.cloud.find(target, id, olds);
    if (preview) return { ...olds, ...echoed(news) };
    await this.gate.delay();
    if (held === undefined) throw new Error(`updating ${target.type} (${id}): NotFound: nothing exists under this id`);
    const { outputs } = this.outcome({ ...target, urn: held.urn }, news, held.generation);
    this.cloud.remove(held);
    this.cloud.put({ ...held, inputs: news, outputs });
    return outputs;
  }

  /** Deleting what is gone already succeeds, as it does with the real provider. */
  async delete(target: Target, id: string, state: Values): Promise<void> {
    await this.gate.delay();
    const held = this.cloud.find(target, id, state);
    if (held === undefined) return;
    const refusal = refuseDelete(held, this.cloud);
    if (refusal !== undefined) throw new Error(`deleting ${target.type} (${id}): ${refusal}`);
    this.cloud.remove(held);
  }

  invoke(token: string, args: Values): Values {
    return this.sandbox.invoke(token, args, this.settings);
  }
}
