import { type Values } from "../sandbox/values";

/** One registered resource. Property values are in Pulumi's wire form. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  /** `<urn>::<id>` of the provider; empty for a component. */
  readonly provider: string;
  /** What the program gave. */
  readonly inputs: Values;
  /** What the provider made of it: the inputs that the engine shows, stores and hands to policies. */
  checked: Values;
  readonly options: Record<string, unknown>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Record<string, readonly string[]>;
  outputs: Values;
  id: string;
  /** Read, not registered (`Resource.get`): it belongs to someone else. */
  readonly external: boolean;
  /** A default provider, which the engine makes of itself and does not count. */
  readonly internal: boolean;
}

/** What a registration asks for, before it has a URN, a provider and outputs. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: Values;
  readonly provider: string;
  readonly providers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly options: Record<string, unknown>;
  readonly additionalSecretOutputs: readonly string[];
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Record<string, readonly string[]>;
}
