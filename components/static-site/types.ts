import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Certificate, CertificateTransform } from "../certificate/certificate";
import type { Domain } from "../certificate/domain";
import type { PriceClass } from "../edge/edge";
import type { ContentSecurityPolicy } from "../edge/headers";
import type { AccessLog, AccessLogTransform } from "../edge/logging";
import type { EdgeOrigin } from "../edge/origin";
import type { EdgeWaf, Waf, WafTransform } from "../edge/waf";
import type { LoggedBucket, LoggedBucketTransform } from "../shared/bucket";
import type { Override } from "../shared/override";
import type { LogDestination } from "../shared/placement";
import type { SiteMode } from "./release";

/** Paths that a load balancer answers, not the bucket. */
export interface StaticSiteApi {
  /** The internal load balancer of the services: `LoadBalancer.origin`. Its certificate has to cover the site's names. */
  readonly origin: EdgeOrigin;
  /** Patterns of the paths that go there, with every method, cookie and header, and are never kept. @default ["/api/*"] */
  readonly paths?: readonly string[];
  /** Seconds that CloudFront waits for an answer, 1 to 120. @default 30 */
  readonly responseTimeoutSeconds?: number;
}

export interface StaticSiteArgs {
  /**
   * Key that encrypts the files, in the stack's region; its services have `cloudfront`, which reads them. Files that are
   * there stay under the key that they came with.
   */
  readonly keyArn: Input<string>;
  /** Whether AWS and Pulumi refuse to delete the files and the pointer to the current release. */
  readonly keep: boolean;
  /**
   * `spa`: a path without a file extension shows the index document, and the app finds its way. `static`: every page is
   * a file, `/about` is `/about/index.html` or `/about.html`, and a page that is not there is a 404.
   */
  readonly mode: SiteMode;
  /**
   * Paths of files whose names change with their content, such as `/assets/*` (Vite), `/_astro/*` or `/_next/static/*`.
   * Browsers keep them for a year, and they outlive their release. `[]` where the build has none.
   */
  readonly immutablePaths: readonly string[];
  /** The file that answers for `/`, and in `static` for every folder. @default "index.html" in spa; static has to say it */
  readonly indexDocument?: string;
  /** The page that answers, with status 404, for one that is not there; in `static` alone. @default "404.html" */
  readonly notFoundDocument?: string;
  /** Sends some paths to a load balancer. @default none */
  readonly api?: StaticSiteApi;
  /** The users' names. Makes the certificate, the aliases and the records. @default none */
  readonly domain?: Domain;
  /** Says that there is no domain yet: CloudFront's name and certificate. @default false */
  readonly withoutDomain?: boolean;
  /** Takes the access logs of CloudFront and of the bucket; in the stack's region. */
  readonly logArchive: LogDestination;
  /** SNS topic in us-east-1 that every alarm goes to: CloudFront's metrics are there. */
  readonly alarmTopicArn: Input<string>;
  /** A firewall in front. @default none */
  readonly waf?: EdgeWaf;
  /** The Content-Security-Policy. @default reports, in the browser's console, what comes from elsewhere */
  readonly contentSecurityPolicy?: ContentSecurityPolicy;
  /** Where CloudFront answers from. @default "PriceClass_200" */
  readonly priceClass?: PriceClass;
  /** Share of 5xx answers, in percent, above which the alarm goes off. @default 5 */
  readonly errorRatePercent?: number;
  /** Days that a deleted release can still be brought back, 1 or more. @default 30 */
  readonly restoreDays?: number;
  /** Last word on each child, by the same key as in `nodes`. @default none */
  readonly transform?: StaticSiteTransform;
}

export interface StaticSiteTransform extends LoggedBucketTransform, AccessLogTransform, WafTransform {
  readonly keyValueStore?: Override<aws.cloudfront.KeyValueStoreArgs>;
  readonly release?: Override<aws.cloudfront.KeyvaluestoreKeyArgs>;
  readonly requestFunction?: Override<aws.cloudfront.FunctionArgs>;
  readonly notFoundFunction?: Override<aws.cloudfront.FunctionArgs>;
  readonly immutableFunction?: Override<aws.cloudfront.FunctionArgs>;
  readonly originAccess?: Override<aws.cloudfront.OriginAccessControlArgs>;
  readonly pageHeadersPolicy?: Override<aws.cloudfront.ResponseHeadersPolicyArgs>;
  readonly headersPolicy?: Override<aws.cloudfront.ResponseHeadersPolicyArgs>;
  readonly vpcOrigin?: Override<aws.cloudfront.VpcOriginArgs>;
  /** Reaches the certificate's own children. */
  readonly certificate?: CertificateTransform;
  readonly distribution?: Override<aws.cloudfront.DistributionArgs>;
  /** Applied to every record. */
  readonly records?: Override<aws.route53.RecordArgs>;
  readonly errorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** Where the files are. */
export type SiteBucket = Omit<LoggedBucket, "policy">;

/** What finds the file of a request. */
export interface SiteRouting {
  readonly keyValueStore: aws.cloudfront.KeyValueStore;
  readonly release: aws.cloudfront.KeyvaluestoreKey;
  readonly requestFunction: aws.cloudfront.Function;
  readonly notFoundFunction: aws.cloudfront.Function | undefined;
  readonly immutableFunction: aws.cloudfront.Function | undefined;
}

/** The raw children; `undefined` where the arguments do not ask for one. */
export interface StaticSiteNodes extends SiteBucket, SiteRouting, AccessLog, Partial<Waf> {
  readonly policy: aws.s3.BucketPolicy;
  readonly originAccess: aws.cloudfront.OriginAccessControl;
  readonly pageHeadersPolicy: aws.cloudfront.ResponseHeadersPolicy;
  /** Of the immutable paths and the API, which say themselves how long to keep. */
  readonly headersPolicy: aws.cloudfront.ResponseHeadersPolicy | undefined;
  readonly vpcOrigin: aws.cloudfront.VpcOrigin | undefined;
  readonly certificate: Certificate | undefined;
  readonly distribution: aws.cloudfront.Distribution;
  /** By name and type, such as `www.example.com AAAA`. */
  readonly records: Readonly<Record<string, aws.route53.Record>>;
  readonly errorsAlarm: aws.cloudwatch.MetricAlarm;
}
