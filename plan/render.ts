import { type Value } from "../sandbox/values";
import { unknown } from "../sandbox/values";
import { diffLines } from "./diff/render";
import { type Paint } from "./paint";
import { type ExemptedFinding, type Violation } from "./policy/findings";
import { type Plan, type PlannedResource } from "./run";
import { nameOf, stackType, typeOf } from "./urn";

interface Row {
  readonly branch: string;
  readonly resource: PlannedResource;
}

/** What the tree shows: all but default providers and what belongs to someone else. */
function shown(resource: PlannedResource): boolean {
  return !(resource.type.startsWith("pulumi:providers:") && resource.parent === "");
}

function rows(resources: readonly PlannedResource[]): Row[] {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of resources.filter(shown)) {
    const siblings = children.get(resource.parent) ?? [];
    siblings.push(resource);
    children.set(resource.parent, siblings);
  }
  const walk = (parent: string, indent: string): Row[] => {
    const siblings = children.get(parent) ?? [];
    return siblings.flatMap((resource, index) => {
      const last = index === siblings.length - 1;
      const [branch, next] = parent === "" ? ["", ""] : [last ? "└─ " : "├─ ", last ? "   " : "│  "];
      return [{ branch: indent + branch, resource }, ...walk(resource.urn, indent + next)];
    });
  };
  return walk("", "");
}

function findings(violations: readonly Violation[], urn: string, paint: Paint): string {
  const count = (level: string): number => violations.filter((v) => v.urn === urn && v.level === level).length;
  const [mandatory, advisory] = [count("mandatory"), count("advisory")];
  const parts = [
    ...(mandatory > 0 ? [paint.red(`${mandatory} mandatory`)] : []),
    ...(advisory > 0 ? [paint.yellow(`${advisory} advisory`)] : []),
  ];
  return parts.join(", ");
}

function tree(plan: Plan, paint: Paint): string[] {
  const lines = rows(plan.resources);
  const width = Math.max(...lines.map(({ branch, resource }) => branch.length + resource.type.length), 4);
  const table = lines.map(({ branch, resource }) => {
    const padding = " ".repeat(width - branch.length - resource.type.length);
    const name = resource.custom ? resource.name : paint.bold(resource.name);
    const found = findings(plan.violations, resource.urn, paint);
    return ` ${paint.dim(branch)}${resource.type}${padding}  ${name}${found === "" ? "" : `  ${found}`}`;
  });
  return [paint.bold(` ${"Type".padEnd(width)}  Name`), ...table];
}

function printed(value: Value): string {
  if (value === unknown) return "[unknown]";
  if (typeof value === "string") return JSON.stringify(value);
  return JSON.stringify(value).replaceAll(`"${unknown}"`, "[unknown]");
}

function outputs(plan: Plan, paint: Paint): string[] {
  const entries = Object.entries(plan.outputs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([key]) => key.length));
  const lines = entries.map(([key, value]) => {
    const text = value === "[secret]" ? value : printed(value);
    return `    ${key.padEnd(width)}: ${text}`;
  });
  return ["", paint.bold("Outputs:"), ...lines];
}

/** Findings by rule, mandatory ones first; each with its resource and with what to set. */
export function violationLines(violations: readonly Violation[], paint: Paint): string[] {
  const lines: string[] = [];
  for (const level of ["mandatory", "advisory"] as const) {
    const found = violations.filter((violation) => violation.level === level);
    for (const policy of [...new Set(found.map((violation) => violation.policy))].sort()) {
      const colour = level === "mandatory" ? paint.red : paint.yellow;
      lines.push(`    ${colour(`[${level}]`)} ${paint.bold(policy)}`);
      for (const { urn, message } of found.filter((violation) => violation.policy === policy)) {
        lines.push(`        ${nameOf(urn)} (${typeOf(urn)})`, `          ${paint.dim(urn)}`);
        lines.push(...message.split("\n").map((line) => `          ${line}`));
      }
    }
  }
  return lines;
}

function policies({ summary, violations, exempted }: Plan, paint: Paint): string[] {
  if (summary.policyPack === undefined) {
    return ["", paint.bold("Policies:"), "    no policy pack (no folder policy/ with a PulumiPolicy.yaml)"];
  }
  const pack = `${summary.policyPack}, ${summary.policies} policies`;
  const remedies = summary.remediations.map(
    ({ policy, urn }) => `    ${paint.green("[remediated]")} ${policy}: ${nameOf(urn)} (${typeOf(urn)})`,
  );
  const lines = [...remedies, ...violationLines(violations, paint), ...exemptedLines(exempted, paint)];
  const total = violations.length === 0 ? paint.green("no violation") : counted(summary.mandatory, summary.advisory);
  const more = [
    ...(summary.exempted > 0 ? [`${summary.exempted} exempted`] : []),
    ...(summary.notEvaluated > 0 ? [`${summary.notEvaluated} properties unknown, not evaluated`] : []),
  ];
  return ["", `${paint.bold("Policies")} (${pack}): ${[total, ...more].join(", ")}`, ...lines];
}

function exemptedLines(exempted: readonly ExemptedFinding[], paint: Paint): string[] {
  return exempted.flatMap(({ policy, urn, message, reason, owner, expires }) => [
    `    ${paint.dim("[exempted]")} ${paint.bold(policy)}: ${nameOf(urn)} (${typeOf(urn)})`,
    `          ${message}`,
    `          until ${expires} by ${owner}: ${reason}`,
  ]);
}

function counted(mandatory: number, advisory: number): string {
  return `${mandatory} mandatory, ${advisory} advisory`;
}

/** The plan as `pulumi preview` prints it; compared with another, what differs in place of the tree. */
export function render(plan: Plan, paint: Paint): string {
  const { summary, diff } = plan;
  const mode = summary.asPreview ? ", what only the cloud knows left unknown" : "";
  const others = summary.resources - summary.components - plan.resources.filter((r) => r.type === stackType).length;
  const lines = [
    `Planning ${paint.bold(plan.stack)} (${plan.project})${mode}:`,
    ...(diff === undefined ? [...tree(plan, paint), ...outputs(plan, paint)] : diffLines(diff, paint)),
    ...policies(plan, paint),
    "",
    paint.bold("Resources:"),
    `    ${summary.resources} resources (${others} in the cloud, ${summary.components} components, the stack)`,
    "",
    `Duration: ${(summary.milliseconds / 1000).toFixed(1)}s`,
  ];
  return `${lines.join("\n")}\n`;
}
