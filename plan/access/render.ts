import { type Paint } from "../paint";
import { type NewReach } from "./reach";
import { type Reach } from "./types";

const longest = 110;

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

export function principalOf({ principal }: Reach): string {
  return principal.name === principal.kind ? principal.name : `${principal.name} (${principal.kind})`;
}

/** How the program comes to the data, security group by security group. */
export function wayOf({ network, path }: Reach): string {
  if (path !== undefined) {
    const [low, high] = path.ports;
    return `${path.groups.join(" > ")} : ${low === high ? low : `${low}-${high}`}`;
  }
  return { path: "", api: "AWS's API", none: "no way through the network", outside: "" }[network];
}

function notes({ wide, network, permissions, rights }: Reach, paint: Paint): string {
  const conditions = new Set(permissions.flatMap((permission) => permission.conditions));
  const told = [
    ...(wide ? [paint.yellow("by a wide statement")] : []),
    ...(network === "none" ? [paint.yellow("no way through the network")] : []),
    ...(rights.length === 0 ? [paint.yellow("no right of IAM: whoever has the password")] : []),
    ...[...conditions].map((condition) => paint.dim(cut(`if ${condition}`))),
  ];
  return told.length === 0 ? "" : `  ${told.join("  ")}`;
}

/** Reaches by target, in order of the targets. */
export function byTarget(matrix: readonly Reach[]): [target: Reach["target"], reaches: Reach[]][] {
  const groups = new Map<string, [Reach["target"], Reach[]]>();
  for (const reach of matrix) {
    const { target } = reach;
    const key = target.urn === "" ? target.name : target.urn;
    const group = groups.get(key) ?? [target, []];
    group[1].push(reach);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function table(reaches: readonly Reach[], paint: Paint): string[] {
  const cells = reaches.map((reach) => [principalOf(reach), reach.rights.join(", "), wayOf(reach)] as const);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row, i) => {
    const reach = reaches[i];
    const [who, what] = [row[0].padEnd(widths[0] ?? 0), row[1].padEnd(widths[1] ?? 0)];
    const way = reach?.network === "none" ? "" : row[2];
    return `    ${who}  ${what}  ${way}${reach === undefined ? "" : notes(reach, paint)}`.trimEnd();
  });
}

/** Keys are used with the data that they encrypt: who may use one is told in a line. */
function keyLines(matrix: readonly Reach[], paint: Paint): string[] {
  return byTarget(matrix.filter(({ target }) => target.category === "key")).map(([target, reaches]) => {
    const names = [...new Set(reaches.map(({ principal }) => principal.name))].sort();
    return `  ${paint.bold(target.name)} ${paint.dim(target.type)}: ${names.join(", ")}`;
  });
}

/** The matrix as the terminal shows it: data in full, keys in a line each, the rest counted. */
export function accessLines(matrix: readonly Reach[], paint: Paint): string[] {
  const data = matrix.filter(({ target }) => target.category === "data");
  const others = matrix.filter(({ target }) => target.category === "operations");
  return [
    `${paint.bold("Access")}: who may do what on which data, by IAM's documents and the security groups' rules alone`,
    paint.dim("  (what a denial, a boundary or an organization takes away is not taken off)"),
    ...byTarget(data).flatMap(([target, reaches]) => [
      `  ${paint.bold(target.name)} ${paint.dim(target.type)}`,
      ...table(reaches, paint),
    ]),
    ...keyLines(matrix, paint),
    paint.dim(`  and ${others.length} rights that are on no data, such as writing logs: --json has them`),
  ];
}

/** What is wide first, then data, then keys. */
function gravest(reaches: readonly NewReach[]): NewReach[] {
  const weight = ({ reach: { target, wide } }: NewReach): number =>
    (wide ? 0 : 1) + 2 * ["data", "key", "operations"].indexOf(target.category);
  return [...reaches].sort((a, b) => weight(a) - weight(b));
}

/** New reach that a reviewer must see, the gravest first, and how many rights on no data there are besides. */
export function seen(reaches: readonly NewReach[]): { shown: NewReach[]; others: number } {
  const shown = gravest(reaches).filter(({ reach: { target, wide } }) => wide || target.category !== "operations");
  return { shown, others: reaches.length - shown.length };
}

/** What is new of one reach: `dynamodb:PutItem, dynamodb:DeleteItem; a way through the network: a > b : 5432`. */
export function newsOf({ reach, actions, conditions, path }: NewReach): string {
  return [
    ...(actions.length > 0 ? [cut(actions.join(", "))] : []),
    ...(conditions.length > 0 ? [cut(`if ${conditions.join(" and ")}`)] : []),
    ...(path ? [`a way through the network: ${wayOf(reach)}`] : []),
  ].join("; ");
}

export function newReachLines(reaches: readonly NewReach[], paint: Paint): string[] {
  if (reaches.length === 0) return [];
  const { shown, others } = seen(reaches);
  const count = others === 0 ? [] : [paint.dim(`    and ${others} new rights that are on no data`)];
  const lines = shown.map((each) => {
    const { reach } = each;
    const wide = reach.wide ? paint.red("  by a wide statement") : "";
    return `    ${paint.yellow("+")} ${paint.bold(`${principalOf(reach)} → ${reach.target.name}`)}  ${newsOf(each)}${wide}`;
  });
  return ["", paint.bold("New reach:"), ...lines, ...count];
}
