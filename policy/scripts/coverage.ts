import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { LevelTable } from "../lib/environment";
import { type Rule } from "../lib/rule";
import { rules } from "../rules";

/**
 * Properties by type, as `module.Type`, several with a comma between them; `*` is any type. Without indices, and inside
 * JSON text as well: `containerDefinitions.image`. `@` stands before what is no property: an option of the resource
 * (`@protect`), its provider's inputs (`@provider.region`), and that it is there at all (`@needed`, `@added`).
 */
export type Properties = Readonly<Record<string, readonly string[]>>;

/** Where a rule is not as its control asks. */
export interface Difference {
  /** Properties of the control that the rule does not judge. */
  readonly at?: Properties;
  /** The rule that judges them. */
  readonly rule?: string;
  /** Levels of the rule, where they are others than the control's. */
  readonly levels?: LevelTable;
  /** What is different where neither says it. */
  readonly what?: string;
  readonly why: string;
}

/** What can be checked of AWS, and by which rules of which packs it is. */
export interface Control {
  /** Also the name of the rule that checks it. */
  readonly control: string;
  /** What it asks for in dev, stg and prod. */
  readonly levels: LevelTable;
  readonly properties: Properties;
  readonly differs?: readonly Difference[];
  readonly awsguard?: readonly string[];
  readonly compliancePolicies?: true;
  readonly cdkNag?: readonly string[];
  readonly checkov?: readonly string[];
  readonly fsbp?: readonly string[];
  /** Controls of Security Hub that are perhaps in another standard than FSBP. */
  readonly securityHub?: readonly string[];
}

interface Controls {
  readonly sections: readonly { readonly title: string; readonly controls: readonly Control[] }[];
}

export const coverageFile = join(__dirname, "../COVERAGE.md");
export const { sections } = JSON.parse(readFileSync(join(__dirname, "../controls.json"), "utf8")) as Controls;

/** Rules for what no list of controls has. */
export const oursAlone: readonly string[] = [
  "data-residency",
  "db-security-groups",
  "gpu-instance-ack",
  "ignored-changes",
];

type Column = readonly [title: string, cell: (control: Control) => string];

const list = (ids: readonly string[] = []): string => ids.join(", ");
const columns: readonly Column[] = [
  ["this pack", ({ control }) => (ruleOf(control) === undefined ? "" : "yes")],
  ["awsguard", ({ awsguard }) => list(awsguard)],
  ["compliance-policies", ({ compliancePolicies }) => (compliancePolicies === true ? "yes" : "")],
  ["cdk-nag", ({ cdkNag }) => list(cdkNag)],
  ["Checkov", ({ checkov }) => list(checkov)],
  ["FSBP", ({ fsbp = [], securityHub = [] }) => list([...fsbp, ...securityHub.map((id) => `${id}†`)])],
];

function ruleOf(control: string): Rule | undefined {
  return rules.find(({ name }) => name === control);
}

/** The table of controls, as policy/COVERAGE.md. */
export function coverage(): string {
  const all = sections.flatMap(({ controls }) => controls);
  const counts = columns.map(([, cell]) => all.filter((control) => cell(control) !== "").length);
  const own = rules.filter(({ name }) => oursAlone.includes(name));
  return [
    "# Coverage",
    "",
    `${all.length} controls of AWS, and the rules that check them. [\`npx ts-node policy/scripts/readme.ts\`](scripts/coverage.ts) writes this page`,
    "from the rules and from [`controls.json`](controls.json), which names what the others call theirs.",
    "",
    ...note,
    "",
    ...table(["", ...columns.map(([title]) => title)], [[`of ${all.length} controls`, ...counts.map(String)]]),
    ...sections.flatMap(({ title, controls }) => [
      `## ${title}`,
      "",
      ...table(["control", ...columns.map(([name]) => name)], controls.map(row)),
    ]),
    "## Where a rule is not as its control",
    "",
    "A control names properties and levels (`controls.json`); a rule does what it says, with these differences. A test compares the two.",
    "",
    ...all.flatMap(({ control, levels, differs = [] }) =>
      differs.map((difference) => `- \`${control}\`: ${told(difference, levels)}. Reason: ${difference.why}.`),
    ),
    "",
    "## Checked by this pack alone",
    "",
    "Found in none of the lists above.",
    "",
    ...own.map(({ name, info }) => `- \`${name}\`: ${info.description}`),
    "",
  ].join("\n");
}

const note = [
  "The list is this pack's own choice, about the services that a web and data platform uses: the others check much that is not on it. An id stands",
  "where the other rule looks at the same property, not where it is as strict: many see one resource type of several, none has levels per environment.",
  "Read in: awsguard 4355f3b (2024-06), pulumi/compliance-policies 712a901 (2025-05), cdk-nag ca6d1b5 (all its packs; ids of AwsSolutions carry its",
  "prefix), Checkov 3.3.30, AWS Foundational Security Best Practices (FSBP) of late 2025. † is a control of Security Hub that may belong to another of",
  "its standards.",
];

function told({ at = {}, rule, levels, what }: Difference, asked: LevelTable): string {
  const properties = Object.entries(at).map(([types, paths]) => {
    const names = paths.map((path) => (path.startsWith("@") ? "that it is there" : `\`${path}\``));
    return `${names.join(", ")} of ${types}`;
  });
  const judged = rule === undefined ? "is not judged" : `is judged by \`${rule}\``;
  return [
    ...(properties.length > 0 ? [`${properties.join("; ")} ${judged}`] : []),
    ...(levels === undefined ? [] : [`levels ${levels} in place of ${asked}`]),
    ...(what === undefined ? [] : [what]),
  ].join("; ");
}

function row(control: Control): string[] {
  const what = ruleOf(control.control)?.info.description ?? "";
  return [`\`${control.control}\`: ${what}`, ...columns.map(([, cell]) => cell(control))];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const body = [line(head), line(head.map(() => "---")), ...rows.map(line)];
  return ["<!-- prettier-ignore-start -->", "", ...body, "", "<!-- prettier-ignore-end -->", ""];
}
