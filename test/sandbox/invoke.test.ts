import assert from "node:assert/strict";

import { invoke } from "../../sandbox/invoke";
import { readProvider } from "../../sandbox/provider";
import { text, type Values } from "../../sandbox/values";

const tokyo = readProvider({ region: "ap-northeast-1", allowedAccountIds: '["111111111111"]' });

/** `ec2/getManagedPrefixList` becomes its token. */
function ask(path: string, args: Values = {}, provider = tokyo): Values {
  return invoke(`aws:${path}:${path.split("/")[1] ?? ""}`, args, provider);
}

describe("stand-in data sources", () => {
  it("know the account, region and partition of the provider", () => {
    assert.equal(ask("index/getCallerIdentity")["accountId"], "111111111111");
    assert.equal(ask("index/getRegion")["region"], "ap-northeast-1");
    assert.equal(ask("index/getPartition")["partition"], "aws");
    assert.equal(ask("index/getPartition")["dnsSuffix"], "amazonaws.com");
  });

  it("answer for a region of the call's own", () => {
    assert.equal(ask("index/getRegion", { region: "us-east-1" })["region"], "us-east-1");
  });

  it("know the other partitions", () => {
    assert.equal(ask("index/getPartition", {}, readProvider({ region: "cn-north-1" }))["partition"], "aws-cn");
    assert.equal(ask("index/getPartition", {}, readProvider({ region: "us-gov-west-1" }))["partition"], "aws-us-gov");
  });

  // Source: AWS General Reference; Tokyo offers a, c and d to new accounts.
  it("know the zones of a region", () => {
    assert.deepEqual(ask("index/getAvailabilityZones")["names"], [
      "ap-northeast-1a",
      "ap-northeast-1c",
      "ap-northeast-1d",
    ]);
  });

  // Source: VPC User Guide, "AWS-managed prefix lists".
  it("know CloudFront's origin-facing prefix list", () => {
    const list = ask("ec2/getManagedPrefixList", { name: "com.amazonaws.global.cloudfront.origin-facing" });
    assert.equal(list["id"], "pl-58a04531");
    assert.equal(list["ownerId"], "AWS");
  });

  // Source: Elastic Load Balancing guide, "Enable access logs": the table of regions.
  it("know the load balancers' log account", () => {
    assert.equal(ask("elb/getServiceAccount")["arn"], "arn:aws:iam::582318560864:root");
  });

  it("find a hosted zone by name", () => {
    const zone = ask("route53/getZone", { name: "example.com." });
    assert.equal(zone["name"], "example.com");
    assert.match(text(zone["zoneId"]) ?? "", /^Z[A-Z2-7]{20}$/);
  });

  // Source: the provider's documentation of aws_iam_policy_document.
  it("render a policy document", () => {
    const { json } = ask("iam/getPolicyDocument", {
      statements: [
        {
          sid: "Read",
          actions: ["s3:GetObject"],
          resources: ["arn:aws:s3:::b/*", "arn:aws:s3:::b"],
          principals: [{ type: "Service", identifiers: ["ecs.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["111111111111"] }],
        },
      ],
    });
    assert.deepEqual(JSON.parse(text(json) ?? ""), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: ["arn:aws:s3:::b/*", "arn:aws:s3:::b"],
          Principal: { Service: "ecs.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
        },
      ],
    });
  });

  it("say what they do not know, and where to add it", () => {
    assert.throws(() => ask("ec2/getAmi"), {
      message:
        "the stand-in for AWS has no answer to aws:ec2/getAmi:getAmi; add one to sandbox/invoke.ts, or use an output of a resource instead",
    });
    assert.throws(() => invoke("gcp:x/getY:getY", {}, tokyo), /no answer to gcp:x\/getY:getY/);
  });
});
