/** A grammar: what does not follow it, by line. */
export interface Parser {
  validate(text: string): readonly { readonly message: string; readonly startLine: number }[];
}

/** Trino's grammar, which Athena's queries are written in, and Hive's, which its DROP TABLE is. */
export function loadParsers(): Promise<{ trino: Parser; hive: Parser }>;
