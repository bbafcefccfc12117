import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import type * as typescript from "typescript";

/** Where a pack's `main` is built to. */
const output = "bin";

function filesBelow(directory: string, ending: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending) && !file.endsWith(".d.ts") && !file.includes("node_modules"))
    .map((file) => join(directory, file));
}

/** The text that a built file was made of; the build carries it in its source map. */
function builtFrom(map: string): string | undefined {
  if (!existsSync(map)) return undefined;
  const { sourcesContent } = JSON.parse(readFileSync(map, "utf8")) as { sourcesContent?: string[] };
  return sourcesContent?.[0];
}

function mapOf(pack: string, source: string): string {
  return join(pack, output, `${relative(pack, source).slice(0, -".ts".length)}.js.map`);
}

/** The pack's sources, from its tsconfig; undefined for a pack that is JavaScript as it is. */
function sourcesOf(pack: string): string[] | undefined {
  const config = join(pack, "tsconfig.json");
  if (!existsSync(config)) return undefined;
  // The entry, and every folder that the build has or the sources have beside it.
  const folders = readdirSync(pack, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && ![output, "node_modules", "scripts", "test"].includes(entry.name))
    .map((entry) => join(pack, entry.name));
  const here = readdirSync(pack).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  return [...here.map((file) => join(pack, file)), ...folders.flatMap((folder) => filesBelow(folder, ".ts"))];
}

/** Sources that are not what the build was made of, and built files whose source is gone. */
export function stale(pack: string): { changed: string[]; gone: string[] } {
  const sources = sourcesOf(pack);
  if (sources === undefined) return { changed: [], gone: [] };
  const maps = new Set(sources.map((source) => mapOf(pack, source)));
  const changed = sources.filter((source) => builtFrom(mapOf(pack, source)) !== readFileSync(source, "utf8"));
  const gone = filesBelow(join(pack, output), ".js.map").filter((map) => !maps.has(map));
  return { changed, gone };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/**
 * Builds the changed files of a policy pack without type checks, which belong to `npm test`. Answers whether there was
 * anything to do.
 */
export async function buildPack(pack: string, say: (what: string) => void): Promise<boolean> {
  const { changed, gone } = stale(pack);
  if (changed.length + gone.length === 0) return false;
  say("building the policy pack");
  const ts = (await import("typescript")) as typeof typescript & { default?: typeof typescript };
  const { transpileModule, ScriptTarget, ModuleKind } = ts.default ?? ts;
  const compilerOptions: typescript.CompilerOptions = {
    target: ScriptTarget.ES2022,
    module: ModuleKind.CommonJS,
    esModuleInterop: true,
    isolatedModules: true,
    sourceMap: true,
    inlineSources: true,
  };
  for (const source of changed) {
    const map = mapOf(pack, source);
    const text = readFileSync(source, "utf8");
    const made = transpileModule(text, { fileName: relative(dirname(map), source), compilerOptions });
    write(map.slice(0, -".map".length), made.outputText);
    // Last, since by it the next run knows that the file is built.
    write(map, made.sourceMapText ?? "");
  }
  for (const map of gone) for (const file of [map, map.slice(0, -".map".length)]) rmSync(file, { force: true });
  return true;
}
