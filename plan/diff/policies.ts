import { isMap, type Value, type Values } from "../../sandbox/values";
import { canonical, change, differences, type Difference } from "./values";

/** An IAM document: a statement or a list of them, with an effect each. */
export function isPolicy(value: Values): boolean {
  const statements = statementsOf(value);
  return statements.length > 0 && statements.every((statement) => typeof statement["Effect"] === "string");
}

export function statementsOf(document: Values): Values[] {
  const given = document["Statement"];
  return (Array.isArray(given) ? given : [given]).filter((statement) => isMap(statement));
}

function sorted(value: Value): Value {
  const list = (Array.isArray(value) ? value : [value]).map((item) => (isMap(item) ? values(item) : item));
  const unique = new Map(list.map((item) => [canonical(item), item]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function values(map: Values): Values {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, isMap(value) ? values(value) : sorted(value)]),
  );
}

/** IAM takes one value for a list of one, and knows no order in any list of a statement. */
function settled(statement: Values): Values {
  const { Effect: effect, Sid: sid, ...rest } = statement;
  return { ...(sid !== undefined && { Sid: sid }), ...(effect !== undefined && { Effect: effect }), ...values(rest) };
}

function without(statement: Values, ...leftOut: string[]): string {
  return canonical(Object.fromEntries(Object.entries(statement).filter(([key]) => !leftOut.includes(key))));
}

/** How two statements may be one that changed, the surest sign first. */
const likenesses: ((statement: Values) => string)[] = [
  (statement) => without(statement, "Sid"),
  ({ Sid: sid }) => (typeof sid === "string" ? sid : ""),
  (statement) => without(statement, "Sid", "Action", "NotAction"),
  (statement) => without(statement, "Sid", "Resource", "NotResource"),
  (statement) => without(statement, "Sid", "Principal", "NotPrincipal"),
  (statement) => without(statement, "Sid", "Condition"),
];

interface Pairing {
  readonly pairs: (readonly [Values, Values])[];
  readonly gone: Values[];
  readonly come: Values[];
}

function pair(before: readonly Values[], after: readonly Values[]): Pairing {
  const pairs: (readonly [Values, Values])[] = [];
  let [gone, come] = [[...before], [...after]];
  for (const like of [canonical, ...likenesses]) {
    for (const statement of gone) {
      const same = like(statement);
      const match = same === "" ? undefined : come.find((other) => like(other) === same);
      if (match === undefined) continue;
      pairs.push([statement, match]);
      come = come.filter((other) => other !== match);
      gone = gone.filter((other) => other !== statement);
    }
  }
  return { pairs, gone, come };
}

/** Where a reader finds the statement: by its Sid, or by its place in the document that has it. */
function placeOf(statements: readonly Values[], statement: Values): string {
  const sid = statement["Sid"];
  return typeof sid === "string" ? sid : String(statements.indexOf(statement));
}

/** Compares two IAM documents as IAM reads them: what is allowed, in no order. */
export function policyDifferences(path: string, before: Values, after: Values): Difference[] {
  const [then, now] = [statementsOf(before).map(settled), statementsOf(after).map(settled)];
  const { pairs, gone, come } = pair(then, now);
  const at = (statements: readonly Values[], statement: Values): string =>
    `${path}.Statement[${placeOf(statements, statement)}]`;
  const rest = (document: Values): Values =>
    Object.fromEntries(Object.entries(document).filter(([key]) => key !== "Statement"));
  return [
    ...differences(path, rest(before), rest(after)),
    ...pairs.flatMap(([old, recent]) => differences(at(now, recent), old, recent)),
    ...gone.map((statement) => change(at(then, statement), statement, undefined)),
    ...come.map((statement) => change(at(now, statement), undefined, statement)),
  ];
}
