import { isMap, type Value } from "../../sandbox/values";
import { isPolicy, policyDifferences } from "./policies";

/** One difference between two values; a side is absent where the property was not there. */
export interface Difference {
  /** Property path: `policy.Statement[0].Action`; what a list names by key in brackets, `[api]`. */
  readonly path: string;
  readonly before?: Value;
  readonly after?: Value;
}

/** Text that stands for a structure, such as an IAM policy or container definitions. */
function structured(value: Value | undefined): Value | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

/** The same text for values that are equal whatever the order of their keys. */
export function canonical(value: Value): string {
  return JSON.stringify(value, (_, part: Value) =>
    isMap(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

export function change(path: string, before: Value | undefined, after: Value | undefined): Difference {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function step(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

const keys = ["name", "Name", "id", "Id", "key", "Sid"] as const;

/** The items of a list by what names them, where all are named, and differently. */
function named(list: readonly Value[]): Map<string, Value> | undefined {
  const key = keys.find((candidate) => list.every((item) => isMap(item) && typeof item[candidate] === "string"));
  if (key === undefined || list.length === 0) return undefined;
  const items = new Map(list.map((item) => [(item as Record<string, string>)[key] ?? "", item]));
  return items.size === list.length ? items : undefined;
}

/** What is in `list` beyond what is in `other`, each as often as it is there. */
function beyond(list: readonly Value[], other: readonly Value[]): Value[] {
  const left = new Map<string, number>();
  for (const item of other.map(canonical)) left.set(item, (left.get(item) ?? 0) + 1);
  return list.filter((item) => {
    const count = left.get(canonical(item)) ?? 0;
    left.set(canonical(item), count - 1);
    return count <= 0;
  });
}

function listDifferences(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  loose: boolean,
): Difference[] {
  const [then, now] = [named(before), named(after)];
  if (then !== undefined && now !== undefined) {
    const found = [...new Set([...then.keys(), ...now.keys()])].flatMap((key) =>
      walk(`${path}[${key}]`, then.get(key), now.get(key), loose),
    );
    const common = [...then.keys()].filter((key) => now.has(key));
    const moved = common.join("\n") !== [...now.keys()].filter((key) => then.has(key)).join("\n");
    return moved && !loose ? [...found, change(path, [...then.keys()], [...now.keys()])] : found;
  }
  const [gone, come] = [beyond(before, after), beyond(after, before)];
  if (gone.length === 0 && come.length === 0) return [change(path, [...before], [...after])];
  if (gone.length === come.length && gone.every(isMap) && come.every(isMap)) {
    return gone.flatMap((item, i) => walk(`${path}[${before.indexOf(item)}]`, item, come[i], loose));
  }
  return [
    ...gone.map((item) => change(`${path}[]`, item, undefined)),
    ...come.map((item) => change(`${path}[]`, undefined, item)),
  ];
}

function walk(path: string, before: Value | undefined, after: Value | undefined, loose: boolean): Difference[] {
  if (before === after) return [];
  if (before === undefined || after === undefined) return [change(path, before, after)];
  const [then, now] = [structured(before), structured(after)];
  // ECS sorts containers, their variables and their secrets by name before it compares (terraform-provider-aws,
  // `internal/service/ecs/task_definition_equivalency.go`); in other documents a named list is looked up by name too.
  if (then !== undefined && now !== undefined) return walk(path, then, now, true);
  if (isMap(before) && isMap(after)) {
    if (isPolicy(before) && isPolicy(after)) return policyDifferences(path, before, after);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      walk(step(path, key), before[key], after[key], loose),
    );
  }
  if (canonical(before) === canonical(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(path, before, after, loose);
  return [change(path, before, after)];
}

/** What differs between two values; documents in JSON are compared by what they say. */
export function differences(path: string, before: Value | undefined, after: Value | undefined): Difference[] {
  return walk(path, before, after, false);
}
