import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A statement of a policy, as far as the question needs it: may this be done on that? */
export interface Ruling {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: object;
}

export function rulingsOf(policy: unknown): Ruling[] {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: Ruling | Ruling[] };
  return [document.Statement].flat();
}

const listed = (value: string | readonly string[]): readonly string[] => [value].flat();
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  ).test(text);

/** Whether a statement is about an action on a resource, its conditions left aside. */
const about = ({ Action, Resource, NotResource }: Ruling, action: string, on: string): boolean =>
  listed(Action).some((pattern) => fits(pattern, action)) &&
  (Resource !== undefined
    ? listed(Resource).some((pattern) => fits(pattern, on))
    : !listed(NotResource ?? []).some((pattern) => fits(pattern, on)));

/** Whether the policy denies it, should the conditions of its denials be met. */
export const denied = (policy: readonly Ruling[], action: string, on = "*"): boolean =>
  policy.some((statement) => statement.Effect === "Deny" && about(statement, action, on));

/** Whether the policy allows it, should the conditions of what it allows be met; a denial counts apart. */
export const granted = (policy: readonly Ruling[], action: string, on: string): boolean =>
  policy.some((statement) => statement.Effect === "Allow" && about(statement, action, on));

/** What decides about a role's requests. */
export interface Rights {
  /** Every policy of the role, AWS's own among them. */
  readonly policies: readonly Ruling[];
  readonly boundary: readonly Ruling[];
}

/**
 * What IAM answers a role that has a boundary, within its account: its policies allow it, so does the boundary, and neither denies it.
 * Conditions are left aside: whatever they could let through or stop counts as that.
 */
export const mayDo = ({ policies, boundary }: Rights, action: string, on = "*"): boolean =>
  granted(policies, action, on) &&
  granted(boundary, action, on) &&
  !denied(policies, action, on) &&
  !denied(boundary, action, on);

/** AWS's policy ReadOnlyAccess, of the services that the boundary leaves (extract.py). */
export function readOnlyAccess(): Ruling[] {
  const { actions } = JSON.parse(readFileSync(join(__dirname, "read-only-access.json"), "utf8")) as {
    actions: Readonly<Record<string, string>>;
  };
  return Object.entries(actions).map(([service, names]) => ({
    Effect: "Allow",
    Resource: "*",
    Action: names.split(" ").map((name) => `${service}:${name}`),
  }));
}
