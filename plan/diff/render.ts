import { type Value } from "../../sandbox/values";
import { unknown } from "../../sandbox/values";
import { newReachLines } from "../access/render";
import { type Paint } from "../paint";
import { nameOf, typeOf } from "../urn";
import { dangers } from "./compare";
import { type ChangeKind, type PlanDiff, type PropertyChange, type ResourceChange } from "./types";

/** Pulumi's marks. */
export const marks: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "+-",
  move: ">",
  delete: "-",
};
export const verbs: Readonly<Record<ChangeKind, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  move: "moved",
  delete: "deleted",
};
const kinds = Object.keys(marks) as ChangeKind[];
const longest = 110;
/** Items of a list that one line shows. */
const mostListed = 8;
/** Of a long text, how much is shown before the first difference. */
const lead = 24;

/** As many as this with one and the same change are told once. */
const fewest = 4;

function text(value: Value): string {
  if (value === unknown) return "[unknown]";
  return JSON.stringify(value).replaceAll(`"${unknown}"`, "[unknown]");
}

function cut(whole: string, from: number): string {
  const start = from > lead * 2 ? from - lead : 0;
  const end = whole.length - start > longest ? start + longest : whole.length;
  return `${start > 0 ? "…" : ""}${whole.slice(start, end)}${end < whole.length ? "…" : ""}`;
}

function listed(values: readonly (Value | undefined)[]): string {
  const shown = values.flatMap((value) => (value === undefined ? [] : [cut(text(value), 0)]));
  return (
    shown.slice(0, mostListed).join(", ") + (shown.length > mostListed ? ` and ${shown.length - mostListed} more` : "")
  );
}

/** A property's change in one line: `cpu: "256" → "512"`; items of one list that came or went together. */
function line(path: string, changes: readonly PropertyChange[]): string {
  const [first] = changes;
  if (first?.knownAfter !== undefined) return `${path}: follows the new ${nameOf(first.knownAfter)}`;
  const { before, after } = first ?? {};
  if (changes.length > 1 || before === undefined || after === undefined) {
    const [gone, come] = [listed(changes.map((c) => c.before)), listed(changes.map((c) => c.after))];
    return `${path}: ${[...(gone === "" ? [] : [`removed ${gone}`]), ...(come === "" ? [] : [`added ${come}`])].join("; ")}`;
  }
  const [then, now] = [text(before), text(after)];
  let from = 0;
  while (from < then.length && then[from] === now[from]) from++;
  const at = then.length > longest || now.length > longest ? from : 0;
  return `${path}: ${cut(then, at)} → ${cut(now, at)}`;
}

export interface PropertyLine {
  readonly text: string;
  readonly replaces: boolean;
}

/** A resource's changed properties, one line each. */
export function propertyLines(properties: readonly PropertyChange[]): PropertyLine[] {
  const byPath = new Map<string, PropertyChange[]>();
  for (const property of properties) {
    const path = property.path.replace(/\[\]$/, "");
    byPath.set(path, [...(byPath.get(path) ?? []), property]);
  }
  return [...byPath].map(([path, changes]) => ({
    text: line(path, changes),
    replaces: changes.some(({ replaces }) => replaces),
  }));
}

/** `2 created, 1 changed, 1 replaced, 40 as they were`. */
export function countsLine({ changes, unchanged }: PlanDiff): string {
  const parts = kinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${verbs[kind]}`];
  });
  return parts.length === 0
    ? `no change, ${unchanged} resources as they were`
    : [...parts, `${unchanged} as they were`].join(", ");
}

function colourOf(kind: ChangeKind, paint: Paint): (text: string) => string {
  if (kind === "create") return paint.green;
  if (kind === "delete" || kind === "replace") return paint.red;
  return kind === "update" ? paint.yellow : paint.dim;
}

function changeLines(change: ResourceChange, paint: Paint): string[] {
  const { kind, name, type, movedFrom, properties, retained } = change;
  const colour = colourOf(kind, paint);
  const moved = movedFrom === undefined ? "" : paint.dim(`  was ${nameOf(movedFrom)} (${typeOf(movedFrom)})`);
  const left = retained === true ? paint.dim("  left in AWS") : "";
  return [
    `    ${colour(marks[kind].padStart(2))} ${name}  ${paint.dim(type)}${moved}${left}`,
    ...propertyLines(properties).map((property) => {
      const why = property.replaces ? paint.red("  replaces it") : "";
      return `         ${property.text}${why}`;
    }),
  ];
}

/** Changes that many resources have in common, such as a tag's, by what changes. */
export function common(changes: readonly ResourceChange[]): ResourceChange[][] {
  const groups = new Map<string, ResourceChange[]>();
  for (const change of changes.filter(({ kind }) => kind === "update")) {
    const key = JSON.stringify(change.properties);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].filter((group) => group.length >= fewest);
}

function commonLines(group: readonly ResourceChange[], paint: Paint): string[] {
  const names = group.slice(0, 3).map(({ name }) => name);
  const [first] = group;
  return [
    `  ${paint.bold(`${group.length} resources alike`)}  ${paint.dim(`${names.join(", ")} and ${group.length - 3} more`)}`,
    ...propertyLines(first?.properties ?? []).map((property) => `     ${paint.yellow("~")} ${property.text}`),
  ];
}

/** Changes by component, in order of the components. */
export function byComponent(changes: readonly ResourceChange[]): [component: string, changes: ResourceChange[]][] {
  const groups = new Map<string, ResourceChange[]>();
  for (const change of changes) groups.set(change.component, [...(groups.get(change.component) ?? []), change]);
  return [...groups.entries()];
}

/** What would lose data, in red, with the ways round it. */
export function dangerLines(diff: PlanDiff, paint: Paint): string[] {
  const found = dangers(diff);
  if (found.length === 0) return [];
  const count = `${found.length} stateful ${found.length === 1 ? "resource" : "resources"} would be replaced or deleted:`;
  return [
    "",
    paint.bold(paint.red(count)),
    ...found.flatMap((change) => [
      `    ${paint.red(`${marks[change.kind].padStart(2)} ${paint.bold(change.name)} (${change.type})`)}`,
      `         ${paint.red(`${verbs[change.kind]}, and ${change.danger?.loses ?? ""} with it`)}`,
      ...propertyLines(change.properties.filter(({ replaces }) => replaces)).map(({ text }) => `         ${text}`),
      ...(change.danger?.waysOut ?? []).map((way) => `         ${paint.dim("-")} ${way}`),
    ]),
  ];
}

/** The comparison as the terminal shows it. */
export function diffLines(diff: PlanDiff, paint: Paint): string[] {
  const alike = common(diff.changes);
  const told = new Set(alike.flat());
  const groups = byComponent(diff.changes.filter((change) => !told.has(change)));
  const head = diff.isNew ? `Against ${diff.against}, where the stack has no file: ` : `Against ${diff.against}: `;
  return [
    paint.bold(head) + countsLine(diff),
    ...dangerLines(diff, paint),
    ...newReachLines(diff.reach, paint),
    ...(diff.changes.length === 0 ? [] : ["", paint.bold("Changes:")]),
    ...groups.flatMap(([component, changes]) => [
      `  ${component === "" ? "outside components" : `${paint.bold(nameOf(component))} ${paint.dim(typeOf(component))}`}`,
      ...changes.flatMap((change) => changeLines(change, paint)),
    ]),
    ...alike.flatMap((group) => commonLines(group, paint)),
    ...(diff.outputs.length === 0 ? [] : ["", paint.bold("Outputs:")]),
    ...propertyLines(diff.outputs).map((output) => `    ${output.text}`),
    ...findingLines(diff, paint),
  ];
}

function findingLines({ findings: { come, gone } }: PlanDiff, paint: Paint): string[] {
  if (come.length + gone.length === 0) return [];
  const told = (mark: string, { level, policy, urn }: (typeof come)[number]): string =>
    `    ${mark} [${level}] ${policy}: ${nameOf(urn)} (${typeOf(urn)})`;
  return [
    "",
    paint.bold("Findings that this change brings or cures:"),
    ...come.map((finding) => paint.red(told("+", finding))),
    ...gone.map((finding) => paint.green(told("-", finding))),
  ];
}
