import * as pulumi from "@pulumi/pulumi";

import { createErrorsAlarm } from "../edge/alarms";
import { createAccessLog } from "../edge/logging";
import { createViewerRecords } from "../edge/viewer";
import type { Access } from "../shared/access";
import { deployAccess } from "./access";
import { createBucket, createPolicy } from "./bucket";
import { createFront } from "./distribution";
import { createRouting } from "./functions";
import type { SiteLayout } from "./release";
import { check, settle } from "./rules";
import type { StaticSiteArgs, StaticSiteNodes } from "./types";

export type { SiteLayout, SiteMode } from "./release";
export type { StaticSiteApi, StaticSiteArgs, StaticSiteNodes, StaticSiteTransform } from "./types";

/**
 * A website of files: a private bucket behind CloudFront, one folder for each release, and a pointer to the current one
 * that CI moves in one step, forward or back.
 */
export class StaticSite extends pulumi.ComponentResource {
  /** Where users go: `https://` and the domain's name, or CloudFront's own. */
  public readonly url: pulumi.Output<string>;
  /** CloudFront's own name of the distribution. */
  public readonly domainName: pulumi.Output<string>;
  /** ID of the distribution: metrics, and invalidations where something has to vanish at once. */
  public readonly distributionId: pulumi.Output<string>;
  /** ARN of the distribution. */
  public readonly distributionArn: pulumi.Output<string>;
  /** Zone of `domainName`, for alias records. */
  public readonly hostedZoneId: pulumi.Output<string>;
  /** Name of the bucket. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the store that names the current release, under the key `release`. */
  public readonly keyValueStoreArn: pulumi.Output<string>;
  /** What the release script has to know of the site. */
  public readonly layout: SiteLayout;
  /** Upload, switch, roll back and clear away releases: for CI. Sets `BUCKET`, `KEY_VALUE_STORE_ARN` and `LAYOUT`. */
  public readonly deploy: Access;
  /** The raw resources. */
  public readonly nodes: StaticSiteNodes;

  constructor(name: string, args: StaticSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(args);
    const layout = check(name, settled);
    super("kiban:index:StaticSite", name, {}, opts);

    const transform = args.transform ?? {};
    const { keyArn, keep, logArchive } = args;
    const files = createBucket(this, name, { keyArn, keep, logArchive, restoreDays: settled.restoreDays }, transform);
    const routing = createRouting(this, name, layout, keep, transform);
    const front = createFront(this, name, settled, { layout, bucket: files.bucket, routing }, transform);
    const { distribution } = front;
    const policy = createPolicy(this, name, files, distribution.arn, transform);
    const records = createViewerRecords(this, name, settled.domain, distribution, transform.records);
    const accessLog = createAccessLog(this, name, distribution, logArchive, transform);
    const errorsAlarm = createErrorsAlarm(
      this,
      name,
      distribution.id,
      { errorRatePercent: settled.errorRatePercent, topicArn: args.alarmTopicArn, advice: advice(settled.api) },
      transform.errorsAlarm,
    );

    this.url = pulumi.interpolate`https://${settled.domain?.name ?? distribution.domainName}`;
    this.domainName = distribution.domainName;
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.hostedZoneId = distribution.hostedZoneId;
    this.bucketName = files.bucket.bucket;
    this.keyValueStoreArn = routing.keyValueStore.arn;
    this.layout = layout;
    const { bucketName, keyValueStoreArn } = this;
    this.deploy = deployAccess(name, { bucketName, bucketArn: files.bucket.arn, keyArn, keyValueStoreArn, layout });
    this.nodes = { ...files, ...routing, ...front, policy, records, ...accessLog, errorsAlarm };
    this.registerOutputs({
      url: this.url,
      domainName: this.domainName,
      distributionId: this.distributionId,
      distributionArn: this.distributionArn,
      hostedZoneId: this.hostedZoneId,
      bucketName,
      keyValueStoreArn,
      layout,
    });
  }
}

function advice(api: object | undefined): string {
  const site =
    "503 with a function's error means that the key value store names no release, else that S3 is overloaded.";
  return api === undefined
    ? site
    : `${site} On the API's paths 502 and 504 mean that it does not reach the load balancer.`;
}
