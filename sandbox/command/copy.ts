import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative } from "node:path";

import { isMap, isNode, isScalar, parseDocument, type Document, type YAMLMap } from "yaml";

/** What is installed, the history, and the state of a bootstrap that has not ended. */
const stays = ["node_modules", ".git", ".bootstrap"];

/** Copies a project; what is installed is linked, the history stays behind. */
export function copyProject(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const installed: string[] = [];
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => {
      const name = basename(path);
      if (name === "node_modules") installed.push(path);
      return !stays.includes(name);
    },
  });
  for (const path of installed) symlinkSync(realpathSync(path), join(to, relative(from, path)), "dir");
}

/** A secret of the user's stack file: where it stands, and what stands there in the sandbox. */
export interface Placeholder {
  readonly path: string;
  readonly value: string;
}

/** Keys of a stack file that tie it to the user's secrets provider, or to a service that a sandbox has not. */
const foreign = ["secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

type Step = string | number;

/** The paths of all `{ secure: … }` below a value. */
function securePaths(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return [path];
  return entries.flatMap(([key, item]) => securePaths(item, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** A path as `pulumi config set --path` takes it. */
function configPath([key, ...rest]: readonly Step[]): string {
  const step = (part: Step): string => (typeof part === "number" ? `[${part}]` : `[${JSON.stringify(part)}]`);
  return `${String(key)}${rest.map(step).join("")}`;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function secretsOf(document: Document.Parsed): { placeholder: Placeholder; edit: Edit }[] {
  const { config } = document.toJS() as { config?: unknown };
  return securePaths(config).flatMap((path) => {
    const node = document.getIn(["config", ...path], true);
    if (!isNode(node) || !node.range) return [];
    const value = `stand-in for ${path.join(".")}`;
    const edit = { from: node.range[0], to: node.range[1], text: JSON.stringify(value) };
    return [{ placeholder: { path: configPath(path), value }, edit }];
  });
}

function foreignKeysOf(contents: YAMLMap): Edit[] {
  return contents.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !foreign.includes(String(key.value)) || !key.range) return [];
    return [{ from: key.range[0], to: isNode(value) && value.range ? value.range[2] : key.range[2], text: "" }];
  });
}

/** Changes only what must change: a document that is written anew would not give 007 as it was. */
function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: now }) => {
      // A block ends with the line's end, which belongs to what follows.
      const end = from + all.slice(from, to).trimEnd().length;
      return all.slice(0, from) + now + all.slice(end);
    }, text);
}

/**
 * Makes the copy's stack files the sandbox's own: the user's secrets provider is gone, and so is every encrypted value.
 * Answers the placeholders that take their place in the stack's own file.
 */
export function detachStackFiles(project: string, stack: string): Placeholder[] {
  let own: Placeholder[] = [];
  for (const file of readdirSync(project)) {
    const name = /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1];
    if (name === undefined) continue;
    const path = join(project, file);
    const text = readFileSync(path, "utf8");
    const document = parseDocument(text);
    if (!isMap(document.contents)) continue;
    const secrets = secretsOf(document);
    if (name === stack) own = secrets.map(({ placeholder }) => placeholder);
    const edits = [...foreignKeysOf(document.contents), ...secrets.map(({ edit }) => edit)];
    writeFileSync(path, edited(text, edits));
  }
  return own;
}
