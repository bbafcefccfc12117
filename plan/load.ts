import { existsSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

import { type Project } from "./settings";
import { UsageError } from "./usage";

/** What programs have loaded of their own files, packages left out. */
const loaded = new Set<string>();

/** Lets the next run load the project's files anew, with their state and their edits. */
function forget(): void {
  for (const file of loaded) Reflect.deleteProperty(require.cache, file);
  loaded.clear();
}

/**
 * Loads a program and notes which files came with it; what was loaded before, such as this tool itself, stays, but the
 * program itself runs whoever loaded it before.
 */
function load(entry: string): unknown {
  Reflect.deleteProperty(require.cache, require.resolve(entry));
  const before = new Set(Object.keys(require.cache));
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is the user's, nothing to import at build time
    return require(entry) as unknown;
  } finally {
    for (const file of Object.keys(require.cache)) {
      if (!before.has(file) && !file.includes(`${sep}node_modules${sep}`)) loaded.add(file);
    }
  }
}

/** The file that a project's `main` leads to, by Node's rules and with TypeScript before JavaScript. */
function entryOf(project: Project): string {
  const { main } = project;
  if (existsSync(main) && statSync(main).isFile()) return main;
  const manifest = join(main, "package.json");
  const named = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, "utf8")) as { main?: string }).main
    : undefined;
  const candidates = [...(named === undefined ? [] : [named]), "index.ts", "index.js"].map((file) => join(main, file));
  const found = candidates.find((file) => existsSync(file) && statSync(file).isFile());
  if (found === undefined) throw new UsageError(`the project's program is not there: ${candidates.join(" or ")}`);
  return found;
}

/**
 * Runs a project's program as Pulumi's language host does: in the project's directory, a function that it exports
 * called, what it exports as the stack's outputs.
 */
export function programOf(project: Project): () => unknown {
  const entry = entryOf(project);
  return () => {
    forget();
    const exported = load(entry);
    return typeof exported === "function" ? (exported as () => unknown)() : exported;
  };
}
