import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A type's name, values joined by bars, members (a star at those required), a list's member, or a map's value. */
type Shape = string | { readonly [member: string]: Shape } | readonly [Shape] | readonly ["map", Shape];

/** What a call takes, and every name that its answer may have. */
export interface Operation {
  readonly input: Shape;
  readonly output: readonly string[];
}

const { calls } = JSON.parse(readFileSync(join(__dirname, "calls.json"), "utf8")) as {
  calls: Readonly<Record<string, Operation>>;
};

/** The call behind a Task's resource, `arn:aws:states:::aws-sdk:rds:startExportTask`; `.sync` waits for the same call. */
export function operationOf(resource: string): Operation | undefined {
  return calls[resource.replace(/^arn:aws:states:::/, "").replace(/\.sync(:2)?$/, "")];
}

/** Whether a text is worked out when the state is entered. */
export function isExpression(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("{%");
}

/** What of the arguments AWS's model refuses. An expression stands for any scalar. */
export function argumentFaults(path: string, value: unknown, shape: Shape): string[] {
  if (typeof shape === "string") return scalarFaults(path, value, shape);
  if (isExpression(value)) return [`${path}: an expression for more than one value`];
  if (Array.isArray(shape)) {
    const [kind, inner] = shape as readonly [Shape, Shape?];
    if (inner === undefined) {
      if (!Array.isArray(value)) return [`${path}: no list`];
      return value.flatMap((each, index) => argumentFaults(`${path}[${index}]`, each, kind));
    }
    if (!isRecord(value)) return [`${path}: no map`];
    return Object.entries(value).flatMap(([key, each]) => argumentFaults(`${path}.${key}`, each, inner));
  }
  if (!isRecord(value)) return [`${path}: no structure`];
  const members = new Map(Object.entries(shape).map(([name, member]) => [name.replace("*", ""), member]));
  const required = Object.keys(shape).flatMap((name) => (name.endsWith("*") ? [name.slice(0, -1)] : []));
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${path}: lacks ${name}`),
    ...Object.entries(value).flatMap(([name, each]) => {
      const member = members.get(name);
      return member === undefined ? [`${path}: unknown ${name}`] : argumentFaults(`${path}.${name}`, each, member);
    }),
  ];
}

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  timestamp: "string",
  blob: "string",
  boolean: "boolean",
  integer: "number",
  long: "number",
  double: "number",
  float: "number",
};

function scalarFaults(path: string, value: unknown, shape: string): string[] {
  if (isExpression(value)) return [];
  const type = scalars[shape];
  if (type === undefined) {
    const allowed = shape.split("|");
    return typeof value === "string" && allowed.includes(value)
      ? []
      : [`${path}: ${JSON.stringify(value)} for ${shape}`];
  }
  const fits = typeof value === type && (!/integer|long/.test(shape) || Number.isInteger(value));
  return fits ? [] : [`${path}: ${JSON.stringify(value)} for ${shape}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
