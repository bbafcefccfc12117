import * as aws from "@pulumi/aws";

import { opts } from "./base";
import { inner, open, vpc, webGroup } from "./network";
import { logs } from "./storage";

// alb-public-needs-waf, alb-hardening, alb-logs (connections are not), other-deletion-protection
const balancer = new aws.lb.LoadBalancer(
  "web",
  {
    internal: false,
    subnets: [open.id, inner.id],
    securityGroups: [webGroup.id],
    accessLogs: { enabled: true, bucket: logs.bucket },
  },
  opts,
);

// alb-target-tls
const targets = new aws.lb.TargetGroup(
  "web",
  { vpcId: vpc.id, targetType: "ip", port: 8080, protocol: "HTTP", healthCheck: { path: "/healthz" } },
  opts,
);
const defaultActions = [{ type: "forward", targetGroupArn: targets.arn }];

// alb-https
new aws.lb.Listener("http", { loadBalancerArn: balancer.arn, port: 80, protocol: "HTTP", defaultActions }, opts);

// alb-tls-policy
new aws.lb.Listener(
  "https",
  {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: "HTTPS",
    certificateArn: "arn:aws:acm:ap-northeast-1:333333333333:certificate/11111111-2222-3333-4444-555555555555",
    sslPolicy: "ELBSecurityPolicy-2016-08",
    defaultActions,
  },
  opts,
);

// cf-viewer-https, cf-min-tls, cf-origin-tls, cf-security-headers, cf-oac, cf-waf, cf-misc, cf-logs
new aws.cloudfront.Distribution(
  "site",
  {
    enabled: true,
    origins: [
      { originId: "files", domainName: "files.s3.ap-northeast-1.amazonaws.com" },
      {
        originId: "api",
        domainName: "api.example.com",
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "http-only",
          originSslProtocols: ["TLSv1.2"],
        },
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: "files",
      viewerProtocolPolicy: "allow-all",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  },
  opts,
);

// waf-logs
new aws.wafv2.WebAcl(
  "firewall",
  {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: "firewall", sampledRequestsEnabled: true },
  },
  opts,
);
