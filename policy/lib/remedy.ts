import { UnknownValueError } from "@pulumi/policy";

import type { Value } from "./value";

type Path = readonly (string | number)[];

/** A property to set, and to what. */
export type Change = readonly [path: Path, value: string | number | boolean];

/** What a cure may look at. */
export interface Patient {
  readonly urn: string;
  readonly props: Value;
  readonly provider: Value;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What to set where a finding is: a value, or changes that depend on the resource. */
type Cure = string | number | boolean | ((patient: Patient) => readonly Change[]);

/**
 * Cures by the place of the finding, as the rule reports it, with `[]` for any index. Only what AWS changes in place and
 * what costs nobody a decision: never a property that replaces the resource, never a choice of key, network or name.
 */
export type Remedy = Readonly<Record<string, Cure>>;

/** The changes that cure a finding; none where it has no cure. */
export function curesOf(remedy: Remedy, path: string, patient: Patient): readonly Change[] {
  const cure = remedy[path.replace(/\[\d+\]/g, "[]")];
  if (cure === undefined) return [];
  return typeof cure === "function" ? cure(patient) : [[keysOf(path), cure]];
}

/** `replicas[0].pointInTimeRecovery`, as a list of keys. */
function keysOf(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => key ?? Number(index));
}

type Container = Record<string | number, unknown>;

/**
 * Sets one property of a resource where it stands: a copy would lose the secrecy of what is secret and fail at what is
 * unknown. Answers whether anything changed; what is unknown stays as it is.
 */
export function put(props: object, [path, value]: Change): boolean {
  try {
    let at = props as Container;
    for (const key of path.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Container;
    }
    const last = path.at(-1) ?? "";
    if (at[last] === value) return false;
    at[last] = value;
    return true;
  } catch (error) {
    if (error instanceof UnknownValueError) return false;
    throw error;
  }
}
