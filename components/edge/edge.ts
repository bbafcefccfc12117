import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Certificate, CertificateTransform } from "../certificate/certificate";
import type { Domain } from "../certificate/domain";
import type { Override } from "../shared/override";
import type { LogDestination } from "../shared/placement";
import { createErrorsAlarm } from "./alarms";
import { cachedBehavior, createCachePolicy, forwardedBehavior } from "./behaviors";
import { createDistribution } from "./distribution";
import { createHeadersPolicy, type ContentSecurityPolicy } from "./headers";
import { createAccessLog, type AccessLog, type AccessLogTransform } from "./logging";
import { createVpcOrigin, loadBalancerOrigin, type EdgeOrigin } from "./origin";
import { check, settle } from "./rules";
import { createViewer, createViewerRecords } from "./viewer";
import { createWaf, type EdgeWaf, type Waf, type WafTransform } from "./waf";

/** Where CloudFront answers from: 100 North America and Europe, 200 Asia too, All the whole world. */
export type PriceClass = "PriceClass_100" | "PriceClass_200" | "PriceClass_All";

export interface EdgeArgs {
  /** The internal load balancer that users are led to: `LoadBalancer.origin`. */
  readonly origin: EdgeOrigin;
  /** The users' names; the load balancer has the same. Makes the certificate, the aliases and the records. @default none */
  readonly domain?: Domain;
  /** Says that there is no domain yet: CloudFront's certificate, and HTTP inside the VPC. @default false */
  readonly withoutDomain?: boolean;
  /** Takes the access log. */
  readonly logArchive: LogDestination;
  /** SNS topic in us-east-1 that every alarm goes to: CloudFront's metrics are there. */
  readonly alarmTopicArn: pulumi.Input<string>;
  /** A firewall in front. @default none */
  readonly waf?: EdgeWaf;
  /** Paths whose answers CloudFront keeps as the origin's Cache-Control says, such as `/assets/*`. @default none */
  readonly cachedPaths?: readonly string[];
  /** A Content-Security-Policy for answers without one. @default none */
  readonly contentSecurityPolicy?: ContentSecurityPolicy;
  /** Where CloudFront answers from. @default "PriceClass_200" */
  readonly priceClass?: PriceClass;
  /** Seconds that CloudFront waits for the origin's answer, 1 to 120. @default 30 */
  readonly responseTimeoutSeconds?: number;
  /** Share of 5xx answers, in percent, above which the alarm goes off. @default 5 */
  readonly errorRatePercent?: number;
  /** Last word on each child, by the same key as in `nodes`. @default none */
  readonly transform?: EdgeTransform;
}

export interface EdgeTransform extends AccessLogTransform, WafTransform {
  readonly vpcOrigin?: Override<aws.cloudfront.VpcOriginArgs>;
  readonly headersPolicy?: Override<aws.cloudfront.ResponseHeadersPolicyArgs>;
  readonly cachePolicy?: Override<aws.cloudfront.CachePolicyArgs>;
  /** Reaches the certificate's own children. */
  readonly certificate?: CertificateTransform;
  readonly distribution?: Override<aws.cloudfront.DistributionArgs>;
  /** Applied to every record. */
  readonly records?: Override<aws.route53.RecordArgs>;
  readonly errorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** The raw children; `undefined` where the arguments do not ask for one. */
export interface EdgeNodes extends AccessLog, Partial<Waf> {
  readonly vpcOrigin: aws.cloudfront.VpcOrigin;
  readonly headersPolicy: aws.cloudfront.ResponseHeadersPolicy;
  readonly cachePolicy: aws.cloudfront.CachePolicy | undefined;
  readonly certificate: Certificate | undefined;
  readonly distribution: aws.cloudfront.Distribution;
  /** By name and type, such as `app.example.com AAAA`. */
  readonly records: Readonly<Record<string, aws.route53.Record>>;
  readonly errorsAlarm: aws.cloudwatch.MetricAlarm;
}

/**
 * CloudFront in front of an internal load balancer: TLS for users from the first day, no way around it, and the
 * firewall, the log and the alarm where the traffic comes in.
 */
export class Edge extends pulumi.ComponentResource {
  /** Where users go: `https://` and the domain's name, or CloudFront's own. */
  public readonly url: pulumi.Output<string>;
  /** CloudFront's own name of the distribution. */
  public readonly domainName: pulumi.Output<string>;
  /** ID of the distribution: invalidations, metrics. */
  public readonly distributionId: pulumi.Output<string>;
  /** ARN of the distribution. */
  public readonly distributionArn: pulumi.Output<string>;
  /** Zone of `domainName`, for alias records. */
  public readonly hostedZoneId: pulumi.Output<string>;
  /** The raw resources. */
  public readonly nodes: EdgeNodes;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(args);
    check(name, settled);
    super("kiban:index:Edge", name, {}, opts);

    const transform = args.transform ?? {};
    const vpcOrigin = createVpcOrigin(this, name, settled.origin, transform.vpcOrigin);
    const headersPolicy = createHeadersPolicy(this, name, settled, transform.headersPolicy);
    const cachePolicy =
      settled.cachedPaths.length > 0 ? createCachePolicy(this, name, transform.cachePolicy) : undefined;
    const viewer = createViewer(this, name, settled.domain, settled.origin.certificateNames, transform.certificate);
    const waf = settled.waf === undefined ? undefined : createWaf(this, name, settled.waf, transform);
    const origin = loadBalancerOrigin(vpcOrigin, settled.origin, settled.responseTimeoutSeconds);
    const distribution = createDistribution(
      this,
      name,
      {
        ...viewer.args,
        priceClass: settled.priceClass,
        origins: [origin.origin],
        defaultCacheBehavior: forwardedBehavior(origin.id, headersPolicy.id),
        ...(cachePolicy !== undefined && {
          orderedCacheBehaviors: settled.cachedPaths.map((path) =>
            cachedBehavior(path, origin.id, cachePolicy.id, headersPolicy.id),
          ),
        }),
        ...(waf !== undefined && { webAclId: waf.webAcl.arn }),
      },
      transform.distribution,
    );
    const records = createViewerRecords(this, name, settled.domain, distribution, transform.records);
    const accessLog = createAccessLog(this, name, distribution, args.logArchive, transform);
    const alarm = { errorRatePercent: settled.errorRatePercent, topicArn: args.alarmTopicArn };
    const errorsAlarm = createErrorsAlarm(this, name, distribution.id, alarm, transform.errorsAlarm);

    this.url = pulumi.interpolate`https://${settled.domain?.name ?? distribution.domainName}`;
    this.domainName = distribution.domainName;
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.hostedZoneId = distribution.hostedZoneId;
    const { certificate } = viewer;
    const parts = { vpcOrigin, headersPolicy, cachePolicy, certificate, distribution, records, errorsAlarm };
    this.nodes = { ...parts, ...accessLog, ...waf };
    this.registerOutputs({
      url: this.url,
      domainName: this.domainName,
      distributionId: this.distributionId,
      distributionArn: this.distributionArn,
      hostedZoneId: this.hostedZoneId,
    });
  }
}
