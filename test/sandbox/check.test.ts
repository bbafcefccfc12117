import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, goJson } from "../../sandbox/check";
import { defaultsOf, typesWithDefaults } from "../../sandbox/defaults";
import { readProvider } from "../../sandbox/provider";
import { isPluginFramework } from "../../sandbox/schema/framework";
import { shapeOf } from "../../sandbox/schema/schema";
import { hasSecret, secret, unknown, type Value, type Values } from "../../sandbox/values";

const provider = readProvider({
  region: "ap-northeast-1",
  allowedAccountIds: '["111111111111"]',
  defaultTags: '{"tags":{"Environment":"dev","Owner":"platform"}}',
});

function checked(type: string, inputs: Values, name = "web", settings = provider): Values {
  const { inputs: made, failures } = check(type, `urn:pulumi:dev::kiban::${type}::${name}`, inputs, settings);
  assert.deepEqual(failures, []);
  return made;
}

const topic = "aws:sns/topic:Topic";
const role = "aws:iam/role:Role";
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
};

describe("checked inputs", () => {
  // Source: pulumi/pulumi-aws v7, provider/tags.go.
  describe("tags", () => {
    it("tagsAll is the default tags under the resource's own; tags stay as they are", () => {
      const inputs = checked(topic, { tags: { Owner: "data", Name: "t" } });
      assert.deepEqual(inputs["tags"], { Owner: "data", Name: "t" });
      assert.deepEqual(inputs["tagsAll"], { Environment: "dev", Name: "t", Owner: "data" });
    });
    it("without tags of its own there are the default tags, and no tags", () => {
      const inputs = checked(topic, {});
      assert.equal(inputs["tags"], undefined);
      assert.deepEqual(inputs["tagsAll"], { Environment: "dev", Owner: "platform" });
    });
    it("without any the sum is empty", () => {
      assert.deepEqual(checked(topic, {}, "web", readProvider({}))["tagsAll"], {});
    });
    it("one unknown tag makes the sum unknown", () => {
      assert.equal(checked(topic, { tags: { Name: unknown } })["tagsAll"], unknown);
    });
    it("ignored keys and prefixes are left out", () => {
      const ignoring = readProvider({ ignoreTags: '{"keys":["Owner"],"keyPrefixes":["aws:"]}' });
      const inputs = checked(topic, { tags: { Owner: "x", "aws:a": "y", Name: "t" } }, "web", ignoring);
      assert.deepEqual(inputs["tagsAll"], { Name: "t" });
    });
    it("types of the plugin framework leave tagsAll to AWS", () => {
      for (const type of [
        "aws:cloudfront/vpcOrigin:VpcOrigin",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      ]) {
        assert.ok(isPluginFramework(type));
        assert.equal(checked(type, { tags: { Name: "t" } })["tagsAll"], undefined);
      }
      assert.ok(!isPluginFramework(topic));
    });
    it("types without tags get none", () => {
      assert.equal(checked("aws:iam/rolePolicy:RolePolicy", { role: "r", policy: "{}" })["tagsAll"], undefined);
    });
  });

  // Source: pulumi/pulumi-aws v7, provider/region.go.
  describe("region", () => {
    it("comes from the provider, and is no default", () => {
      const inputs = checked(topic, {});
      assert.equal(inputs["region"], "ap-northeast-1");
      assert.ok(!(inputs["__defaults"] as Value[]).includes("region"));
    });
    it("of the resource itself stays", () => {
      assert.equal(checked(topic, { region: "us-east-1" })["region"], "us-east-1");
    });
    it("global types have none", () => {
      assert.equal(checked(role, { assumeRolePolicy: "{}" })["region"], undefined);
    });
  });

  // Source: pulumi/pulumi-aws v7, provider/resource_overrides.go, TransformJSONDocument.
  describe("policy documents", () => {
    it("become JSON text with sorted keys, as Go writes it", () => {
      const text = checked(role, { assumeRolePolicy: trust })["assumeRolePolicy"];
      const statement =
        '{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"}}';
      assert.equal(text, `{"Statement":[${statement}],"Version":"2012-10-17"}`);
    });
    it("that are text already stay as they are", () => {
      assert.equal(checked(role, { assumeRolePolicy: '{ "a": 1 }' })["assumeRolePolicy"], '{ "a": 1 }');
    });
    it("with one unknown are wholly unknown", () => {
      const document = { Version: "2012-10-17", Statement: [{ Resource: unknown }] };
      assert.equal(checked(role, { assumeRolePolicy: document })["assumeRolePolicy"], unknown);
    });
    it("with a secret are secret text", () => {
      const made = checked(role, { assumeRolePolicy: { Sid: secret("x") } })["assumeRolePolicy"];
      assert.deepEqual(made, secret('{"Sid":"x"}'));
      assert.ok(hasSecret(made));
    });
    it("of properties that take text alone are left to the program", () => {
      assert.deepEqual(shapeOf("aws:kms/key:Key")?.documents, []);
      assert.deepEqual(shapeOf("aws:s3/bucketPolicy:BucketPolicy")?.documents, ["policy"]);
      assert.deepEqual(shapeOf("aws:ecr/lifecyclePolicy:LifecyclePolicy")?.documents, ["policy"]);
    });
    it("escape what Go's encoder escapes", () => {
      assert.equal(goJson({ b: "<a&b>", a: [1] }), '{"a":[1],"b":"\\u003ca\\u0026b\\u003e"}');
    });
  });

  // Source: pulumi/pulumi-aws, provider/testdata/recorded/TestProviderUpgrade/lb/5.42.0/grpc.json: Check's answers.
  describe("defaults are those of recorded Check calls", () => {
    it("load balancer", () => {
      const inputs = checked("aws:lb/loadBalancer:LoadBalancer", {
        internal: false,
        loadBalancerType: "application",
        name: "example-load-balancer",
      });
      const recorded = {
        desyncMitigationMode: "defensive",
        dropInvalidHeaderFields: false,
        enableCrossZoneLoadBalancing: false,
        enableDeletionProtection: false,
        enableHttp2: true,
        enableTlsVersionAndCipherSuiteHeaders: false,
        enableWafFailOpen: false,
        enableXffClientPort: false,
        idleTimeout: 60,
        preserveHostHeader: false,
        xffHeaderProcessingMode: "append",
      };
      for (const [property, value] of Object.entries(recorded)) assert.equal(inputs[property], value, property);
      assert.deepEqual(
        (inputs["__defaults"] as string[]).filter((property) => property !== "clientKeepAlive"),
        Object.keys(recorded).sort(),
      );
    });
    it("subnet", () => {
      const inputs = checked("aws:ec2/subnet:Subnet", { cidrBlock: "10.0.1.0/24", vpcId: unknown });
      assert.deepEqual(inputs["__defaults"], [
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "ipv6Native",
        "mapPublicIpOnLaunch",
      ]);
      assert.equal(inputs["mapPublicIpOnLaunch"], false);
    });
    it("VPC", () => {
      const given = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: true };
      const inputs = checked("aws:ec2/vpc:Vpc", given);
      assert.deepEqual(inputs["__defaults"], ["instanceTenancy"]);
      assert.equal(inputs["instanceTenancy"], "default");
    });
    it("security group", () => {
      const inputs = checked("aws:ec2/securityGroup:SecurityGroup", {
        description: "Managed by Pulumi",
        name: "example",
      });
      assert.deepEqual(inputs["__defaults"], ["revokeRulesOnDelete"]);
    });
  });

  it("defaults name inputs of the type, and the SDK's words speak of a default for each that they describe", () => {
    const root = join(require.resolve("@pulumi/aws/package.json"), "..");
    for (const path of typesWithDefaults) {
      const declaration = readFileSync(join(root, `${path}.d.ts`), "utf8");
      const args = declaration.slice(declaration.search(/export interface \w+Args \{/));
      for (const property of Object.keys(defaultsOf(`aws:${path}:X`))) {
        assert.match(args, new RegExp(`^    ${property}\\??: `, "m"), `${path}.${property} is no input`);
      }
    }
  });

  it("does not know a type that the SDK does not have", () => {
    const { failures } = check("aws:elb/nothing:Nothing", "urn:x::y::z::n", {}, provider);
    assert.deepEqual(failures, [
      { property: "", reason: "unrecognized resource type (Check): aws:elb/nothing:Nothing" },
    ]);
  });

  it("drops nulls and takes a resource for its id", () => {
    const reference = { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn: "u", id: "arn:x" };
    const inputs = checked("aws:sns/topicSubscription:TopicSubscription", { topic: reference, filterPolicy: null });
    assert.equal(inputs["topic"], "arn:x");
    assert.ok(!("filterPolicy" in inputs));
  });
});
