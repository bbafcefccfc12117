import { type Permission, type Reach } from "./types";

/** What someone can reach who could not before. */
export interface NewReach {
  readonly reach: Reach;
  /** Actions that are new, or that a condition no longer stands before. */
  readonly actions: readonly string[];
  /** What the new actions still depend on. */
  readonly conditions: readonly string[];
  /** There was no way through the network. */
  readonly path: boolean;
}

function keyOf({ principal, target }: Reach, renamed: ReadonlyMap<string, string>): string {
  const name = (urn: string): string => renamed.get(urn) ?? urn;
  return `${name(principal.id)}\n${target.urn === "" ? target.name : name(target.urn)}`;
}

/** Whether an action was allowed under the same conditions, or under fewer. */
function wasAllowed(action: string, conditions: readonly string[], before: readonly Permission[]): boolean {
  return before.some(
    (old) => old.actions.includes(action) && old.conditions.every((condition) => conditions.includes(condition)),
  );
}

/** Compares two matrices; `renamed` gives today's URN of a moved resource. */
export function newReach(
  before: readonly Reach[],
  after: readonly Reach[],
  renamed: ReadonlyMap<string, string>,
): NewReach[] {
  const then = new Map(before.map((reach) => [keyOf(reach, renamed), reach]));
  return after.flatMap((reach): NewReach[] => {
    const old = then.get(keyOf(reach, new Map()));
    const fresh = reach.permissions.flatMap(({ actions, conditions }) => {
      const come = actions.filter((action) => !wasAllowed(action, conditions, old?.permissions ?? []));
      return come.length === 0 ? [] : [{ actions: come, conditions }];
    });
    const actions = [...new Set(fresh.flatMap((permission) => permission.actions))].sort();
    const conditions = [...new Set(fresh.flatMap((permission) => permission.conditions))];
    const path = reach.path !== undefined && old?.path === undefined;
    return actions.length > 0 || path ? [{ reach, actions, conditions, path }] : [];
  });
}
