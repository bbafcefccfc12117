#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import { rules } from "../rules";
import { type Exemption, faultsOfExemption } from "./exemptions";
import { dayItself } from "./settings";

// The mandatory findings of a run as exemptions. What is found later is refused; what is mended is reported as an
// exemption that matches nothing.

const usage = `usage: kiban-baseline FILE --reason TEXT --owner WHO --expires DATE > exemptions.yaml
FILE: what \`pulumi preview --json\` printed under PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1, the plan's --json or its
.json report; - for the standard input`;

/** The command was not given what it needs, or something else than a run. */
export class BaselineError extends Error {}

export interface Finding {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
}

/** An event of the engine, of which those about policies count. */
interface Event {
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
  };
}

/** The findings that a plan, a report or the engine's events hold. */
export function findingsIn(text: string): Finding[] {
  try {
    if (!text.trimStart().startsWith('{"sequence"')) {
      const { violations } = JSON.parse(text) as { violations: Finding[] };
      return violations.map(({ policy, level, urn }) => ({ policy, level, urn }));
    }
    const events = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [JSON.parse(line) as Event]));
    return events.flatMap(({ policyEvent: event }) =>
      event === undefined
        ? []
        : [{ policy: event.policyName, level: event.enforcementLevel, urn: event.resourceUrn ?? "" }],
    );
  } catch {
    throw new BaselineError(`there are no findings to read: it is neither a plan nor the engine's events\n${usage}`);
  }
}

/** One exemption for each rule and resource, in the order of the findings. Throws on what the pack would refuse. */
export function baseline(
  findings: readonly Finding[],
  common: Pick<Exemption, "reason" | "owner" | "expires">,
  today = dayItself(),
): string {
  const names = rules.map(({ name }) => name);
  const found = findings.filter(({ level, policy, urn }) => level === "mandatory" && names.includes(policy) && urn);
  const entries = new Map(
    found.map(({ policy, urn }) => [`${policy} ${urn}`, { rule: policy, resource: anyVersion(urn), ...common }]),
  );
  const [first] = entries.values();
  // What is common to all is wrong with each.
  const faults = first === undefined ? [] : faultsOfExemption(first, "the baseline", names, today);
  if (faults.length > 0) throw new BaselineError([...faults, usage].join("\n"));
  return stringify([...entries.values()], { lineWidth: 0 });
}

/** A default provider is called by its version: it is the same one after an upgrade. */
function anyVersion(urn: string): string {
  return urn.replace(/(::pulumi:providers:[^:]+::default)_[0-9_]+$/, "$1_*");
}

function given(args: readonly string[]) {
  const text = { type: "string", default: "" } as const;
  const options = { reason: text, owner: text, expires: text };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new BaselineError(`${(error as Error).message}\n${usage}`);
  }
}

function main(args: readonly string[]): string {
  const { values, positionals } = given(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new BaselineError(usage);
  return baseline(findingsIn(readFileSync(file === "-" ? 0 : file, "utf8")), values);
}

if (require.main === module) {
  try {
    process.stdout.write(main(process.argv.slice(2)));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = error instanceof BaselineError ? 2 : 1;
  }
}
