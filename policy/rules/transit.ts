import type * as aws from "@pulumi/aws";

import { refusesPlainHttp } from "../lib/documents";
import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const cfViewerHttps = rule(
  {
    name: "cf-viewer-https",
    description: "CloudFront serves its viewers over HTTPS alone",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["CloudFront.3", "CloudFront distributions should require encryption in transit"],
    remediationSteps: "Set viewerProtocolPolicy to redirect-to-https or https-only in every behaviour.",
  },
  on<aws.cloudfront.DistributionArgs>(types.distribution, ({ props, report }) => {
    for (const behaviour of [props.at("defaultCacheBehavior"), ...props.at("orderedCacheBehaviors").items()]) {
      const policy = behaviour.at("viewerProtocolPolicy");
      if (policy.isNot("redirect-to-https", "https-only")) {
        report(policy, "lets viewers use HTTP", "set it to redirect-to-https or https-only");
      }
    }
  }),
);

/** One year, in seconds: what browsers' preload lists ask for at least. */
const year = 31_536_000;

export const cfSecurityHeaders = rule(
  {
    name: "cf-security-headers",
    description: "CloudFront tells browsers to come back over HTTPS alone",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
    remediationSteps: "Give each behaviour a response headers policy with strictTransportSecurity of one year.",
  },
  on<aws.cloudfront.DistributionArgs>(types.distribution, ({ props, report }) => {
    for (const behaviour of [props.at("defaultCacheBehavior"), ...props.at("orderedCacheBehaviors").items()]) {
      const policy = behaviour.at("responseHeadersPolicyId");
      if (policy.isEmpty()) report(policy, "is not set", "set a ResponseHeadersPolicy with securityHeadersConfig");
    }
  }),
  on<aws.cloudfront.ResponseHeadersPolicyArgs>(types.responseHeadersPolicy, ({ props, report }) => {
    const hsts = props.at("securityHeadersConfig").at("strictTransportSecurity").at("accessControlMaxAgeSec");
    if (hsts.unknown || Number(hsts.known ?? 0) >= year) return;
    report(hsts, "is not set to a year or more", `set it to ${year}`);
  }),
);

/** Policies of TLS 1.2 and 1.3 with forward secrecy; the `Ext` ones bring back older ciphers. */
const modernTls = /^ELBSecurityPolicy-TLS13-1-[23]-(Res-)?(FIPS-)?(PQ-)?\d{4}-\d{2}$/;

export const albTlsPolicy = rule(
  {
    name: "alb-tls-policy",
    description: "HTTPS listeners take TLS 1.2 and newer with modern ciphers",
    severity: "medium",
    levels: "R/M/M",
    fsbp: ["ELB.17", "Application and Network Load Balancers with listeners should use recommended security policies"],
    remediationSteps: "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer.",
    remedy: { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
  },
  on<aws.lb.ListenerArgs>(types.listener, ({ props, report }) => {
    const policy = props.at("sslPolicy");
    if (!props.at("protocol").is("HTTPS", "TLS") || policy.unknown || modernTls.test(policy.text ?? "")) return;
    report(policy, "is not a modern TLS policy", "set it to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer");
  }),
);

export const albHardening = rule(
  {
    name: "alb-hardening",
    description: "Load balancers drop invalid headers and refuse ambiguous requests",
    severity: "medium",
    levels: "R/R/M",
    fsbp: ["ELB.4", "Application Load Balancer should be configured to drop invalid http headers"],
    remediationSteps: "Set dropInvalidHeaderFields to true; leave desyncMitigationMode at defensive, or set strictest.",
    remedy: { dropInvalidHeaderFields: true, desyncMitigationMode: "defensive" },
  },
  on<aws.lb.LoadBalancerArgs>(types.loadBalancer, ({ props, report }) => {
    // Network and gateway load balancers do not read HTTP.
    if (props.at("loadBalancerType").is("network", "gateway")) return;
    const drop = props.at("dropInvalidHeaderFields");
    if (drop.isNot(true)) report(drop, "is not on", "set it to true");
    const mode = props.at("desyncMitigationMode");
    if (!mode.isEmpty() && mode.isNot("defensive", "strictest")) {
      report(mode, "lets ambiguous requests through", "set it to defensive or strictest");
    }
  }),
);

export const ecsEfsTls = rule(
  {
    name: "ecs-efs-tls",
    description: "Tasks reach their EFS volumes over TLS",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-best-practices.html",
    remediationSteps: "Set efsVolumeConfiguration.transitEncryption to ENABLED.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    for (const volume of props.at("volumes").items()) {
      const efs = volume.at("efsVolumeConfiguration");
      if (!efs.isEmpty() && efs.at("transitEncryption").isNot("ENABLED")) {
        report(efs.at("transitEncryption"), "is not ENABLED", "set it to ENABLED");
      }
    }
  }),
);

/** Hops of the answer. AWS: a container is one further from the instance than a program on it. */
const mostHops = 2;

export const imdsv2 = rule(
  {
    name: "imdsv2",
    description: "Instances answer metadata requests with a session token alone, and nobody beyond their containers",
    severity: "high",
    levels: "R/M/M",
    fsbp: ["EC2.8", "EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)"],
    remediationSteps: "Set metadataOptions.httpTokens to required, httpPutResponseHopLimit to 2 or less.",
    remedy: { "metadataOptions.httpTokens": "required" },
  },
  on<aws.ec2.LaunchTemplateArgs>([...types.launchTemplate, ...types.instance], ({ props, report }) => {
    const options = props.at("metadataOptions");
    if (options.at("httpEndpoint").is("disabled")) return;
    if (options.at("httpTokens").isNot("required")) {
      report(options.at("httpTokens"), "is not required", "set it to required");
    }
    const hops = options.at("httpPutResponseHopLimit");
    if (Number(hops.known ?? 0) > mostHops) report(hops, `is more than ${mostHops}`, `set it to ${mostHops} or less`);
  }),
  on<aws.sagemaker.NotebookInstanceArgs>(types.notebook, ({ props, report }) => {
    const version = props.at("instanceMetadataServiceConfiguration").at("minimumInstanceMetadataServiceVersion");
    if (version.isNot("2")) report(version, "is not 2", 'set it to "2"');
  }),
);

export const s3SslOnly = stackRule(
  {
    name: "s3-ssl-only",
    description: "Every bucket refuses requests that do not come over TLS",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["S3.5", "S3 general purpose buckets should require requests to use SSL"],
    remediationSteps:
      "Add a BucketPolicy that denies s3:* on the bucket and its objects when aws:SecureTransport is false.",
  },
  types.bucket,
  ({ stack, report }) => {
    for (const bucket of stack.ofType(types.bucket)) {
      const policies = [
        bucket.props.dig("policy"),
        ...stack.referrers(bucket, "bucket", types.bucketPolicy).map((policy) => policy.props.dig("policy")),
      ];
      if (policies.some((policy) => policy.unknown || refusesPlainHttp(policy, ["s3:*"], true))) continue;
      const set = "add a BucketPolicy: Deny s3:* on the bucket and its objects when aws:SecureTransport is false";
      report(bucket, "policy", "lets requests in without TLS", set);
    }
  },
);

export const sqsSnsSsl = stackRule(
  {
    name: "sqs-sns-ssl",
    description: "Queues and topics refuse requests that do not come over TLS",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    remediationSteps: "Add a QueuePolicy or TopicPolicy that denies when aws:SecureTransport is false.",
  },
  [...types.queue, ...types.topic],
  ({ stack, report }) => {
    const kinds = [
      [types.queue, "queueUrl", types.queuePolicy, ["sqs:*", "SQS:*"], "a QueuePolicy: Deny sqs:*"],
      [
        types.topic,
        "arn",
        types.topicPolicy,
        ["sns:Publish", "SNS:Publish", "sns:*"],
        "a TopicPolicy: Deny sns:Publish",
      ],
    ] as const;
    for (const [targets, property, policyTypes, actions, cure] of kinds) {
      for (const target of stack.ofType(targets)) {
        const policies = [
          target.props.dig("policy"),
          ...stack.referrers(target, property, policyTypes).map((policy) => policy.props.dig("policy")),
        ];
        if (policies.some((policy) => policy.unknown || refusesPlainHttp(policy, actions))) continue;
        report(target, "policy", "lets requests in without TLS", `add ${cure} when aws:SecureTransport is false`);
      }
    }
  },
);
