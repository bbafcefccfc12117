import { UnknownValueError } from "@pulumi/policy";
import type * as pulumi from "@pulumi/pulumi";

/** `Input<T>` and optional marks taken off one level: what a rule meets once the engine has resolved the inputs. */
type Bare<T> = Exclude<NonNullable<T>, Promise<unknown> | pulumi.OutputInstance<unknown>>;
type Item<T> = unknown extends T ? unknown : Bare<T> extends readonly (infer E)[] ? E : T;

/** Stands for a value that the cloud has not computed yet. */
const UNKNOWN = Symbol("unknown");

/** Where an unknown was met: the resource, where it is known, and the property. */
type Hear = (owner: string | undefined, path: string) => void;
let hear: Hear | undefined;

/** Hears of each unknown that `work` meets; `work` must not wait, since there is one listener at a time. */
export function listening<T>(listener: Hear, work: () => T): T {
  const outer = hear;
  hear = listener;
  try {
    return work();
  } finally {
    hear = outer;
  }
}

/** What a value has besides its content. */
interface Setting {
  /** URN of the resource that it belongs to. */
  readonly owner?: string | undefined;
  /** Where it is looked for when it is absent or unknown. */
  readonly fallback?: Value | undefined;
  /** Path of the value that was unknown first, of which this one is a part. */
  readonly origin?: string | undefined;
}

/**
 * One value among a resource's properties, read without tripping over what is unknown at preview: reading an unknown
 * through the SDK's proxy throws and ends the rule, so that everything after it goes unchecked.
 *
 * Predicates that lead to a finding (`is`, `isNot`, `isEmpty`) are false for an unknown value: a rule reports what it
 * knows to be wrong and goes on to the next property. Each unknown that a rule asks about is told to the listener.
 */
export class Value<T = unknown> {
  private constructor(
    private readonly content: unknown,
    /** Where the value is, as a user would write it: `rules[0].sseAlgorithm`. */
    readonly path: string,
    private readonly setting: Setting = {},
  ) {}

  static of<T>(properties: unknown, path = "", owner?: string): Value<T> {
    return new Value<T>(properties, path, { owner });
  }

  static unknown<T>(path = "", owner?: string): Value<T> {
    return new Value<T>(UNKNOWN, path, { owner });
  }

  /** `first`, and `second` where that has nothing or an unknown: inputs, completed by outputs. */
  static layered<T>(first: unknown, second: unknown, owner?: string): Value<T> {
    return new Value<T>(first, "", { owner, fallback: new Value(second, "", { owner }) });
  }

  get unknown(): boolean {
    if (this.content !== UNKNOWN) return false;
    hear?.(this.setting.owner, this.setting.origin ?? this.path);
    return true;
  }

  /** The value when it is known; never to be printed, as secrets arrive here in the clear. */
  get known(): Bare<T> | undefined {
    return this.unknown || this.content === null ? undefined : (this.content as Bare<T> | undefined);
  }

  /** The text when the value is a known string. */
  get text(): string | undefined {
    return this.unknown || typeof this.content !== "string" ? undefined : this.content;
  }

  at<K extends keyof Bare<T> & (string | number)>(key: K): Value<Bare<T>[K]> {
    return this.child(key);
  }

  /** As `at`, for keys that the SDK's types do not have: parsed JSON, deprecated twins of a type. */
  dig<U = unknown>(...keys: (string | number)[]): Value<U> {
    return keys.reduce<Value>((value, key) => value.child(key), this) as Value<U>;
  }

  /** The list's elements; none when it is absent or unknown. A single object counts as a list of one. */
  items(): Value<Item<T>>[] {
    if (this.unknown || this.content === undefined || this.content === null) return [];
    if (!Array.isArray(this.content)) return [this as unknown as Value<Item<T>>];
    return Array.from({ length: this.content.length }, (_, index) => this.child<Item<T>>(index));
  }

  /** The object's keys, also those whose values are unknown. */
  keys(): string[] {
    return !this.unknown && typeof this.content === "object" && this.content !== null ? Object.keys(this.content) : [];
  }

  /** Known and equal to one of these. */
  is(...values: (string | number | boolean)[]): boolean {
    return !this.unknown && values.includes(this.content as string);
  }

  /** Known and equal to none of these; an absent value is none of them. */
  isNot(...values: (string | number | boolean)[]): boolean {
    return !this.unknown && !this.is(...values);
  }

  /** Known to be absent, or an empty string, list or object. */
  isEmpty(): boolean {
    if (this.unknown) return false;
    if (this.content === undefined || this.content === null || this.content === "") return true;
    return typeof this.content === "object" && Object.keys(this.content).length === 0;
  }

  /** The document inside a JSON string; what is no JSON cannot be judged and counts as unknown. */
  json<U = unknown>(): Value<U> {
    if (typeof this.content !== "string" || this.content === "") return this as unknown as Value<U>;
    try {
      return new Value<U>(JSON.parse(this.content), this.path, { owner: this.setting.owner });
    } catch {
      return new Value<U>(UNKNOWN, this.path, { owner: this.setting.owner });
    }
  }

  /** Every known string inside the value, at any depth. */
  strings(): string[] {
    if (typeof this.content === "string") return [this.content];
    return this.keys().flatMap((key) => this.child(key).strings());
  }

  private child<U>(key: string | number): Value<U> {
    const index = typeof key === "number" || Array.isArray(this.content);
    const path = index ? `${this.path}[${key}]` : this.path === "" ? String(key) : `${this.path}.${key}`;
    const origin = this.content === UNKNOWN ? (this.setting.origin ?? this.path) : undefined;
    const own = new Value<U>(this.read(key), path, { owner: this.setting.owner, origin });
    if (own.says) return own;
    const other = this.setting.fallback?.child<U>(key);
    return other?.says === true ? other : own;
  }

  /** There is a value, and it is known. */
  private get says(): boolean {
    return this.content !== UNKNOWN && this.content !== undefined && this.content !== null;
  }

  private read(key: string | number): unknown {
    if (this.content === UNKNOWN) return UNKNOWN;
    if (typeof this.content !== "object" || this.content === null) return undefined;
    if (!Object.hasOwn(this.content, key)) return undefined;
    try {
      return (this.content as Record<string | number, unknown>)[key];
    } catch (error) {
      if (error instanceof UnknownValueError) return UNKNOWN;
      throw error;
    }
  }
}
