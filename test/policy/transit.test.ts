import assert from "node:assert/strict";

import * as rules from "../../policy/rules/transit";
import { type Break, type Props, StackBuilder, UNKNOWN, assertLevels, testRule } from "./harness";

const distribution = "aws:cloudfront/distribution:Distribution";
const listener = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"];
const loadBalancer = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];

describe("encryption in transit", () => {
  const https = (path: string): Break[] =>
    [undefined, "allow-all"].map((value) => [
      `${path}.viewerProtocolPolicy`,
      value,
      `${path}.viewerProtocolPolicy lets viewers use HTTP: set it to redirect-to-https or https-only`,
    ]);
  testRule(
    rules.cfViewerHttps,
    distribution,
    {
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
      orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }, { viewerProtocolPolicy: "https-only" }],
    },
    [...https("defaultCacheBehavior"), ...https("orderedCacheBehaviors[1]")],
  );

  const headers = (path: string): Break => [
    `${path}.responseHeadersPolicyId`,
    undefined,
    `${path}.responseHeadersPolicyId is not set: set a ResponseHeadersPolicy with securityHeadersConfig`,
  ];
  testRule(
    rules.cfSecurityHeaders,
    distribution,
    {
      defaultCacheBehavior: { responseHeadersPolicyId: "policy" },
      orderedCacheBehaviors: [{ responseHeadersPolicyId: "policy" }],
    },
    [headers("defaultCacheBehavior"), headers("orderedCacheBehaviors[0]")],
  );
  const hsts = "securityHeadersConfig.strictTransportSecurity";
  const short = `${hsts}.accessControlMaxAgeSec is not set to a year or more: set it to 31536000`;
  testRule(
    rules.cfSecurityHeaders,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    { securityHeadersConfig: { strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true } } },
    [
      [`${hsts}.accessControlMaxAgeSec`, 31535999, short],
      [hsts, undefined, short],
      ["securityHeadersConfig", undefined, short],
    ],
  );

  const modern = "set it to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer";
  for (const type of listener) {
    testRule(
      rules.albTlsPolicy,
      type,
      { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      [
        undefined,
        "ELBSecurityPolicy-2016-08",
        "ELBSecurityPolicy-TLS13-1-0-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
      ].map((value) => ["sslPolicy", value, `sslPolicy is not a modern TLS policy: ${modern}`]),
    );
  }
  for (const sslPolicy of [
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
  ]) {
    testRule(rules.albTlsPolicy, "aws:lb/listener:Listener", { protocol: "TLS", sslPolicy }, []);
  }
  testRule(rules.albTlsPolicy, "aws:lb/listener:Listener", { protocol: "HTTP" }, []);

  for (const type of loadBalancer) {
    const through = "desyncMitigationMode lets ambiguous requests through: set it to defensive or strictest";
    testRule(rules.albHardening, type, { dropInvalidHeaderFields: true }, [
      ["dropInvalidHeaderFields", undefined, "dropInvalidHeaderFields is not on: set it to true"],
      ["dropInvalidHeaderFields", false, "dropInvalidHeaderFields is not on: set it to true"],
      ["desyncMitigationMode", "monitor", through],
    ]);
    testRule(rules.albHardening, type, { loadBalancerType: "network" }, []);
  }

  const efs = "volumes[1].efsVolumeConfiguration.transitEncryption";
  testRule(
    rules.ecsEfsTls,
    "aws:ecs/taskDefinition:TaskDefinition",
    {
      volumes: [
        { name: "tmp" },
        { name: "data", efsVolumeConfiguration: { fileSystemId: "f", transitEncryption: "ENABLED" } },
      ],
    },
    [undefined, "DISABLED"].map((value) => [efs, value, `${efs} is not ENABLED: set it to ENABLED`]),
  );

  for (const type of ["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"]) {
    const message = "metadataOptions.httpTokens is not required: set it to required";
    testRule(rules.imdsv2, type, { metadataOptions: { httpTokens: "required" } }, [
      ["metadataOptions.httpTokens", "optional", message],
      ["metadataOptions", undefined, message],
    ]);
    testRule(rules.imdsv2, type, { metadataOptions: { httpEndpoint: "disabled" } }, []);
  }
});

const deny = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const text = (changes: Props = {}) => JSON.stringify({ Version: "2012-10-17", Statement: [{ ...deny, ...changes }] });

describe("s3-ssl-only", () => {
  const rule = rules.s3SslOnly;
  const bucket = "aws:s3/bucket:Bucket";
  const message =
    "policy lets requests in without TLS: " +
    "add a BucketPolicy: Deny s3:* on the bucket and its objects when aws:SecureTransport is false";
  const withPolicy = (policy: unknown) =>
    new StackBuilder()
      .add(bucket, "data", {})
      .add("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: UNKNOWN, policy }, { links: { bucket: ["data"] } });

  it("passes the denial in each form that AWS takes, and an unknown policy", () => {
    for (const policy of [
      text(),
      text({ Action: ["s3:*"], Principal: { AWS: "*" } }),
      text({ Action: "*", Resource: "*" }),
      text({ Condition: { Bool: { "aws:SecureTransport": [false] } } }),
      JSON.stringify({ Statement: deny }),
      JSON.parse(text()) as unknown,
      UNKNOWN,
    ]) {
      assert.deepEqual(withPolicy(policy).messages(rule), []);
    }
    assert.deepEqual(new StackBuilder().add(bucket, "data", { policy: text() }).messages(rule), []);
  });

  it("reports a bucket without a policy, at the environment's level", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      assertLevels(rule, environment, new StackBuilder(environment).add(bucket, "data", {}).check(rule), [message]);
    }
  });

  it("reports a policy that is broken in any part", () => {
    for (const broken of [
      { Effect: "Allow" },
      { Principal: { AWS: "arn:aws:iam::111111111111:root" } },
      { Action: "s3:GetObject" },
      { Resource: "arn:aws:s3:::data" },
      { Resource: ["arn:aws:s3:::data/*"] },
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      { Condition: {} },
    ]) {
      assert.deepEqual(withPolicy(text(broken)).messages(rule), [`data: ${message}`], JSON.stringify(broken));
    }
  });

  it("takes no other bucket's policy for it", () => {
    assert.deepEqual(withPolicy(text()).add(bucket, "other", {}).messages(rule), [`other: ${message}`]);
  });
});

describe("sqs-sns-ssl", () => {
  const rule = rules.sqsSnsSsl;
  const topic = "aws:sns/topic:Topic";
  const queue = "aws:sqs/queue:Queue";
  const build = (stack: string, topicPolicy: unknown, queuePolicy: unknown) =>
    new StackBuilder(stack)
      .add(topic, "alarms", {})
      .add("aws:sns/topicPolicy:TopicPolicy", "topic-policy", { policy: topicPolicy }, { links: { arn: ["alarms"] } })
      .add(queue, "jobs", {})
      .add(
        "aws:sqs/queuePolicy:QueuePolicy",
        "queue-policy",
        { policy: queuePolicy },
        { links: { queueUrl: ["jobs"] } },
      );
  const good = [text({ Action: "sns:Publish", Resource: "x" }), text({ Action: "sqs:*", Resource: "x" })] as const;
  const topicMessage =
    "policy lets requests in without TLS: add a TopicPolicy: Deny sns:Publish when aws:SecureTransport is false";
  const queueMessage =
    "policy lets requests in without TLS: add a QueuePolicy: Deny sqs:* when aws:SecureTransport is false";

  it("passes the denial, and an unknown policy", () => {
    assert.deepEqual(build("prod", ...good).messages(rule), []);
    assert.deepEqual(build("prod", UNKNOWN, UNKNOWN).messages(rule), []);
    assert.deepEqual(new StackBuilder().add(topic, "alarms", { policy: good[0] }).messages(rule), []);
  });

  it("reports each that lacks it, at the environment's level", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      const findings = build(environment, text({ Action: "sns:Subscribe" }), text({ Action: "sqs:SendMessage" })).check(
        rule,
      );
      assertLevels(rule, environment, findings, [queueMessage, topicMessage]);
    }
    assert.deepEqual(new StackBuilder().add(queue, "jobs", {}).messages(rule), [`jobs: ${queueMessage}`]);
  });
});
