import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is needed of a connection. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<{ rows: readonly Record<string, unknown>[] }>;
}

/** Any number that nothing else in the database locks by. */
const lock = 4_217_001;

/**
 * Brings the schema up to date: each file of the folder once, in the order of the names, in a transaction of its own. Every
 * deployment runs it, and two may run it at once: a lock lets one wait for the other, which then finds nothing to do.
 *
 * @returns the names of the files that were applied
 */
export async function migrate(database: Database, folder: string): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  await database.query("SELECT pg_advisory_lock($1)", [lock]);
  try {
    await database.query("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz DEFAULT now())");
    const { rows } = await database.query("SELECT name FROM migrations");
    const done = new Set(rows.map(({ name }) => name));
    const open = files.filter((file) => !done.has(file));
    for (const file of open) await apply(database, file, readFileSync(join(folder, file), "utf8"));
    return open;
  } finally {
    await database.query("SELECT pg_advisory_unlock($1)", [lock]);
  }
}

async function apply(database: Database, file: string, sql: string): Promise<void> {
  await database.query("BEGIN");
  try {
    await database.query(sql);
    await database.query("INSERT INTO migrations (name) VALUES ($1)", [file]);
    await database.query("COMMIT");
  } catch (error) {
    await database.query("ROLLBACK");
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
