import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { isMap, isNode, isScalar, isSeq, type Node, type Pair, parse, parseDocument, type YAMLMap } from "yaml";

import { UsageError } from "../plan/usage";

/** Where a value stands: the keys on the way to it. */
export type Path = readonly string[];

/** A value that an edit writes: plain data without nested maps. */
export type Written = string | number | boolean | readonly string[];

/**
 * A YAML file that people write by hand, edited where the values stand: every other byte stays as it is, comments and
 * order above all, so that a change of one value is a diff of one line.
 */
export class StackFile {
  private text: string;

  private constructor(
    readonly path: string,
    private readonly read: string,
  ) {
    this.text = read;
    this.root();
  }

  /** @throws UsageError where there is no such file, or it is not YAML. */
  static open(path: string): StackFile {
    try {
      return new StackFile(path, readFileSync(path, "utf8"));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get content(): string {
    return this.text;
  }

  get changed(): boolean {
    return this.text !== this.read;
  }

  /** The value at a path, undefined where there is none. */
  value(path: Path): unknown {
    const node = this.pair(path)?.value;
    return isNode(node) ? (node.toJSON() as unknown) : undefined;
  }

  /** Keys of the map at a path, in the file's order; none where there is no map. */
  keys(path: Path): string[] {
    const map = path.length === 0 ? this.root() : this.pair(path)?.value;
    return isMap(map) ? map.items.map(({ key }) => keyText(key)) : [];
  }

  /** Writes a value where one stands, or as the first line of the map that it belongs to, which has to be there. */
  set(path: Path, value: Written): this {
    const node = this.pair(path)?.value;
    if (isScalar(node) || isSeq(node)) {
      const [start, end] = rangeOf(node);
      return this.splice(start, end, written(value));
    }
    const key = path.at(-1) ?? "";
    const first = this.map(path.slice(0, -1))?.items[0];
    if (node !== undefined || first === undefined) throw new Error(`${this.path}: no place for ${path.join(".")}`);
    const { lineStart, indent } = this.lineOf(first);
    return this.splice(lineStart, lineStart, `${indent}${key}: ${written(value)}\n`);
  }

  /** Takes a key with its value and the comment behind it away: whole lines. */
  remove(path: Path): this {
    const pair = this.pair(path);
    if (pair === undefined) return this;
    const { lineStart } = this.lineOf(pair);
    const next = this.text.indexOf("\n", lastByte(pair));
    return this.splice(lineStart, next === -1 ? this.text.length : next + 1, "");
  }

  /** Puts lines before the one where a key stands. */
  insertBefore(path: Path, lines: string): this {
    const pair = this.pair(path);
    if (pair === undefined) throw new Error(`${this.path}: has no ${path.join(".")}`);
    const { lineStart } = this.lineOf(pair);
    return this.splice(lineStart, lineStart, lines);
  }

  /** Replaces the file in one step: an interrupted run leaves the old one or the new one. */
  save(): void {
    if (!this.changed) return;
    const beside = `${this.path}.new`;
    writeFileSync(beside, this.text);
    renameSync(beside, this.path);
  }

  private splice(start: number, end: number, text: string): this {
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    return this;
  }

  private root(): YAMLMap {
    const document = parseDocument(this.text);
    const [fault] = document.errors;
    if (fault !== undefined) throw new UsageError(`${this.path} is not valid YAML: ${fault.message}`);
    if (!isMap(document.contents)) throw new UsageError(`${this.path} must hold a map of keys and values`);
    return document.contents;
  }

  private map(path: Path): YAMLMap | undefined {
    const found = path.length === 0 ? this.root() : this.pair(path)?.value;
    return isMap(found) ? found : undefined;
  }

  private pair(path: Path): Pair | undefined {
    const key = path.at(-1);
    return this.map(path.slice(0, -1))?.items.find((item) => keyText(item.key) === key);
  }

  private lineOf(pair: Pair): { lineStart: number; indent: string } {
    const [start] = rangeOf(pair.key as Node);
    const lineStart = this.text.lastIndexOf("\n", start - 1) + 1;
    const indent = this.text.slice(lineStart, start);
    if (indent.trim() !== "") {
      throw new UsageError(`${this.path}: write ${keyText(pair.key)} on a line of its own, instead of within { }`);
    }
    return { lineStart, indent };
  }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function rangeOf(node: Node): [start: number, end: number] {
  if (!node.range) throw new Error("a node that no text stands for");
  return [node.range[0], node.range[1]];
}

/** A byte on the pair's last line. */
function lastByte({ key, value }: Pair): number {
  if (!isNode(value)) return rangeOf(key as Node)[1];
  if (isMap(value) && value.flow !== true) {
    const last = value.items.at(-1);
    return last === undefined ? rangeOf(value)[1] : lastByte(last);
  }
  return Math.max(rangeOf(value)[1] - 1, 0);
}

function written(value: Written): string {
  return Array.isArray(value) ? `[${value.map((item: string) => scalar(item)).join(", ")}]` : scalar(value as string);
}

/**
 * Text without quotes where every reader takes it for that text. The Pulumi CLI reads YAML 1.1 and Node 1.2, and a SHA
 * such as 12e4… is a number to both, an account id with a leading 0 an octal one to the first.
 */
function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const plain = /^[\w*][\w./:@?=-]*$/.test(value) && !/[:?]$/.test(value) && !value.startsWith("*");
  const same = plain && (["1.1", "1.2"] as const).every((version) => parse(value, { version }) === value);
  return same ? value : JSON.stringify(value);
}
