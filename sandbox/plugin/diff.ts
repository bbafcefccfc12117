import { isReplacing } from "../schema/replaces";
import { isMap, type Value, type Values } from "../values";

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  readonly kind: ChangeKind;
  readonly replace: boolean;
}

/** What differs between the inputs of then and of now, by property path. */
export type Changes = ReadonlyMap<string, Change>;

function step(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function walk(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  found: (p: string, k: ChangeKind) => void,
): void {
  if (before === after) return;
  if (before === undefined || after === undefined) {
    found(path, before === undefined ? "add" : "delete");
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++) walk(`${path}[${i}]`, before[i], after[i], found);
  } else if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(step(path, key), before[key], after[key], found);
    }
  } else {
    found(path, "update");
  }
}

/** The change of an unknown value counts as a change, as it does for the real provider. */
export function diff(type: string, before: Values, after: Values): Changes {
  const changes = new Map<string, Change>();
  for (const property of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (property === "__defaults") continue;
    walk(property, before[property], after[property], (path, kind) => {
      changes.set(path, { kind, replace: isReplacing(type, path) });
    });
  }
  return changes;
}
