import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { isMap, isScalar, type Node } from "yaml";

import { unknown } from "../sandbox/values";
import { UsageError } from "./usage";
import { entriesOf, readYaml, valueOf, type SettingsFile } from "./yaml";

/** A Pulumi project on disk. */
export interface Project {
  readonly directory: string;
  readonly name: string;
  /** File or directory of the program. */
  readonly main: string;
  readonly file: SettingsFile;
}

/** A stack's configuration as a program meets it: text, structured values as JSON, keys with their namespace. */
export interface StackConfig {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** The stack file names Pulumi ESC environments, which only the real Pulumi can read. */
  readonly environments: boolean;
}

const projectFiles = ["Pulumi.yaml", "Pulumi.yml"];

/** The project that a directory is in: the nearest Pulumi.yaml upward. */
export function findProject(from: string): Project {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    const found = projectFiles.map((file) => join(directory, file)).find(existsSync);
    if (found !== undefined) return readProject(directory, readYaml(found));
    if (directory === dirname(directory)) {
      throw new UsageError(`no Pulumi.yaml in ${resolve(from)} or above it: run this inside a Pulumi project`);
    }
  }
}

function readProject(directory: string, file: SettingsFile): Project {
  const settings = Object.fromEntries(entriesOf(file.content).map(([key, node]) => [key, valueOf(node)]));
  const { name, main } = settings;
  if (typeof name !== "string" || name === "") throw new UsageError(`${file.name} needs a "name"`);
  return { directory, name, main: join(directory, typeof main === "string" ? main : "."), file };
}

/** Names of the stacks that have a file. */
export function stacksOf(project: Project): string[] {
  return readdirSync(project.directory)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** `{ secure: "…" }`: a value that only the stack's secrets provider can decrypt. */
function isSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string";
}

function holdsSecure(value: unknown): boolean {
  if (isSecure(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecure);
}

function plain(value: unknown): unknown {
  if (isSecure(value)) return unknown;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * A value as Pulumi hands it to a program. A `secure:` value cannot be decrypted without the stack's secrets provider:
 * the program gets Pulumi's mark for an unknown value in its place, as a secret, so that a resource's input that it
 * becomes is an unknown secret. (A program that takes the text apart sees the mark itself.)
 */
function text(node: Node | null): string {
  if (isSecure(valueOf(node))) return unknown;
  // As written: 007 stays 007, and 1.10 stays 1.10.
  if (isScalar(node)) {
    return node.value === null
      ? ""
      : typeof node.value === "string"
        ? node.value
        : (node.source ?? JSON.stringify(node.value));
  }
  return node === null ? "" : JSON.stringify(plain(valueOf(node)));
}

function qualified(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

interface Collected {
  readonly values: Record<string, string>;
  readonly secretKeys: Set<string>;
}

function collect(into: Collected, key: string, node: Node | null): void {
  into.values[key] = text(node);
  if (holdsSecure(valueOf(node))) into.secretKeys.add(key);
  else into.secretKeys.delete(key);
}

/** Defaults of the project file; keys that it declares without a default must be set by the stack. */
function projectDefaults(project: Project, into: Collected): string[] {
  const config = project.file.content.get("config", true);
  const required: string[] = [];
  if (!isMap(config)) return required;
  for (const [name, node] of entriesOf(config)) {
    const key = qualified(project.name, name);
    if (!isMap(node) || isSecure(valueOf(node))) {
      collect(into, key, node);
    } else if (node.has("value") || node.has("default")) {
      collect(into, key, node.get(node.has("value") ? "value" : "default", true) ?? null);
    } else if (!name.includes(":")) {
      required.push(key);
    }
  }
  return required;
}

/** Reads `Pulumi.<stack>.yaml` over the project's defaults, as Pulumi does. */
export function readStack(project: Project, stack: string): StackConfig {
  const stacks = stacksOf(project);
  const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`].find((name) =>
    existsSync(join(project.directory, name)),
  );
  if (file === undefined || !stacks.includes(stack)) {
    const known = stacks.length === 0 ? "the project has no stack files" : `stacks with a file: ${stacks.join(", ")}`;
    throw new UsageError(`no stack "${stack}": Pulumi.${stack}.yaml is not in ${project.directory}; ${known}`);
  }
  const { content, name } = readYaml(join(project.directory, file));
  const collected: Collected = { values: {}, secretKeys: new Set() };
  const required = projectDefaults(project, collected);
  const config = content.get("config", true);
  if (config !== undefined && config !== null && !isMap(config) && !(isScalar(config) && config.value === null)) {
    throw new UsageError(`${name}: "config" must be a map of keys and values`);
  }
  if (isMap(config)) {
    for (const [key, node] of entriesOf(config)) collect(collected, qualified(project.name, key), node);
  }
  const missing = required.filter((key) => collected.values[key] === undefined);
  if (missing.length > 0) {
    throw new UsageError(missing.map((key) => `Stack '${stack}' is missing configuration value '${key}'`).join("\n"));
  }
  return { values: collected.values, secretKeys: [...collected.secretKeys], environments: content.has("environment") };
}
