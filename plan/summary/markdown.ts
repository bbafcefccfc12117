import { sentenceOf } from "../../cost/delta";
import { money } from "../../cost/money";
import { accessMatrix } from "../access/matrix";
import { newsOf, principalOf, seen, wayOf } from "../access/render";
import { dangers } from "../diff/compare";
import { byComponent, common, countsLine, marks, propertyLines, verbs } from "../diff/render";
import { type PlanDiff, type ResourceChange } from "../diff/types";
import { type Violation } from "../policy/findings";
import { cell, cut, folded, table } from "../report/markdown-parts";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { mermaid } from "../picture/mermaid";

/** Rows of new reach that a comment shows; the terminal and the JSON have them all. */
const mostReach = 20;

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** What loses data, before all else. */
function dangerLines(diff: PlanDiff): string[] {
  const found = dangers(diff);
  if (found.length === 0) return [];
  const count = `${found.length} stateful ${found.length === 1 ? "resource" : "resources"} would be replaced or deleted`;
  const lines = found.flatMap(({ name, type, kind, danger, properties }) => [
    `> - ${code(name)} (${type}) is **${verbs[kind]}**, and ${danger?.loses ?? ""} with it`,
    ...propertyLines(properties.filter(({ replaces }) => replaces)).map(({ text }) => `>   - ${code(text)}`),
    ...(danger?.waysOut ?? []).map((way) => `>   - ${way}`),
  ]);
  return ["> [!CAUTION]", `> **${count}**`, ">", ...lines, ""];
}

function reachLines(diff: PlanDiff): string[] {
  const { shown, others } = seen(diff.reach);
  if (diff.reach.length === 0) return [];
  const rows = shown.slice(0, mostReach).map((each) => {
    const { reach } = each;
    const wide = reach.wide ? "**by a wide statement**" : "";
    return [code(principalOf(reach)), code(reach.target.name), cell(newsOf(each)), cell(wayOf(reach)), wide];
  });
  const more = others + Math.max(0, shown.length - mostReach);
  return [
    "### New reach",
    "",
    ...(rows.length === 0 ? [] : [...table(["who", "data", "may now", "way", ""], rows), ""]),
    ...(more === 0 ? [] : [`and ${more} more, most of them on no data.`, ""]),
  ];
}

function changeLines({ kind, name, type, properties }: ResourceChange): string[] {
  return [
    `${marks[kind].padEnd(2)} ${name} (${type})`,
    ...propertyLines(properties).map(({ text, replaces }) => `     ${text}${replaces ? "   replaces it" : ""}`),
  ];
}

/** Changes by component, folded: the counts above say whether one wants to look. */
function changes(diff: PlanDiff): string[] {
  const alike = common(diff.changes);
  const told = new Set(alike.flat());
  const groups = byComponent(diff.changes.filter((change) => !told.has(change)));
  const lines = [
    ...groups.flatMap(([component, some]) => [
      `# ${component === "" ? "outside components" : `${nameOf(component)} (${typeOf(component)})`}`,
      ...some.flatMap(changeLines),
    ]),
    ...alike.flatMap((group) => [
      `# ${group.length} resources alike, such as ${group[0]?.name ?? ""}`,
      ...propertyLines(group[0]?.properties ?? []).map(({ text }) => `~  ${text}`),
    ]),
  ];
  return lines.length === 0 ? [] : folded("Changes by component", ["````text", ...lines, "````"]);
}

function findingRows(violations: readonly Violation[]): string[][] {
  return violations.map(({ level, policy, urn, message }) => {
    return [level === "mandatory" ? `**${level}**` : level, code(policy), code(nameOf(urn)), cell(message)];
  });
}

/** Findings with what to set: those that the change brings, and all mandatory ones. */
function findings({ violations, diff, summary }: Plan): string[] {
  const come = diff?.findings.come ?? [];
  const same = (a: Violation, b: Violation): boolean =>
    a.policy === b.policy && a.urn === b.urn && a.message === b.message;
  const stay = violations.filter((each) => each.level === "mandatory" && !come.some((other) => same(each, other)));
  const shown = diff === undefined ? violations : [...come, ...stay];
  const gone = diff?.findings.gone.length ?? 0;
  const [known, cured] = [violations.length - shown.length, gone === 0 ? [] : [`${gone} cured`]];
  const counts = [`${summary.mandatory} mandatory`, `${summary.advisory} advisory`, ...cured].join(", ");
  return [
    `### Policies: ${counts}`,
    "",
    ...(shown.length === 0
      ? []
      : [...table(["level", "rule", "resource", "what, and what to set"], findingRows(shown)), ""]),
    ...(known === 0 ? [] : [`${known} advisory that were there before.`, ""]),
  ];
}

function cost({ cost: estimate, stack }: Plan): string[] {
  if (estimate === undefined) return [];
  const { total, delta, budgets } = estimate;
  const sentence = delta === undefined ? "" : `, ${sentenceOf(delta, stack)}`;
  const over = budgets.filter(({ verdict }) => verdict !== "within");
  return [
    `### Cost: about ${money(total.all.expected)} USD a month${sentence}`,
    "",
    ...over.map(({ name, limitUsd, verdict }) => `- budget ${code(name)} of ${money(limitUsd)} USD: **${verdict}**`),
    ...(over.length === 0 ? [] : [""]),
    ...folded(
      "By component",
      delta === undefined || delta.components.length === 0
        ? []
        : table(
            ["component", "USD a month, expected"],
            delta.components.map(({ name, all }) => [
              code(name),
              `${all.expected > 0 ? "+" : ""}${money(all.expected)}`,
            ]),
          ),
    ),
  ];
}

/** A plan for a pull request, short: what would be lost, what changes, who may do more, what the policies say, the picture. */
export function reviewMarkdown(plan: Plan): string {
  const { project, stack, diff, summary } = plan;
  const matrix = plan.access ?? accessMatrix(plan);
  const head = diff === undefined ? `${summary.resources} resources` : `${countsLine(diff)}, against ${diff.against}`;
  const diffLines = diff === undefined ? [] : [...dangerLines(diff), ...reachLines(diff), ...changes(diff)];
  return cut([
    `## ${project}/${stack}`,
    "",
    `${diff?.isNew === true ? "A new stack: " : ""}${head}.`,
    "",
    ...diffLines,
    ...findings(plan),
    ...cost(plan),
    ...folded("Picture: who works on whose data", ["```mermaid", ...mermaid(plan, matrix), "```"]),
  ]);
}
