import validate from "asl-validator";
import jsonata from "jsonata";

import { argumentFaults, isExpression, operationOf } from "./operations";

/** A state, in the words of Amazon States Language. */
export type State = Record<string, unknown> & { readonly Type: string };

/** A state machine's definition, as far as the checks look at it. */
export interface Definition {
  readonly StartAt: string;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

/** What is wrong with a definition: with the language first, and where that is right with its expressions and its calls. */
export async function definitionFaults(definition: Definition): Promise<string[]> {
  // The validator writes into what it is given.
  const { isValid, errorsText } = validate(structuredClone(definition));
  if (!isValid) return [errorsText()];
  const known = new Set(["states", ...Object.values(definition.States).flatMap(assigned)]);
  const expressions = Object.entries(definition.States).map(([name, state]) => expressionFaults(name, state, known));
  return [...(await Promise.all(expressions)).flat(), ...callFaults(definition)];
}

/** Where a state may lead. */
export function nextOf(state: State | undefined): string[] {
  const branches = [state?.["Choices"], state?.["Catch"]].flatMap((list) => (list ?? []) as State[]);
  return [...(state === undefined ? [] : [state]), ...branches].flatMap((each) =>
    [each["Next"], each["Default"]].filter((next): next is string => typeof next === "string"),
  );
}

function callFaults({ States }: Definition): string[] {
  return Object.entries(States).flatMap(([name, { Type, Resource, Arguments }]) => {
    if (Type !== "Task") return [];
    const operation = operationOf(String(Resource));
    if (operation === undefined) {
      return [`${name}: unknown call ${String(Resource)}; test/states/extract.py knows its calls`];
    }
    return argumentFaults(name, Arguments, operation.input);
  });
}

function assigned(state: State): string[] {
  const catches = (state["Catch"] ?? []) as Record<string, unknown>[];
  return [state, ...catches].flatMap((each) => Object.keys(each["Assign"] ?? {}));
}

/** Every expression of a state, wherever it stands. */
export function expressionsOf(value: unknown): string[] {
  if (typeof value === "string") return isExpression(value) ? [value.slice(2, -2)] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(expressionsOf) : [];
}

type Node = Readonly<Record<string, unknown>>;

async function expressionFaults(name: string, state: State, known: ReadonlySet<string>): Promise<string[]> {
  const answer = state.Type === "Task" ? operationOf(String(state["Resource"]))?.output : undefined;
  const faults: string[] = [];
  for (const expression of expressionsOf(state)) {
    const tree = jsonata(expression).ast() as unknown as Node;
    for (const variable of variablesOf(tree)) {
      if (!known.has(variable) && !(await isFunction(variable))) faults.push(`${name}: nothing assigns $${variable}`);
    }
    for (const field of answer === undefined ? [] : resultFields(tree)) {
      if (answer?.includes(field) === false) faults.push(`${name}: the call answers no ${field}`);
    }
  }
  return faults;
}

/** Functions of JSONata's own, and those that Step Functions adds. AWS: developer guide, "Transforming data with JSONata". */
async function isFunction(name: string): Promise<boolean> {
  if (["hash", "partition", "parse", "random", "range", "uuid"].includes(name)) return true;
  return (await jsonata(`$exists($${name})`).evaluate({})) === true;
}

/** Nodes of a syntax tree, from the top. */
function nodesOf(tree: unknown): Node[] {
  if (typeof tree !== "object" || tree === null) return [];
  return [...(Array.isArray(tree) ? [] : [tree as Node]), ...Object.values(tree).flatMap(nodesOf)];
}

/** Variables that stand anywhere, `$` (the value at hand) left out. */
function variablesOf(tree: Node): string[] {
  return nodesOf(tree).flatMap(({ type, value }) => (type === "variable" && value !== "" ? [String(value)] : []));
}

/** Names of fields that are looked for in `$states.result`. */
function resultFields(tree: Node): string[] {
  return nodesOf(tree).flatMap(({ type, steps, group }) => {
    const [first, second, ...rest] = type === "path" ? (steps as Node[]) : [];
    if (first?.["value"] !== "states" || second?.["value"] !== "result") return [];
    return nodesOf([second["stages"], second["predicate"], ...rest, group]).flatMap((node) =>
      node["type"] === "name" ? [String(node["value"])] : [],
    );
  });
}
