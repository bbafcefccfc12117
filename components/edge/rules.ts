import { checkDomain, covers, domainNames, type Domain } from "../certificate/domain";
import { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import type { EdgeArgs, PriceClass } from "./edge";
import type { ContentSecurityPolicy } from "./headers";
import type { EdgeOrigin } from "./origin";
import { settleWaf, type SettledWaf } from "./waf";

/** The plain arguments with every default in place. */
export interface Settled {
  readonly origin: EdgeOrigin;
  readonly domain: Domain | undefined;
  readonly withoutDomain: boolean;
  readonly cachedPaths: readonly string[];
  readonly contentSecurityPolicy: ContentSecurityPolicy | undefined;
  readonly priceClass: PriceClass;
  readonly responseTimeoutSeconds: number;
  readonly errorRatePercent: number;
  readonly waf: SettledWaf | undefined;
}

export function settle(args: EdgeArgs): Settled {
  return {
    origin: args.origin,
    domain: args.domain,
    withoutDomain: args.withoutDomain ?? false,
    cachedPaths: args.cachedPaths ?? [],
    contentSecurityPolicy: args.contentSecurityPolicy,
    priceClass: args.priceClass ?? "PriceClass_200",
    responseTimeoutSeconds: args.responseTimeoutSeconds ?? 30,
    errorRatePercent: args.errorRatePercent ?? 5,
    waf: args.waf === undefined ? undefined : settleWaf(args.waf),
  };
}

/** Reports everything that is wrong with the plain arguments, before anything registers. */
export function check(name: string, settled: Settled): void {
  const faults = new Faults("Edge", name);
  checkName(faults, name);
  const { domain, withoutDomain, origin } = settled;
  checkInternal(faults, "origin", origin);
  const given = checkDomainChoice(
    faults,
    { domain, withoutDomain },
    "CloudFront's own certificate and HTTP inside the VPC",
  );
  if (given) checkOrigin(faults, "origin", origin, domain);
  checkTimeout(faults, "responseTimeoutSeconds", settled.responseTimeoutSeconds);
  checkErrorRate(faults, settled.errorRatePercent);
  checkWaf(faults, settled.waf);
  // AWS: 75 cache behaviors a distribution, the default one among them.
  checkPaths(faults, "cachedPaths", settled.cachedPaths, 74);
  faults.raise();
}

/** AWS: a log delivery source's name has at most 60 characters; ours is `${name}-log-destination-` and 7 random ones. */
export function checkName(faults: Faults, name: string): void {
  if (name.length > 36) faults.add("name", name, "at most 36 characters (AWS: 60 with our suffix)", "shorten it");
}

/** Reports a load balancer that CloudFront does not reach. */
export function checkInternal(faults: Faults, path: string, origin: EdgeOrigin): void {
  if (origin.internal) return;
  faults.add(
    path,
    "a public load balancer",
    "an internal load balancer",
    "leave public out of the load balancer: CloudFront reaches it through a VPC origin",
  );
}

/** Reports a front that has neither a domain nor says so, or a domain that is none; says whether there was a choice. */
export function checkDomainChoice(
  faults: Faults,
  { domain, withoutDomain }: { readonly domain: Domain | undefined; readonly withoutDomain: boolean },
  instead: string,
): boolean {
  if (domain === undefined && !withoutDomain) {
    const cure = `set domain, or withoutDomain where ${instead} will do`;
    faults.add("domain", domain, "a domain, or withoutDomain: true", cure);
    return false;
  }
  if (domain === undefined) return true;
  if (withoutDomain) {
    faults.add("withoutDomain", true, "domain or withoutDomain, not both", "remove withoutDomain");
  }
  checkDomain(faults, domain);
  if (domain.name.length > 64) {
    faults.add("domain.name", domain.name, "at most 64 characters (ACM)", "set a shorter name");
  }
  return true;
}

/** Reports a load balancer whose certificate does not fit the front's names. */
export function checkOrigin(faults: Faults, path: string, origin: EdgeOrigin, domain: Domain | undefined): void {
  if (domain === undefined) {
    if (origin.https) {
      faults.add("withoutDomain", true, "an origin without a domain", "set the load balancer's domain here, too");
    }
    return;
  }
  if (!origin.https) {
    faults.add(`${path}.https`, false, "an HTTPS origin behind a domain", "give the load balancer the same domain");
    return;
  }
  for (const host of domainNames(domain).filter((n) => !covers(origin.certificateNames, n))) {
    faults.add(
      "domain",
      host,
      "names that the load balancer's certificate covers, for CloudFront passes the Host header on",
      "add it to the load balancer's domain.aliases",
    );
  }
}

/** AWS: VpcOriginConfig, OriginReadTimeout. */
export function checkTimeout(faults: Faults, path: string, seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 120) {
    faults.add(path, seconds, "1 to 120", "set 30, or answer early and work on in the background");
  }
}

export function checkErrorRate(faults: Faults, rate: number): void {
  if (!(rate > 0 && rate < 100)) faults.add("errorRatePercent", rate, "more than 0, less than 100", "set 5");
}

export function checkWaf(faults: Faults, waf: SettledWaf | undefined): void {
  if (waf === undefined) return;
  // AWS WAF: RateBasedStatement, Limit.
  if (!Number.isInteger(waf.rateLimit) || waf.rateLimit < 10 || waf.rateLimit > 2_000_000_000) {
    faults.add("waf.rateLimit", waf.rateLimit, "10 to 2000000000", "set 2000");
  }
  if (!isLogRetention(waf.retentionDays)) {
    faults.add("waf.retentionDays", waf.retentionDays, "a retention that CloudWatch Logs has", "set 30");
  }
}

/** Reports patterns that CloudFront refuses or that leave nothing for the default behavior, and more than `most`. */
export function checkPaths(faults: Faults, argument: string, paths: readonly string[], most: number): void {
  if (paths.length > most) faults.add(argument, `${paths.length} paths`, `at most ${most}`, "use wildcards");
  for (const path of new Set(paths)) {
    if (!/^\/[A-Za-z0-9_\-.*$/~"'@:+?&]*$/.test(path) || path.length > 255 || path === "/*") {
      faults.add(argument, path, "patterns such as /assets/*, not everything", "start with / and name a folder");
    }
    if (paths.indexOf(path) !== paths.lastIndexOf(path)) {
      faults.add(argument, path, "each path once", "remove the second one");
    }
  }
}
