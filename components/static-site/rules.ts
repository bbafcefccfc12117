import type { Domain } from "../certificate/domain";
import type { PriceClass } from "../edge/edge";
import type { ContentSecurityPolicy } from "../edge/headers";
import type { EdgeOrigin } from "../edge/origin";
import {
  checkDomainChoice,
  checkErrorRate,
  checkInternal,
  checkName,
  checkOrigin,
  checkPaths,
  checkTimeout,
  checkWaf,
} from "../edge/rules";
import { settleWaf, type SettledWaf } from "../edge/waf";
import { Faults } from "../shared/check";
import type { SiteLayout, SiteMode } from "./release";
import type { StaticSiteArgs } from "./types";

/** The paths that a load balancer answers, with every default in place. */
export interface SettledApi {
  readonly origin: EdgeOrigin;
  readonly paths: readonly string[];
  readonly responseTimeoutSeconds: number;
}

/** The plain arguments with every default in place. */
export interface Settled {
  readonly keep: boolean;
  readonly mode: SiteMode;
  readonly immutablePaths: readonly string[];
  /** Undefined, and then a fault, where `static` does not say it. */
  readonly indexDocument: string | undefined;
  /** Undefined in `spa`. */
  readonly notFoundDocument: string | undefined;
  readonly api: SettledApi | undefined;
  readonly domain: Domain | undefined;
  readonly withoutDomain: boolean;
  readonly waf: SettledWaf | undefined;
  readonly contentSecurityPolicy: ContentSecurityPolicy;
  readonly priceClass: PriceClass;
  readonly errorRatePercent: number;
  readonly restoreDays: number;
}

/** To begin with: whatever comes from elsewhere shows in the browser's console, and nothing is stopped. */
const ownContentOnly: ContentSecurityPolicy = {
  policy: [
    "default-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
  ].join("; "),
};

export function settle(args: StaticSiteArgs): Settled {
  const spa = args.mode === "spa";
  return {
    keep: args.keep,
    mode: args.mode,
    immutablePaths: args.immutablePaths,
    indexDocument: args.indexDocument ?? (spa ? "index.html" : undefined),
    notFoundDocument: args.notFoundDocument ?? (spa ? undefined : "404.html"),
    api: args.api && {
      origin: args.api.origin,
      paths: args.api.paths ?? ["/api/*"],
      responseTimeoutSeconds: args.api.responseTimeoutSeconds ?? 30,
    },
    domain: args.domain,
    withoutDomain: args.withoutDomain ?? false,
    waf: args.waf === undefined ? undefined : settleWaf(args.waf),
    contentSecurityPolicy: args.contentSecurityPolicy ?? ownContentOnly,
    priceClass: args.priceClass ?? "PriceClass_200",
    errorRatePercent: args.errorRatePercent ?? 5,
    restoreDays: args.restoreDays ?? 30,
  };
}

/** Reports everything that is wrong with the plain arguments, before anything registers; what is right is the layout. */
export function check(name: string, settled: Settled): SiteLayout {
  const faults = new Faults("StaticSite", name);
  checkName(faults, name);
  // The name prefixes the variables of the access, and is part of the bucket's name.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    faults.add("name", name, "kebab-case, such as www-site", "rename the component");
  }
  const { domain, withoutDomain, api } = settled;
  checkDocuments(faults, settled);
  if (api !== undefined) checkInternal(faults, "api.origin", api.origin);
  const given = checkDomainChoice(faults, { domain, withoutDomain }, "CloudFront's own certificate");
  if (api !== undefined) {
    if (given) checkOrigin(faults, "api.origin", api.origin, domain);
    checkTimeout(faults, "api.responseTimeoutSeconds", api.responseTimeoutSeconds);
  }
  checkBehaviors(faults, settled);
  checkErrorRate(faults, settled.errorRatePercent);
  checkWaf(faults, settled.waf);
  if (!Number.isInteger(settled.restoreDays) || settled.restoreDays < 1) {
    faults.add("restoreDays", settled.restoreDays, "a whole number from 1", "set 30");
  }
  faults.raise();
  const { mode, indexDocument = "", notFoundDocument, immutablePaths } = settled;
  return { mode, indexDocument, ...(notFoundDocument !== undefined && { notFoundDocument }), immutablePaths };
}

const page = /^[A-Za-z0-9][A-Za-z0-9_.-]*\.html$/;

function checkDocuments(faults: Faults, { mode, indexDocument, notFoundDocument }: Settled): void {
  if (indexDocument === undefined || !page.test(indexDocument)) {
    const allowed = "an HTML file of the build's top folder, such as index.html";
    faults.add("indexDocument", indexDocument, allowed, "set the file that answers for / and for folders");
  }
  if (notFoundDocument === undefined) return;
  if (mode === "spa") {
    faults.add("notFoundDocument", notFoundDocument, "nothing in spa mode", "let the app show it, or set mode: static");
  } else if (!page.test(notFoundDocument) || notFoundDocument === indexDocument) {
    const allowed = "an HTML file of the build's top folder besides the index, such as 404.html";
    faults.add("notFoundDocument", notFoundDocument, allowed, "set the file that says that a page is not there");
  }
}

function checkBehaviors(faults: Faults, { immutablePaths, api }: Settled): void {
  // AWS: 75 cache behaviors a distribution, the default one among them.
  const most = 74 - (api?.paths.length ?? 0);
  checkPaths(faults, "immutablePaths", immutablePaths, most);
  if (api === undefined) return;
  checkPaths(faults, "api.paths", api.paths, 74);
  if (api.paths.length === 0) {
    faults.add("api.paths", api.paths, "at least one pattern", "set /api/*, or leave api out");
  }
  for (const path of api.paths.filter((pattern) => immutablePaths.includes(pattern))) {
    faults.add("api.paths", path, "paths that are not immutable", "remove it from one of the two");
  }
}
