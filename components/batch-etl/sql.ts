/** One statement of a file. */
export interface Statement {
  /** The text, comments included, without the semicolon. */
  readonly text: string;
  /** `INSERT`, `MERGE` and so on; undefined for one that the job does not know. */
  readonly kind: StatementKind | undefined;
  /** What is written, as it stands in the text: `${daily}` where it is one of the outputs. */
  readonly target: string | undefined;
  /** Names of the placeholders in it. */
  readonly placeholders: readonly string[];
}

/** What each kind begins with, up to the table that it writes. */
const kinds = {
  INSERT: /^INSERT\s+INTO\s+/i,
  MERGE: /^MERGE\s+INTO\s+/i,
  UPDATE: /^UPDATE\s+/i,
  DELETE: /^DELETE\s+FROM\s+/i,
  CREATE: /^CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?/i,
  DROP: /^DROP\s+TABLE\s+(IF\s+EXISTS\s+)?/i,
  OPTIMIZE: /^OPTIMIZE\s+/i,
  VACUUM: /^VACUUM\s+/i,
} as const;

/** Statements that a job may run. */
export type StatementKind = keyof typeof kinds;
export const statementKinds = Object.keys(kinds) as StatementKind[];

/** Strings, quoted names and comments: what a semicolon or a keyword in them means nothing in. */
const opaque = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[^]*?\*\//g;
const placeholder = /\$\{([^}]*)\}/g;

/** The statements of a file, in order. */
export function parseStatements(text: string): Statement[] {
  const ends: number[] = [];
  const masked = text.replace(opaque, (match) => match.replace(/[^\n]/g, " "));
  for (const { index } of masked.matchAll(/;/g)) ends.push(index);
  return [...ends, text.length]
    .map((end, i) => {
      const start = i === 0 ? 0 : (ends[i - 1] ?? 0) + 1;
      return { text: text.slice(start, end).trim(), bare: withoutComments(text.slice(start, end)).trim() };
    })
    .filter(({ bare }) => bare !== "")
    .map(({ text: whole, bare }) => ({ text: whole, ...head(bare), placeholders: placeholders(whole) }));
}

function head(bare: string): Pick<Statement, "kind" | "target"> {
  for (const kind of statementKinds) {
    const match = kinds[kind].exec(bare);
    if (match === null) continue;
    const target = /^(\$\{[^}]*\}|[^\s(;]+)/.exec(bare.slice(match[0].length))?.[0];
    // Without AS it is Hive's DDL, which needs a location and a schema: the lake's own tables are made by Pulumi.
    const known = kind !== "CREATE" || /\bAS\b/i.test(bare.replace(opaque, " "));
    return { kind: known ? kind : undefined, target };
  }
  return { kind: undefined, target: undefined };
}

function withoutComments(text: string): string {
  return text.replace(opaque, (match) => (/^(--|\/\*)/.test(match) ? " " : match));
}

/** Names of the placeholders in a text, each once. */
export function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? ""))];
}

/** The text cut at its placeholders: text, name, text, name, ..., text. */
export function cut(text: string): string[] {
  return text.split(/\$\{([^}]*)\}/);
}
