import type { Rule } from "../../policy/lib/rule";
import type { Props } from "./harness";

/**
 * The proof of a rule, written down as data: cases that comply, and what in them can be broken. test/policy/mutants.ts
 * makes the mutants from it and test/policy/mutants.test.ts runs them. Files of test/policy/cases/ export lists of proofs.
 */
export interface Proof {
  readonly rule: Rule;
  readonly cases: readonly Case[];
}

/** Resources that comply together. The rule must be silent about them, and about every mutant that still complies. */
export interface Case {
  readonly resources: Readonly<Record<string, Resource>>;
  /** Stack name. @default the strictest environment in which the rule is on */
  readonly stack?: string;
  /** The rule's configuration. */
  readonly config?: Props;
}

export interface Resource {
  /** A type, or twins: the whole case is run once for each. */
  readonly type: string | readonly string[];
  readonly inputs: Props;
  readonly breaks?: readonly Break[];
  /** Resources that a property names, by their names in the case: `{ bucket: "data" }`. They come before this one. */
  readonly links?: Readonly<Record<string, string | readonly string[]>>;
  /** Without this resource, and with links that lead nowhere, the finding is there. */
  readonly needed?: Where;
  /** Only with this resource the finding is there: the case complies without it. */
  readonly added?: Where;
  /** Inputs of the resource's provider. */
  readonly provider?: Props;
  readonly options?: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] };
  /** Outputs that the cloud has computed. @default the inputs, with an unknown id and an unknown ARN */
  readonly outputs?: Props;
  /** Name of a component among the resources that is its parent. */
  readonly parent?: string;
}

/** Where a finding is expected. */
export interface Where {
  /** Resource. @default the one that is broken */
  readonly on?: string;
  /** What the message starts with: path of the property, or words. @default the path that is broken */
  readonly at?: string;
  /**
   * Paths that the rule reads first: while one of them is unknown, this fault cannot be judged. Those of another
   * resource begin with its name.
   */
  readonly needs?: readonly string[];
  /** Findings there. @default 1 */
  readonly findings?: number;
}

/** One property: values that break the rule there, and values that do not. `undefined` removes it. */
export interface Break extends Where {
  /**
   * Path in the inputs: `rules[0].status`. After `>`, a path inside the JSON text that stands there:
   * `policy>Statement[0].Principal`. `@protect`, `@ignoreChanges` and `@provider.<path>`: beside the inputs.
   */
  readonly path: string;
  readonly broken: readonly unknown[];
  readonly passes: readonly unknown[];
  /** An unknown value is wrong as well: what must not be there is there. @default false */
  readonly evenUnknown?: boolean;
  /**
   * What the rule reads in place of a property that is unknown, here or on the way here; false where it needs no look
   * at it. By path. @default the property itself is counted as unread
   */
  readonly unread?: Readonly<Record<string, string | false>>;
}

type More = Omit<Break, "path" | "broken" | "passes"> & { readonly broken?: unknown[]; readonly passes?: unknown[] };

export function proof(rule: Rule, ...cases: readonly Case[]): Proof {
  return { rule, cases };
}

/** The case of a rule that looks at one resource. */
export function one(
  type: string | readonly string[],
  inputs: Props,
  breaks: readonly Break[],
  more: Omit<Resource, "type" | "inputs" | "breaks"> & Omit<Case, "resources"> = {},
): Case {
  const { stack, config, ...resource } = more;
  return {
    resources: { it: { type, inputs, breaks, ...resource } },
    ...(stack !== undefined && { stack }),
    ...(config !== undefined && { config }),
  };
}

/** Stands for the compliant value emptied: "", [] or {}. */
export const EMPTIED = Symbol("emptied");
const nothing = [undefined, null, EMPTIED];

function make(path: string, broken: readonly unknown[], passes: readonly unknown[], more: More): Break {
  const { broken: others = [], passes: fine = [], ...rest } = more;
  return { path, ...rest, broken: [...broken, ...others], passes: [...passes, ...fine] };
}

/** Must be there, with anything in it. */
export const given = (path: string, more: More = {}): Break => make(path, nothing, [], more);

/** Must not be there, or be empty. */
export const absent = (path: string, value: unknown, more: More = {}): Break =>
  make(path, [value], [undefined, null], more);

/** Must be true. */
export const isTrue = (path: string, more: More = {}): Break => make(path, [undefined, null, false], [true], more);

/** Must be false, and said: AWS's default is the wrong one. */
export const isFalse = (path: string, more: More = {}): Break => make(path, [undefined, null, true], [false], more);

/** On where nothing is said. */
export const notFalse = (path: string, more: More = {}): Break => make(path, [false], [undefined, null, true], more);

/** Off where nothing is said. */
export const notTrue = (path: string, more: More = {}): Break => make(path, [true], [undefined, null, false], more);

/** One of these values; `others` are values that AWS takes too, and the rule does not. */
export const oneOf = (path: string, allowed: readonly unknown[], others: readonly unknown[], more: More = {}): Break =>
  make(path, [...nothing, ...others, "no-such-value"], allowed, more);

/** As `oneOf`, or not set. */
export const oneOfOrUnset = (
  path: string,
  allowed: readonly unknown[],
  others: readonly unknown[],
  more: More = {},
): Break => make(path, [...others, "no-such-value"], [...allowed, undefined, null], more);

/** None of these. */
export const noneOf = (path: string, refused: readonly unknown[], more: More = {}): Break =>
  make(path, refused, [undefined], more);

export const atLeast = (path: string, least: number, more: More = {}): Break =>
  make(path, [undefined, null, least - 1], [least, least + 1], more);

export const atMost = (path: string, most: number, more: More = {}): Break =>
  make(path, [undefined, null, most + 1], [most, most - 1], more);

/** As `atLeast`, where AWS's own value is enough. */
export const atLeastOrUnset = (path: string, least: number, more: More = {}): Break =>
  make(path, [least - 1], [undefined, null, least, least + 1], more);

/** As `atMost`, where AWS's own value is not too much. */
export const atMostOrUnset = (path: string, most: number, more: More = {}): Break =>
  make(path, [most + 1], [undefined, null, most, most - 1], more);

const awsKey = "arn:aws:kms:ap-northeast-1:111111111111:alias/aws/any";
/** A customer-managed key. */
export const customerKey = (path: string, more: More = {}): Break =>
  make(path, [...nothing, "alias/aws/any", awsKey], ["alias/ours", keyArn], more);

/** These values, and no others. */
export const values = (
  path: string,
  broken: readonly unknown[] = [],
  passes: readonly unknown[] = [],
  more: More = {},
) => make(path, broken, passes, more);

/** A customer-managed key's ARN, for compliant cases. */
export const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/4f1c9a52-6b0e-4b1d-9e7a-2d5c8f0a3b61";
