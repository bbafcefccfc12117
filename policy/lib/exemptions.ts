import { parse } from "yaml";

import { hint } from "./near";
import { stackOf } from "./environment";

/** A finding that is accepted for a time: which, why, who answers for it, and how long. */
export interface Exemption {
  readonly rule: string;
  /** URN in which `*` stands for anything; or `type` and `name`. */
  readonly resource?: string;
  readonly type?: string;
  /** Name in which `*` stands for anything. */
  readonly name?: string;
  /** Stack that it is for. @default that of the URN, or every stack */
  readonly stack?: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO date: the last day on which it holds. */
  readonly expires: string;
}

/** Keys of an entry, with what each is for. */
export const exemptionKeys = {
  rule: "name of the rule",
  resource: "URN of the resource, with * for anything",
  type: "type token of the resource, beside name, in place of its URN",
  name: "name of the resource, with * for anything, beside type",
  stack: "the one stack that it is for",
  reason: "why the finding is accepted",
  owner: "who answers for it",
  expires: "last day, an ISO date at most a year ahead",
} as const;

const required = ["rule", "reason", "owner", "expires"] as const;

/** Days before its end from which an exemption warns. */
export const warningDays = 14;
/** An exemption is for a time: a longer one would be a rule that is switched off, which has its own setting. */
const mostDays = 366;

type Entry = Partial<Record<keyof typeof exemptionKeys, unknown>>;

/** The entries of a file, YAML or JSON, as they are written. Throws on what is no list. */
export function parseExemptions(text: string): unknown[] {
  const entries: unknown = parse(text);
  if (entries === null || entries === undefined) return [];
  if (!Array.isArray(entries)) throw new Error("must be a list of exemptions");
  return entries;
}

/** Every fault of an entry; `where` names it. */
export function faultsOfExemption(entry: unknown, where: string, rules: readonly string[], today: string): string[] {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return [`${where} must be an object with ${Object.keys(exemptionKeys).join(", ")}`];
  }
  const given = entry as Entry;
  const about = `${where}${typeof given.rule === "string" ? ` (${given.rule})` : ""}`;
  const known = Object.keys(exemptionKeys);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  const text = (key: keyof Entry): string => (typeof given[key] === "string" ? given[key].trim() : "");
  const wrong = known.filter((key) => key in given && typeof given[key as keyof Entry] !== "string");
  return [
    ...unknown.map((key) => `has no key "${key}"${hint(key, known)}; keys: ${known.join(", ")}`),
    ...wrong.map((key) => `needs a text as "${key}"`),
    ...required.filter((key) => text(key) === "").map((key) => `needs "${key}": ${exemptionKeys[key]}`),
    ...(text("rule") === "" || rules.includes(text("rule"))
      ? []
      : [`names no rule of the pack${hint(text("rule"), rules)}`]),
    ...faultsOfPlace(text("resource"), text("type"), text("name")),
    ...(text("expires") === "" ? [] : faultsOfDate(text("expires"), today)),
  ].map((fault) => `${about} ${fault}`);
}

function faultsOfPlace(resource: string, type: string, name: string): string[] {
  const [byUrn, byName] = [resource !== "", type !== "" || name !== ""];
  if (byUrn && byName) return ['has both "resource" and "type" or "name": keep one way to name the resource'];
  if (byUrn) return resource.startsWith("urn:pulumi:") ? [] : ['needs a URN as "resource", such as urn:pulumi:dev::*'];
  return type !== "" && name !== "" ? [] : ['needs "resource", a URN, or both "type" and "name"'];
}

function faultsOfDate(expires: string, today: string): string[] {
  if (!isDate(expires)) return [`needs an ISO date as "expires", such as ${today}, not ${JSON.stringify(expires)}`];
  return daysBetween(today, expires) <= mostDays ? [] : [`expires in more than a year: set a date up to a year ahead`];
}

/** `2027-06-30`, and a day that there is. */
export function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** What is to be said of an exemption at the end of a run. */
export interface Notice {
  readonly urn: string | undefined;
  readonly level: "mandatory" | "advisory";
  readonly message: string;
}

/** The exemptions of a run: which of them hold, and which were of use. */
export class Exemptions {
  private readonly used = new Map<Exemption, string>();

  constructor(
    private readonly entries: readonly Exemption[],
    private readonly today: string,
  ) {}

  /** The exemption that takes a finding away; one that has expired does not. */
  find(rule: string, urn: string): Exemption | undefined {
    const meant = this.entries.filter((entry) => entry.rule === rule && matches(entry, urn));
    for (const entry of meant) this.used.set(entry, this.used.get(entry) ?? urn);
    return meant.find((entry) => daysBetween(this.today, entry.expires) >= 0);
  }

  /** Exemptions of a stack that end soon, have ended, or were for nothing. */
  notices(stack: string): Notice[] {
    return this.entries.filter((entry) => (stackFor(entry) ?? stack) === stack).flatMap((entry) => this.notice(entry));
  }

  private notice(entry: Exemption): Notice[] {
    const urn = this.used.get(entry);
    const about = `exemption from ${entry.rule} for ${entry.resource ?? `${entry.type} ${entry.name}`} (${entry.owner})`;
    const days = daysBetween(this.today, entry.expires);
    if (days < 0) {
      const cure = "mend the resource and remove the entry, or renew it with its reason";
      return [{ urn, level: "mandatory", message: `${about} expired on ${entry.expires}: ${cure}` }];
    }
    if (urn === undefined) {
      return [{ urn, level: "advisory", message: `${about} matches no finding: remove the entry` }];
    }
    if (days > warningDays) return [];
    const left = days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;
    return [{ urn, level: "advisory", message: `${about} ends ${left}: mend the resource, or renew the entry` }];
  }
}

function matches(entry: Exemption, urn: string): boolean {
  if (entry.stack !== undefined && entry.stack !== stackOf(urn)) return false;
  if (entry.resource !== undefined) return fits(entry.resource, urn);
  const [, , qualified = "", name = ""] = urn.split("::");
  return fits(entry.name ?? "", name) && qualified.split("$").at(-1) === entry.type;
}

function fits(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s").test(text);
}

/** The stack that an exemption is for; undefined where it may be any. */
function stackFor(entry: Exemption): string | undefined {
  const named = entry.stack ?? stackOf(entry.resource ?? "");
  return named === "" || named.includes("*") ? undefined : named;
}
