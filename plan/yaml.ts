import { readFileSync } from "node:fs";
import { basename } from "node:path";

import {
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";

import { UsageError } from "./usage";

/** A file of settings: its name for messages, and what it holds at the top. */
export interface SettingsFile {
  readonly name: string;
  readonly content: YAMLMap;
}

/** Reads a YAML file whose content is a map; every fault of its form at once, each with its line. */
export function readYaml(path: string): SettingsFile {
  const name = basename(path);
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { prettyErrors: true, lineCounter });
  const faults = [
    ...document.errors.map((error) => {
      const line = error.linePos?.[0].line;
      return `  ${name}${line === undefined ? "" : `:${line}`}: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+.*$/, "")}`;
    }),
    ...unreadable(document).map((node) => {
      const line = lineCounter.linePos(node.range?.[0] ?? 0).line;
      return `  ${name}:${line}: put ${JSON.stringify(String(node.value))} in quotes: the Pulumi CLI ends a text in braces or brackets at a ?`;
    }),
  ];
  if (faults.length > 0) {
    throw new UsageError(`${name} is not valid YAML:\n${faults.join("\n")}`);
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw new UsageError(`${name} is empty; it must hold the stack's settings under "config:"`);
  }
  if (!isMap(document.contents)) throw new UsageError(`${name} must hold a map of keys and values`);
  return { name, content: document.contents };
}

/**
 * Texts that this reader takes and the CLI's does not: it reads YAML 1.1, where a `?` ends unquoted text inside `{}` and
 * `[]`, as in `{ expression: cron(0 20 ? * MON-FRI *) }`.
 */
function unreadable(document: Document): Scalar[] {
  const found: Scalar[] = [];
  visit(document, {
    Scalar(_, node, path) {
      const inFlow = path.some((parent) => isCollection(parent) && parent.flow === true);
      if (inFlow && node.type === "PLAIN" && String(node.value).includes("?")) found.push(node);
    },
  });
  return found;
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
