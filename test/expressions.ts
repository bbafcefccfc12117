import type * as expressions from "@actions/expressions" with { "resolution-mode": "import" };

import { load } from "./expressions-library.cjs";

/** What a status function answers: whether the run was cancelled, whether a job before this one failed. */
export interface Status {
  readonly cancelled?: boolean;
  readonly failed?: boolean;
}

/** Contexts of an expression: `github`, `vars`, `inputs`, `needs`. */
export type Contexts = Readonly<Record<string, unknown>>;

/**
 * Evaluates the `if` of a job as GitHub does, by GitHub's own evaluator. GitHub docs, "Status check functions": a condition that
 * calls none of them holds only where no job before has failed or been skipped.
 */
export async function holds(condition: string, contexts: Contexts, status: Status = {}): Promise<boolean> {
  const { Lexer, Parser, Evaluator, data } = await load();
  const answers = { always: true, cancelled: status.cancelled ?? false, failure: status.failed ?? false };
  const functions = Object.entries({ ...answers, success: !answers.cancelled && !answers.failure }).map(
    ([name, answer]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer) }),
  );
  const { tokens } = new Lexer(condition.replace(/^\$\{\{(.*)\}\}$/s, "$1")).lex();
  const expression = new Parser(tokens, Object.keys(contexts), functions).parse();
  const evaluator = new Evaluator(
    expression,
    dataOf(data, contexts) as expressions.data.Dictionary,
    new Map(functions.map((each) => [each.name, each])),
  );
  const result = evaluator.evaluate();
  return !["", "0", "false"].includes(result.coerceString());
}

function dataOf(data: typeof expressions.data, value: unknown): expressions.data.ExpressionData {
  if (value === undefined || value === null) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map((each) => dataOf(data, each)));
  const pairs = Object.entries(value).map(([key, each]) => ({ key, value: dataOf(data, each) }));
  return new data.Dictionary(...pairs);
}
