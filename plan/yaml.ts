import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { isMap, isScalar, parseDocument, type Node, type YAMLMap } from "yaml";

import { UsageError } from "./usage";

/** A file of settings: its name for messages, and what it holds at the top. */
export interface SettingsFile {
  readonly name: string;
  readonly content: YAMLMap;
}

/** Reads a YAML file whose content is a map; every fault of its form at once, each with its line. */
export function readYaml(path: string): SettingsFile {
  const name = basename(path);
  const document = parseDocument(readFileSync(path, "utf8"), { prettyErrors: true });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => {
      const line = error.linePos?.[0].line;
      return `  ${name}${line === undefined ? "" : `:${line}`}: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+.*$/, "")}`;
    });
    throw new UsageError(`${name} is not valid YAML:\n${faults.join("\n")}`);
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw new UsageError(`${name} is empty; it must hold the stack's settings under "config:"`);
  }
  if (!isMap(document.contents)) throw new UsageError(`${name} must hold a map of keys and values`);
  return { name, content: document.contents };
}

export function entriesOf(map: YAMLMap): [string, Node | null][] {
  return map.items.map((pair) => [
    isScalar(pair.key) ? String(pair.key.value) : String(pair.key),
    (pair.value ?? null) as Node | null,
  ]);
}

/** The value under a key, as plain JavaScript. */
export function valueOf(node: Node | null): unknown {
  return node === null ? null : (node.toJSON() as unknown);
}
