import { type ChangeKind } from "../diff/types";
import { type Plan } from "../run";

/** What a change makes of a component, the gravest first; `lost` where data would go with it. */
export const marks = ["lost", "changed", "created"] as const;
export type Mark = (typeof marks)[number];

const ofKind: Readonly<Record<ChangeKind, Mark>> = {
  create: "created",
  update: "changed",
  replace: "changed",
  move: "changed",
  delete: "changed",
};

/** The mark of each resource that changes. */
export function resourceMarks({ diff }: Plan): Map<string, Mark> {
  return new Map(
    (diff?.changes ?? []).map(({ urn, kind, danger }) => [urn, danger === undefined ? ofKind[kind] : "lost"]),
  );
}

/** The gravest that happens to each component; `owner` says whose a resource is. */
export function componentMarks({ resources, diff }: Plan, owner: (urn: string) => string): Map<string, Mark> {
  const created = new Set((diff?.changes ?? []).filter(({ kind }) => kind === "create").map(({ urn }) => urn));
  const old = new Set(resources.filter(({ urn, custom }) => custom && !created.has(urn)).map(({ urn }) => owner(urn)));
  const found = new Map<string, Mark>();
  for (const { kind, component, urn, danger } of diff?.changes ?? []) {
    const at = owner(component === "" ? urn : component);
    // One more resource changes a component that was there.
    const plain = kind === "create" && old.has(at) ? "changed" : ofKind[kind];
    const mark = danger === undefined ? plain : "lost";
    const known = found.get(at);
    if (known === undefined || marks.indexOf(mark) < marks.indexOf(known)) found.set(at, mark);
  }
  return found;
}
