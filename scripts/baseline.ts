import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import type { Plan } from "../plan/run";
import { UsageError } from "../plan/usage";
import { type Exemption, faultsOfExemption } from "../policy/lib/exemptions";
import { dayItself } from "../policy/lib/settings";
import { rules } from "../policy/rules";
import { command } from "./command";

// `npm run baseline -- PLAN.json --reason TEXT --owner WHO --expires DATE`: the mandatory findings of a plan as
// exemptions, for policy/exemptions.yaml. What is found later is refused; what is mended is reported as an
// exemption that matches nothing.

const usage =
  "usage: npm run -s baseline -- PLAN.json --reason TEXT --owner WHO --expires DATE > policy/exemptions.yaml";

/** One exemption for each rule and resource, in the order of the findings. Throws on what the pack would refuse. */
export function baseline(
  violations: Plan["violations"],
  common: Pick<Exemption, "reason" | "owner" | "expires">,
  today = dayItself(),
): string {
  const names = rules.map(({ name }) => name);
  const found = violations.filter(({ level, policy }) => level === "mandatory" && names.includes(policy));
  const entries = new Map(
    found.map(({ policy, urn }) => [`${policy} ${urn}`, { rule: policy, resource: urn, ...common }]),
  );
  const [first] = entries.values();
  // What is common to all is wrong with each.
  const faults = first === undefined ? [] : faultsOfExemption(first, "the baseline", names, today);
  if (faults.length > 0) throw new UsageError([...faults, usage].join("\n"));
  return stringify([...entries.values()], { lineWidth: 0 });
}

function given(args: readonly string[]) {
  const text = { type: "string", default: "" } as const;
  const options = { reason: text, owner: text, expires: text };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

command(module, async (args) => {
  const { values, positionals } = given(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError(usage);
  const { violations } = JSON.parse(readFileSync(file, "utf8")) as Plan;
  process.stdout.write(baseline(violations, values));
  return Promise.resolve();
});
