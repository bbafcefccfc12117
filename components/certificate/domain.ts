import type { Input } from "@pulumi/pulumi";

import type { Faults } from "../shared/check";

/** The names that users type, and the hosted zone that holds them all. */
export interface Domain {
  /** The name that users see, such as `app.example.com`. No wildcard: links are made of it. */
  readonly name: string;
  /** Route 53 zone of all the names. */
  readonly zoneId: Input<string>;
  /** Further names of the same zone, wildcards such as `*.example.com` among them. @default none */
  readonly aliases?: readonly string[];
}

/** Every name of the domain, the main one first. */
export function domainNames(domain: Domain): readonly string[] {
  return [domain.name, ...(domain.aliases ?? [])];
}

/** The name that ACM asks to be proven: `*.example.com` and `example.com` are proven by one and the same record. */
export function provenName(name: string): string {
  return name.replace(/^\*\./, "");
}

/** Whether a certificate of these names is good for that host. A wildcard stands for exactly one label (RFC 6125). */
export function covers(names: readonly string[], host: string): boolean {
  return names.includes(host) || names.includes(host.replace(/^[^.]+\./, "*."));
}

// ACM and CloudFront: lower case, labels of up to 63 characters, 253 in all.
const domainName = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reports each name that is no domain name, or is given twice; `wildcard` says whether `*.` may lead. */
export function checkNames(faults: Faults, path: string, names: readonly string[], wildcard: boolean): void {
  const allowed = wildcard
    ? "a lower-case domain name, a leading *. included, of at most 253 characters"
    : "a lower-case domain name without wildcard, of at most 253 characters";
  const seen = new Set<string>();
  for (const name of names) {
    if (!domainName.test(name) || name.length > 253 || (!wildcard && name.startsWith("*."))) {
      faults.add(path, name, allowed, "set a name such as app.example.com");
    } else if (seen.has(name)) {
      faults.add(path, name, "each name once", "remove the second one");
    }
    seen.add(name);
  }
}

/** Reports what is wrong with the names of a domain. */
export function checkDomain(faults: Faults, domain: Domain): void {
  checkNames(faults, "domain.name", [domain.name], false);
  checkNames(faults, "domain.aliases", domain.aliases ?? [], true);
  if (domain.aliases?.includes(domain.name) === true) {
    faults.add("domain.aliases", domain.name, "names besides domain.name", "remove it from the aliases");
  }
}
