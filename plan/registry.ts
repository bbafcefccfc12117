import { uuid } from "../sandbox/identity";
import { plainForms, unknown, type Values } from "../sandbox/values";
import { defaultProvider, disabledPackages } from "./providers";
import { Refusal, words } from "./refusal";
import { type Goal, type Registration } from "./registration";
import { packageOf, providerUrn, typeOf } from "./urn";

interface Where {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
}

type Asking = Pick<Goal, "type" | "parent" | "provider" | "providers" | "version">;

/** A provider as a registration refers to it, with its inputs. */
export interface Resolved {
  readonly reference: string;
  readonly inputs: Values;
}

/** All providers of a run: those of the program, those that components hand down, and the default ones. */
export class ProviderRegistry {
  private readonly inputs = new Map<string, Values>();
  private readonly defaults = new Map<string, Resolved>();
  private readonly ofComponents = new Map<string, Readonly<Record<string, string>>>();
  private readonly disabled: ReadonlySet<string>;

  constructor(
    private readonly where: Where,
    private readonly record: (provider: Registration) => void,
  ) {
    this.disabled = disabledPackages(where.config);
  }

  /** Takes in a provider that the program made; answers its id. */
  explicit(registration: Registration): string {
    this.inputs.set(registration.urn, registration.checked);
    return this.where.preview ? unknown : uuid(registration.urn, "provider");
  }

  /** A component hands the providers that it was given, and its parent's, to the children that name none. */
  component(urn: string, goal: Pick<Goal, "parent" | "providers">): void {
    this.ofComponents.set(urn, { ...this.ofComponents.get(goal.parent), ...goal.providers });
  }

  handedDown(component: string): Readonly<Record<string, string>> {
    return this.ofComponents.get(component) ?? {};
  }

  isDisabled(pkg: string): boolean {
    return this.disabled.has(pkg) || this.disabled.has("*");
  }

  /** The provider that a resource gets; `what` is how the engine names the resource when it refuses. */
  resolve(goal: Asking, what: string): Resolved {
    const pkg = packageOf(goal.type);
    const given = goal.provider || (goal.providers[pkg] ?? this.ofComponents.get(goal.parent)?.[pkg] ?? "");
    if (given === "") return this.default(pkg, goal.version, what);
    const urn = providerUrn(given);
    const inputs = this.inputs.get(urn);
    if (inputs === undefined) throw new Refusal(words.unknownProvider(given, what), what);
    if (typeOf(urn) !== `pulumi:providers:${pkg}`) throw new Refusal(words.unknownProvider(given, what), what);
    return { reference: given, inputs };
  }

  private default(pkg: string, version: string, what: string): Resolved {
    if (this.isDisabled(pkg)) throw new Refusal(words.deniedProvider(pkg, what), what);
    const known = this.defaults.get(`${pkg} ${version}`);
    if (known !== undefined) return known;
    const { urn, name, id, inputs } = defaultProvider(this.where, this.where.config, pkg, version);
    const made = { reference: `${urn}::${id}`, inputs };
    this.inputs.set(urn, inputs);
    this.defaults.set(`${pkg} ${version}`, made);
    this.record({
      urn,
      type: `pulumi:providers:${pkg}`,
      name,
      custom: true,
      parent: "",
      provider: "",
      inputs,
      checked: plainForms(inputs),
      options: {},
      dependencies: [],
      propertyDependencies: {},
      outputs: inputs,
      id,
      external: false,
      internal: true,
    });
    return made;
  }

  /** For a data source a refusal is an error of the call, which the program sees. */
  forInvoke(pkg: string, token: string, reference: string, version: string): Values {
    if (reference !== "") {
      const inputs = this.inputs.get(providerUrn(reference));
      if (inputs === undefined) throw new Error(`Invoke: unknown provider '${reference}'`);
      return inputs;
    }
    if (this.isDisabled(pkg)) throw new Error(`Invoke: ${words.deniedProvider(pkg, token)}`);
    return this.default(pkg, version, token).inputs;
  }
}
