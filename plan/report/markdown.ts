import { type PolicyReport, type Violation } from "../policy/findings";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { cell, cut, folded, table } from "./markdown-parts";
import { totals } from "./totals";

function resource(urn: string): string {
  return `\`${nameOf(urn)}\` (${typeOf(urn)})`;
}

function findings(plan: Plan, level: "mandatory" | "advisory"): string[] {
  const found = plan.violations.filter((violation) => violation.level === level);
  if (found.length === 0) return [];
  const row = ({ policy, urn, message }: Violation): string[] => {
    const about = plan.policies.find(({ name }) => name === policy);
    return [ruleOf(policy, about), about?.severity ?? "", resource(urn), cell(message)];
  };
  const title = level === "mandatory" ? "Mandatory: they stop an update" : "Advisory";
  return [`### ${title}`, "", ...table(["rule", "severity", "resource", "what, and what to set"], found.map(row)), ""];
}

function ruleOf(policy: string, about: PolicyReport | undefined): string {
  const name = about?.url === undefined ? `\`${policy}\`` : `[\`${policy}\`](${about.url})`;
  return about?.framework === undefined ? name : `${name} (${about.framework.reference})`;
}

function exempted(plan: Plan): string[] {
  const rows = plan.exempted.map(({ policy, urn, message, reason, owner, expires }) => {
    return [`\`${policy}\``, resource(urn), cell(message), cell(reason), cell(owner), expires];
  });
  const head = ["rule", "resource", "finding", "reason", "owner", "until"];
  return rows.length === 0 ? [] : folded(`${rows.length} exempted`, table(head, rows));
}

function notEvaluated(plan: Plan): string[] {
  const rows = plan.notEvaluated.map(({ policy, urn, path }) => [`\`${policy}\``, resource(urn), `\`${cell(path)}\``]);
  if (rows.length === 0) return [];
  return folded(`${rows.length} not evaluated: unknown`, table(["rule", "resource", "property"], rows));
}

function steps(plan: Plan): string[] {
  const names = [...new Set(plan.violations.map(({ policy }) => policy))];
  const lines = names.flatMap((name) => {
    const step = plan.policies.find((policy) => policy.name === name)?.remediationSteps;
    return step === undefined ? [] : [`- \`${name}\`: ${step}`];
  });
  return folded("How to mend", lines);
}

/** Markdown for a pull request. What does not fit into a comment is cut at a line, and said. */
export function markdown(plan: Plan): string {
  const { mandatory, advisory, policyPack, resources } = plan.summary;
  const counts = totals(plan);
  const verdict =
    mandatory > 0 ? `**${mandatory} mandatory**, ${advisory} advisory` : `no mandatory, ${advisory} advisory`;
  const lines = [
    `## Policies: ${plan.project}/${plan.stack}`,
    "",
    policyPack === undefined ? "No policy pack." : `${verdict} findings of ${policyPack} on ${resources} resources.`,
    "",
    ...table(Object.keys(counts).map(spaced), [Object.values(counts).map(String)]),
    "",
    ...findings(plan, "mandatory"),
    ...findings(plan, "advisory"),
    ...steps(plan),
    ...exempted(plan),
    ...notEvaluated(plan),
  ];
  return cut(lines);
}

function spaced(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
