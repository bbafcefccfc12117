import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Environment } from "./environment";
import { type Exemption, Exemptions, faultsOfExemption, isDate, parseExemptions } from "./exemptions";
import { hint } from "./near";
import { type PackSettings, dayItself } from "./settings";

/** A policy by its name, with the keys of its configuration. */
export interface Configurable {
  readonly name: string;
  readonly configSchema?: { readonly properties?: object };
}

/** What the engine hands to a pack: properties by policy, defaults filled in. */
export type Given = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The block that concerns the pack as a whole. */
export const packName = "pack";

/** File of exemptions where the configuration names none. */
const usualFile = "exemptions.yaml";

/** Names and keys that no rule has; the SDK would let them pass, and a slip would look like a setting in force. */
export function faultsOfConfig(given: Given, policies: readonly Configurable[]): string[] {
  const names = policies.map(({ name }) => name);
  return [...given].flatMap(([name, properties]) => {
    const keys = Object.keys(properties);
    if (name === "all") return keys.length === 0 ? [] : [`"all" sets a level alone, not ${keys.join(", ")}`];
    const policy = policies.find((candidate) => candidate.name === name);
    if (policy === undefined) return [`"${name}" is no rule of the pack${hint(name, names)}`];
    const known = ["enforcementLevel", ...Object.keys(policy.configSchema?.properties ?? {})];
    return keys
      .filter((key) => !known.includes(key))
      .map((key) => `"${name}" has no key "${key}"${hint(key, known)}; keys: ${known.join(", ")}`);
  });
}

/** The settings of the whole pack, and what is wrong with them. */
export function settle(given: Given, policies: readonly Configurable[], directory: string): [PackSettings, string[]] {
  const block = given.get(packName) ?? {};
  const today = (block["today"] as string | undefined) ?? dayItself();
  if (!isDate(today)) return [settings(block, [], dayItself()), [`"${packName}" needs an ISO date as "today"`]];
  const { entries, faults } = exemptionsOf(block, directory);
  const names = policies.map(({ name }) => name).filter((name) => name !== packName);
  const wrong = entries.flatMap(({ entry, where }) => faultsOfExemption(entry, where, names, today));
  const all = [...faults, ...wrong];
  const sound = all.length > 0 ? [] : entries.map(({ entry }) => entry as Exemption);
  return [settings(block, sound, today), all];
}

function settings(block: Readonly<Record<string, unknown>>, entries: Exemption[], today: string): PackSettings {
  return {
    environments: (block["environments"] as Record<string, Environment> | undefined) ?? {},
    strictUnknown: block["strictUnknown"] === true,
    exemptions: new Exemptions(entries, today),
  };
}

interface Found {
  readonly entries: readonly { readonly entry: unknown; readonly where: string }[];
  readonly faults: readonly string[];
}

function exemptionsOf(block: Readonly<Record<string, unknown>>, directory: string): Found {
  const inline = (block["exemptions"] as unknown[] | undefined) ?? [];
  const named = block["exemptionsFile"] as string | undefined;
  const file = named ?? usualFile;
  const path = resolve(directory, file);
  const beside = inline.map((entry, index) => ({ entry, where: `exemption ${index + 1}` }));
  if (!existsSync(path)) {
    return { entries: beside, faults: named === undefined ? [] : [`the file of exemptions is not there: ${path}`] };
  }
  try {
    const read = parseExemptions(readFileSync(path, "utf8"));
    const entries = read.map((entry, index) => ({ entry, where: `${file}: exemption ${index + 1}` }));
    return { entries: [...entries, ...beside], faults: [] };
  } catch (error) {
    return { entries: beside, faults: [`${file}: ${(error as Error).message}`] };
  }
}
