import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Sources that differ from those that the build was made of, by name. The build carries its sources inside its source
 * maps, so the comparison is of contents: a checkout or a copy changes times and means nothing.
 * None where there are no sources: in a published package.
 */
export function staleSources(root: string, build = join(root, "bin")): string[] {
  if (!existsSync(join(root, "index.ts"))) return [];
  const sources = ["index.ts", ...filesBelow(root, "lib", ".ts"), ...filesBelow(root, "rules", ".ts")];
  const built = ["index.js.map", ...filesBelow(build, "lib", ".js.map"), ...filesBelow(build, "rules", ".js.map")];
  const changed = sources.filter((source) => builtFrom(build, source) !== readFileSync(join(root, source), "utf8"));
  const gone = built.map((map) => map.replace(/\.js\.map$/, ".ts")).filter((source) => !sources.includes(source));
  return [...changed, ...gone];
}

function builtFrom(build: string, source: string): string | undefined {
  const map = join(build, source.replace(/\.ts$/, ".js.map"));
  if (!existsSync(map)) return undefined;
  const { sourcesContent } = JSON.parse(readFileSync(map, "utf8")) as { sourcesContent?: string[] };
  return sourcesContent?.[0];
}

function filesBelow(root: string, folder: string, ending: string): string[] {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}
