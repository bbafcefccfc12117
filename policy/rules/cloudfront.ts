import type * as aws from "@pulumi/aws";

import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const cfOac = rule(
  {
    name: "cf-oac",
    description: "CloudFront reads private buckets and function URLs, signing each request",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["CloudFront.13", "CloudFront distributions should use origin access control"],
    remediationSteps:
      "Give the origin an originAccessControlId whose signingBehavior is always; keep the bucket private.",
  },
  on<aws.cloudfront.DistributionArgs>(types.distribution, ({ props, report }) => {
    for (const origin of props.at("origins").items()) {
      const domain = origin.at("domainName");
      const name = domain.text ?? "";
      const control = origin.at("originAccessControlId");
      if (/\.s3-website[.-]/.test(name)) {
        report(domain, "is a website endpoint, which is public", "use the bucket's bucketRegionalDomainName");
        continue;
      }
      // An origin that is no server of its own is a bucket, whatever its name will be.
      const custom = origin.at("customOriginConfig");
      const isBucket = custom.isEmpty() && origin.at("vpcOriginConfig").isEmpty();
      const isFunction = /\.lambda-url\.[^.]+\.on\.aws$/.test(name);
      if ((isBucket || isFunction) && control.isEmpty()) {
        report(control, "is not set", "set it to an aws.cloudfront.OriginAccessControl");
      }
    }
  }),
  on<aws.cloudfront.OriginAccessControlArgs>(types.originAccessControl, ({ props, report }) => {
    const signing = props.at("signingBehavior");
    if (signing.isNot("always")) report(signing, "leaves requests unsigned", "set it to always");
  }),
);

export const cfWaf = rule(
  {
    name: "cf-waf",
    description: "A web application firewall stands before every distribution",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["CloudFront.6", "CloudFront distributions should have WAF enabled"],
    remediationSteps: "Set webAclId to a wafv2.WebAcl of scope CLOUDFRONT.",
  },
  on<aws.cloudfront.DistributionArgs>(types.distribution, ({ props, report }) => {
    const acl = props.at("webAclId");
    if (acl.isEmpty()) report(acl, "is not set", "set it to the ARN of a wafv2.WebAcl of scope CLOUDFRONT");
  }),
);

export const cfLogs = stackRule(
  {
    name: "cf-logs",
    description: "Every distribution logs its requests",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["CloudFront.5", "CloudFront distributions should have logging enabled"],
    remediationSteps: "Add a LogDeliverySource of type ACCESS_LOGS for the distribution, and a LogDelivery of it.",
  },
  types.distribution,
  ({ stack, report }) => {
    for (const distribution of stack.ofType(types.distribution)) {
      const bucket = distribution.props.dig("loggingConfig", "bucket");
      if (bucket.unknown || !bucket.isEmpty()) continue;
      const delivered = stack
        .referrers(distribution, "resourceArn", types.logDeliverySource)
        .some((source) => stack.referrers(source, "deliverySourceName", types.logDelivery).length > 0);
      if (delivered) continue;
      report(distribution, "access log", "is missing", "add a LogDeliverySource for it, and a LogDelivery of that");
    }
  },
);
