import assert from "node:assert/strict";

import { cfLogs, cfOac, cfWaf } from "../../policy/rules/cloudfront";
import { alarmsHaveActions, albLogs } from "../../policy/rules/logging";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, assertLevels, replaced, testRule } from "./harness";

const distribution = "aws:cloudfront/distribution:Distribution";
const environments = ["dev", "stg", "prod"] as const;

describe("what CloudFront reads", () => {
  const unset = (path: string): Break => [
    `${path}.originAccessControlId`,
    undefined,
    `${path}.originAccessControlId is not set: set it to an aws.cloudfront.OriginAccessControl`,
  ];
  const website = "site.s3-website-us-east-1.amazonaws.com";
  const bucket = "site.s3.ap-northeast-1.amazonaws.com";
  const origins = [
    { domainName: bucket, originAccessControlId: "control" },
    { domainName: UNKNOWN, originAccessControlId: UNKNOWN, originPath: "/immutable" },
    { domainName: "api.example.com", customOriginConfig: { originProtocolPolicy: "https-only" } },
    { domainName: "in.example.com", vpcOriginConfig: { vpcOriginId: "origin" } },
    {
      domainName: "a.lambda-url.eu-west-1.on.aws",
      customOriginConfig: { originProtocolPolicy: "https-only" },
      originAccessControlId: "control",
    },
  ];
  testRule(cfOac, distribution, { origins }, [
    unset("origins[0]"),
    unset("origins[1]"),
    unset("origins[4]"),
    ...[website, "site.s3-website.eu-central-1.amazonaws.com"].map((name): Break => [
      "origins[0].domainName",
      name,
      "origins[0].domainName is a website endpoint, which is public: use the bucket's bucketRegionalDomainName",
    ]),
  ]);
  const legacy = {
    domainName: bucket,
    s3OriginConfig: { originAccessIdentity: "identity" },
    originAccessControlId: "c",
  };
  testRule(cfOac, distribution, { origins: [legacy] }, [unset("origins[0]")]);
  it("cf-oac reports a website endpoint once, which no access control can sign for", () => {
    assert.equal(analyse(cfOac, distribution, { origins: [{ domainName: website }] }).length, 1);
  });
  testRule(cfOac, "aws:cloudfront/originAccessControl:OriginAccessControl", { signingBehavior: "always" }, [
    ["signingBehavior", "never", "signingBehavior leaves requests unsigned: set it to always"],
    ["signingBehavior", "no-override", "signingBehavior leaves requests unsigned: set it to always"],
  ]);

  testRule(cfWaf, distribution, { webAclId: "arn" }, [
    ...[undefined, ""].map((value): Break => [
      "webAclId",
      value,
      "webAclId is not set: set it to the ARN of a wafv2.WebAcl of scope CLOUDFRONT",
    ]),
  ]);
});

describe("cf-logs", () => {
  const missing = "access log is missing: add a LogDeliverySource for it, and a LogDelivery of that";
  const source = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
  const delivery = "aws:cloudwatch/logDelivery:LogDelivery";
  const one = (inputs: Props = {}, stack = "prod") => new StackBuilder(stack).add(distribution, "cdn", inputs);
  const withSource = () => one().add(source, "source", { resourceArn: UNKNOWN }, { links: { resourceArn: ["cdn"] } });

  it("passes either way of logging, and what is unknown", () => {
    assert.deepEqual(one({ loggingConfig: { bucket: "logs.s3.amazonaws.com" } }).messages(cfLogs), []);
    assert.deepEqual(one({ loggingConfig: UNKNOWN }).messages(cfLogs), []);
    const links = { links: { deliverySourceName: ["source"] } };
    assert.deepEqual(withSource().add(delivery, "delivery", {}, links).messages(cfLogs), []);
  });

  it("reports a distribution without, and a source that nothing delivers", () => {
    for (const environment of environments) {
      assertLevels(cfLogs, environment, one({}, environment).check(cfLogs), [missing]);
    }
    assert.deepEqual(one({ loggingConfig: {} }).messages(cfLogs), [`cdn: ${missing}`]);
    assert.deepEqual(withSource().messages(cfLogs), [`cdn: ${missing}`]);
    assert.deepEqual(withSource().add(delivery, "delivery", {}).messages(cfLogs), [`cdn: ${missing}`]);
  });
});

describe("alb-logs", () => {
  const good = { accessLogs: { enabled: true, bucket: "logs" }, connectionLogs: { enabled: true, bucket: "logs" } };
  for (const type of ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]) {
    testRule(
      albLogs,
      type,
      good,
      ["accessLogs", "connectionLogs"].flatMap((logs): Break[] => [
        [logs, undefined, `${logs}.enabled is not on: set it to true`],
        [`${logs}.enabled`, false, `${logs}.enabled is not on: set it to true`],
        [`${logs}.bucket`, "", `${logs}.bucket is not set: set it to the log bucket`],
      ]),
    );
    for (const loadBalancerType of ["network", "gateway"]) testRule(albLogs, type, { loadBalancerType }, []);
  }
});

describe("alarms-have-actions", () => {
  const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
  const one = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(alarm, "alarm", inputs);
  const good = { alarmActions: ["topic"], actionsEnabled: true };

  it("reports an alarm that tells nobody", () => {
    for (const environment of environments) {
      for (const [path, value, message] of [
        ["alarmActions", undefined, "alarmActions are not set: set them to the topic of the alarms"],
        ["alarmActions", [], "alarmActions are not set: set them to the topic of the alarms"],
        ["actionsEnabled", false, "actionsEnabled is off: remove it, or set it to true"],
      ] as const) {
        const findings = one(replaced(good, path, value), environment).check(alarmsHaveActions);
        assertLevels(alarmsHaveActions, environment, findings, [message]);
      }
    }
  });

  it("passes what is unknown, and a part of a composite alarm", () => {
    assert.deepEqual(one(good).messages(alarmsHaveActions), []);
    assert.deepEqual(one({ alarmActions: ["topic"] }).messages(alarmsHaveActions), []);
    assert.deepEqual(one({ alarmActions: UNKNOWN, actionsEnabled: UNKNOWN }).messages(alarmsHaveActions), []);
    assert.deepEqual(one({ alarmActions: [UNKNOWN] }).messages(alarmsHaveActions), []);
    const composite = ["aws:cloudwatch/compositeAlarm:CompositeAlarm", "both", { alarmRule: UNKNOWN }] as const;
    const part = one({}).add(...composite, { links: { alarmRule: ["alarm"] } });
    assert.deepEqual(part.messages(alarmsHaveActions), []);
  });
});
