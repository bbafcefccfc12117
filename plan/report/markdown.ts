import { type PolicyReport, type Violation } from "../policy/findings";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { totals } from "./totals";

/** GitHub takes 65,536 characters in a comment. */
const mostCharacters = 60_000;

/** Text inside a table: no line break, no column, no HTML. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

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

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
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

function cut(lines: readonly string[]): string {
  let length = 0;
  const end = lines.findIndex((line) => (length += line.length + 1) > mostCharacters);
  if (end === -1) return `${lines.join("\n").trimEnd()}\n`;
  const kept = lines.slice(0, end);
  const open = kept.filter((line) => line === "<details>").length > kept.filter((line) => line === "</details>").length;
  return [...kept, ...(open ? ["", "</details>"] : []), "", `... and ${lines.length - end} more lines`, ""].join("\n");
}
