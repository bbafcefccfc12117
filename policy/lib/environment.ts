/** The environments that levels are given for, from the least to the most strict. */
export const environments = ["dev", "stg", "prod"] as const;
export type Environment = (typeof environments)[number];

/** What a rule does in one environment. `remediate` reports as advisory until the rule has a remediation. */
export type Level = "mandatory" | "advisory" | "remediate" | "disabled";

/** M mandatory, A advisory, R remediate, 0 off. */
type Letter = "M" | "A" | "R" | "0";

/** Levels in dev, stg and prod, as the table in the README writes them: `A/M/M`. */
export type LevelTable = `${Letter}/${Letter}/${Letter}`;

const meaning: Readonly<Record<Letter, Level>> = { M: "mandatory", A: "advisory", R: "remediate", "0": "disabled" };

export function levelIn(table: LevelTable, environment: Environment): Level {
  return meaning[table.split("/")[environments.indexOf(environment)] as Letter];
}

/** The stack's segment of a URN: `urn:pulumi:<stack>::<project>::...`. */
export function stackOf(urn: string): string {
  // `getStack()` is "stack" under `pulumi policy analyze`, and a process may serve several stacks.
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

/** The environment of a stack: as the map says, else by its own name, else prod, the strictest. */
export function environmentOf(urn: string, map: Readonly<Record<string, Environment>> = {}): Environment {
  const stack = stackOf(urn);
  return map[stack] ?? environments.find((environment) => environment === stack) ?? "prod";
}
