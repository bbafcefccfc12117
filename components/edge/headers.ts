import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";

/** A Content-Security-Policy that CloudFront adds to answers without one. */
export interface ContentSecurityPolicy {
  /** The directives, such as `default-src 'self'`. */
  readonly policy: string;
  /** Whether browsers obey it; else they only report, which is how to try it out. @default false */
  readonly enforce?: boolean;
}

/** One year, what browsers' preload lists ask for at least. */
const hstsSeconds = 31_536_000;

/** What differs between one headers policy and another. */
export interface HeadersSettings {
  readonly contentSecurityPolicy: ContentSecurityPolicy | undefined;
  /** What browsers hear, whatever the origin says. CloudFront's own cache does not. @default the origin's word */
  readonly cacheControl?: string;
}

/**
 * The headers that every answer carries. `nosniff` and HSTS always hold; the rest only where the origin is silent, for a
 * service may know better which page may be framed.
 */
export function createHeadersPolicy(
  parent: pulumi.Resource,
  name: string,
  { contentSecurityPolicy: csp, cacheControl }: HeadersSettings,
  transform: Override<aws.cloudfront.ResponseHeadersPolicyArgs> | undefined,
): aws.cloudfront.ResponseHeadersPolicy {
  const custom = [
    ...(csp !== undefined && csp.enforce !== true
      ? [{ header: "Content-Security-Policy-Report-Only", value: csp.policy, override: false }]
      : []),
    ...(cacheControl !== undefined ? [{ header: "Cache-Control", value: cacheControl, override: true }] : []),
  ];
  return new aws.cloudfront.ResponseHeadersPolicy(
    `${name}-headers`,
    override<aws.cloudfront.ResponseHeadersPolicyArgs>(
      {
        securityHeadersConfig: {
          // Not for subdomains: an apex would speak for hosts of the company that this stack knows nothing of.
          strictTransportSecurity: { accessControlMaxAgeSec: hstsSeconds, includeSubdomains: false, override: true },
          contentTypeOptions: { override: true },
          frameOptions: { frameOption: "DENY", override: false },
          referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
          ...(csp?.enforce === true && {
            contentSecurityPolicy: { contentSecurityPolicy: csp.policy, override: false },
          }),
        },
        ...(custom.length > 0 && { customHeadersConfig: { items: custom } }),
        // Both name the software that answers, which helps attackers alone.
        removeHeadersConfig: { items: [{ header: "Server" }, { header: "X-Powered-By" }] },
      },
      transform,
    ),
    { parent },
  );
}
