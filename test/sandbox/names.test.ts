import assert from "node:assert/strict";

import { autoName, nameRule } from "../../sandbox/names";
import { type Values } from "../../sandbox/values";

function name(type: string, resource: string, inputs: Values = {}): string | undefined {
  return autoName(type, `urn:pulumi:dev::kiban::${type}::${resource}`, inputs)?.name;
}

// Source of every row: pulumi/pulumi-aws v7, provider/resource_overrides.go and provider/autonaming.go.
const rows: [type: string, property: string, pattern: RegExp][] = [
  ["aws:sns/topic:Topic", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:s3/bucket:Bucket", "bucket", /^web-[0-9a-f]{7}$/],
  ["aws:lb/loadBalancer:LoadBalancer", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:alb/targetGroup:TargetGroup", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:iam/role:Role", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:iam/policy:Policy", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:kms/alias:Alias", "name", /^alias\/Web-[0-9a-f]{7}$/],
  ["aws:glue/catalogDatabase:CatalogDatabase", "name", /^web_[a-z]{8}$/],
  ["aws:athena/database:Database", "name", /^Web_[0-9a-f]{7}$/],
  ["aws:rds/instance:Instance", "identifier", /^Web[0-9a-f]{7}$/],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId", /^web-[0-9a-f]{7}$/],
  ["aws:cloudwatch/eventTarget:EventTarget", "targetId", /^Web-[0-9a-f]{7}$/],
  ["aws:lambda/permission:Permission", "statementId", /^Web-[0-9a-f]{7}$/],
  ["aws:s3/bucketObjectv2:BucketObjectv2", "key", /^Web$/],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:ecs/service:Service", "name", /^Web-[0-9a-f]{7}$/],
  ["aws:wafv2/webAcl:WebAcl", "name", /^Web-[0-9a-f]{7}$/],
];

const limits: [type: string, max: number][] = [
  ["aws:lb/loadBalancer:LoadBalancer", 32],
  ["aws:lb/targetGroup:TargetGroup", 32],
  ["aws:iam/role:Role", 64],
  ["aws:lambda/function:Function", 64],
  ["aws:cloudwatch/eventRule:EventRule", 64],
  ["aws:sqs/queue:Queue", 80],
  ["aws:sns/topic:Topic", 80],
  ["aws:s3/bucket:Bucket", 63],
  ["aws:dynamodb/table:Table", 255],
];

describe("names that the provider makes up", () => {
  for (const [type, property, pattern] of rows) {
    it(type, () => {
      const made = autoName(type, `urn:pulumi:dev::kiban::${type}::Web`, {});
      assert.equal(made?.property, property);
      assert.match(made?.name ?? "", pattern);
    });
  }

  for (const [type, max] of limits) {
    it(`${type} are ${max} long at most, longer ones refused with the provider's words`, () => {
      assert.equal(nameRule(type)?.max, max);
      const longest = "x".repeat(max - 8);
      assert.equal(name(type, longest)?.length, max);
      assert.throws(() => name(type, `${longest}x`), {
        message: `name '${longest}x-' plus 7 random chars is longer than maximum length ${max}`,
      });
    });
  }

  it("end in .fifo for FIFO queues and topics", () => {
    assert.match(name("aws:sqs/queue:Queue", "q", { fifoQueue: true }) ?? "", /^q-[0-9a-f]{7}\.fifo$/);
    assert.match(name("aws:sns/topic:Topic", "t", { fifoTopic: true }) ?? "", /^t-[0-9a-f]{7}\.fifo$/);
    assert.doesNotMatch(name("aws:sqs/queue:Queue", "q", { fifoQueue: false }) ?? "", /fifo/);
  });

  it("are not made where the program names the resource, or a prefix", () => {
    assert.equal(name("aws:sns/topic:Topic", "t", { name: "mine" }), undefined);
    assert.equal(name("aws:sns/topic:Topic", "t", { namePrefix: "mine" }), undefined);
    assert.equal(name("aws:s3/bucket:Bucket", "b", { bucketPrefix: "mine" }), undefined);
  });

  it("are not made for names that mean something else, nor where there is no name", () => {
    for (const type of [
      "aws:route53/record:Record",
      "aws:ecs/taskDefinition:TaskDefinition",
      "aws:ec2/vpc:Vpc",
      "aws:rds/cluster:Cluster",
    ]) {
      assert.equal(nameRule(type), undefined, type);
    }
  });

  it("are the same in every plan, and others in another stack", () => {
    const of = (stack: string): string | undefined =>
      autoName("aws:sns/topic:Topic", `urn:pulumi:${stack}::kiban::aws:sns/topic:Topic::t`, {})?.name;
    assert.equal(of("dev"), of("dev"));
    assert.notEqual(of("dev"), of("prod"));
  });
});
