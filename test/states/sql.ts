import jsonata from "jsonata";

import { type Definition } from "./definitions";
import { isExpression } from "./operations";
import type { Parser } from "./parsers.cjs";

/** What is wrong with a statement of Athena's. OPTIMIZE and VACUUM are Athena's own, which no grammar of others has. */
export function sqlFaults({ trino, hive }: { readonly trino: Parser; readonly hive: Parser }, text: string): string[] {
  const own =
    /^\s*(OPTIMIZE ("[a-z0-9_]+"\.)?"[a-z0-9_]+" REWRITE DATA USING BIN_PACK( WHERE .+)?|VACUUM ("[a-z0-9_]+"\.)?"[a-z0-9_]+")\s*$/i;
  if (own.test(text)) return [];
  const parser = /^\s*DROP\b/i.test(text) ? hive : trino;
  return parser.validate(`${text};`).map(({ startLine, message }) => `line ${startLine}: ${message}`);
}

/** The statements that a machine sends, as a run of the last day of January would send them. */
export async function queriesOf({ States }: Definition): Promise<Map<string, string>> {
  const states = {
    input: { scheduled_time: "2026-01-31T18:00:00Z" },
    context: { Execution: { StartTime: "2026-01-31T18:00:01Z" } },
  };
  const evaluate = async (value: unknown, variables: Record<string, unknown>): Promise<unknown> =>
    isExpression(value) ? await jsonata(value.slice(2, -2)).evaluate({}, variables) : value;
  const variables: Record<string, unknown> = { states };
  const queries = new Map<string, string>();
  for (const [name, state] of Object.entries(States)) {
    if (state.Type === "Pass") {
      for (const [key, value] of Object.entries(state["Assign"] ?? {})) {
        variables[key] = await evaluate(value, { states });
      }
    }
    const { QueryString } = (state["Arguments"] ?? {}) as { QueryString?: unknown };
    if (QueryString !== undefined) queries.set(name, String(await evaluate(QueryString, variables)));
  }
  return queries;
}
