import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Monitor } from "../../plan/monitor";
import { Refusal } from "../../plan/refusal";
import { runProgram, type Outcome } from "../../plan/program";
import { formUrn, nameOf, typeOf } from "../../plan/urn";
import { Sandbox } from "../../sandbox/sandbox";
import { isSecret, secret, text, unknown } from "../../sandbox/values";

const disabled = { "pulumi:disable-default-providers": '["aws"]' };

function run(program: () => unknown, config: Record<string, string> = {}, preview = false): Promise<Outcome> {
  const sandbox = new Sandbox({ accountId: "111111111111", region: "ap-northeast-1" });
  // A resource that a program returns would become a stack output, with a warning for each property that it lacks.
  const quiet = (): unknown => {
    const value = program();
    return pulumi.Resource.isInstance(value) || Array.isArray(value) ? undefined : value;
  };
  return runProgram(quiet, { project: "kiban", stack: "dev", preview, config, sandbox });
}

/** URNs without the stack's own. */
function urns({ registrations }: Outcome): string[] {
  return registrations.filter((r) => r.type !== "pulumi:pulumi:Stack" && !r.internal).map((r) => r.urn);
}

class Outer extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, inside?: (parent: pulumi.Resource) => unknown) {
    super("kiban:index:Outer", name, {}, opts);
    inside?.(this);
  }
}

class Inner extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("kiban:index:Inner", name, {}, opts);
    new aws.sns.Topic(`${name}-topic`, {}, { parent: this });
  }
}

function makeProvider(region: aws.Region = "ap-northeast-1"): aws.Provider {
  return new aws.Provider("aws", { region, allowedAccountIds: ["222222222222"] });
}

describe("monitor of the plan", () => {
  describe("forms URNs as the engine does", () => {
    it("with the types of all parents, the stack left out", async () => {
      const made = await run(() => new Outer("a", {}, (parent) => new Inner("b", { parent })));
      assert.equal(made.error, undefined);
      assert.deepEqual(urns(made), [
        "urn:pulumi:dev::kiban::kiban:index:Outer::a",
        "urn:pulumi:dev::kiban::kiban:index:Outer$kiban:index:Inner::b",
        "urn:pulumi:dev::kiban::kiban:index:Outer$kiban:index:Inner$aws:sns/topic:Topic::b-topic",
      ]);
    });
    it("and takes them apart again", () => {
      const urn = formUrn("dev", "kiban", formUrn("dev", "kiban", "", "a:b:C", "p"), "d:e:F", "x::y");
      assert.equal(urn, "urn:pulumi:dev::kiban::a:b:C$d:e:F::x::y");
      assert.deepEqual([typeOf(urn), nameOf(urn)], ["d:e:F", "x::y"]);
    });
  });

  describe("refuses in the engine's words", () => {
    it("a resource without a provider where default ones are disabled", async () => {
      const { error } = await run(() => new aws.sns.Topic("t"), disabled);
      const urn = "urn:pulumi:dev::kiban::aws:sns/topic:Topic::t";
      assert.ok(error instanceof Refusal);
      assert.equal(error.urn, urn);
      assert.equal(error.message, `Default provider for 'aws' disabled. '${urn}' must use an explicit provider.`);
    });
    it("all packages where * is disabled", async () => {
      const { error } = await run(() => new random.RandomPet("p"), { "pulumi:disable-default-providers": '["*"]' });
      assert.match(error?.message ?? "", /^Default provider for 'random' disabled\./);
    });
    it("a data source without a provider, as an error that the program sees", async () => {
      const { error } = await run(() => ({ region: aws.getRegionOutput().region }), disabled);
      assert.equal(
        error?.message,
        "Invoke: Default provider for 'aws' disabled. 'aws:index/getRegion:getRegion' must use an explicit provider.",
      );
    });
    it("a read without a provider", async () => {
      const { error } = await run(() => aws.sns.Topic.get("t", "arn:aws:sns:x:1:t"), disabled);
      assert.equal(
        error?.message,
        "Default provider for 'aws' disabled. 'aws:sns/topic:Topic' must use an explicit provider.",
      );
    });
    it("two resources with one URN", async () => {
      const { error } = await run(() => [new aws.sns.Topic("t"), new aws.sns.Topic("t")]);
      const urn = "urn:pulumi:dev::kiban::aws:sns/topic:Topic::t";
      assert.equal(error?.message, `Duplicate resource URN '${urn}'; try giving it a unique name`);
    });
    it("a fixed child name in two instances of a component", async () => {
      const fixed = (parent: pulumi.Resource): unknown => new aws.sns.Topic("fixed", {}, { parent });
      const { error } = await run(() => [new Outer("a", {}, fixed), new Outer("b", {}, fixed)]);
      assert.match(error?.message ?? "", /^Duplicate resource URN '.*Outer\$aws:sns\/topic:Topic::fixed'/);
    });
    it("a parent that is not there", async () => {
      const monitor = new Monitor({ project: "p", stack: "s", preview: false, config: {}, sandbox: new Sandbox() });
      const goal = { type: "a:b:C", name: "n", custom: false, parent: "urn:pulumi:s::p::x:y:Z::gone", inputs: {} };
      const rest = {
        provider: "",
        providers: {},
        version: "",
        protect: undefined,
        retainOnDelete: undefined,
        options: {},
      };
      const lists = { additionalSecretOutputs: [], dependencies: [], propertyDependencies: {} };
      await assert.rejects(monitor.register({ ...goal, ...rest, ...lists }), {
        message: "could not find parent resource urn:pulumi:s::p::x:y:Z::gone",
      });
    });
    it("a name that the provider would refuse", async () => {
      const name = "a-target-group-with-a-long-name";
      const { error } = await run(() => new aws.lb.TargetGroup(name, {}));
      assert.match(
        error?.message ?? "",
        /has a problem: name '.*-' plus 7 random chars is longer than maximum length 32$/,
      );
    });
    it("a remote component that has no stand-in", async () => {
      class Remote extends pulumi.ComponentResource {
        constructor() {
          super("other:index:Thing", "r", {}, {}, true);
        }
      }
      const { error } = await run(() => new Remote());
      assert.match(error?.message ?? "", /no stand-in for the component other:index:Thing/);
    });
    it("and then leaves nothing more registered", async () => {
      const made = await run(() => {
        const topic = new aws.sns.Topic("t");
        new aws.sns.Topic("t");
        topic.arn.apply(() => new aws.sns.Topic("later"));
      });
      assert.ok(made.error instanceof Refusal);
      assert.deepEqual(urns(made), ["urn:pulumi:dev::kiban::aws:sns/topic:Topic::t"]);
    });
  });

  describe("resolves providers", () => {
    it("from a component to its children and theirs", async () => {
      const made = await run(() => {
        const provider = makeProvider();
        new Outer("a", { providers: { aws: provider } }, (parent) => new Inner("b", { parent }));
      }, disabled);
      const topic = made.registrations.find((r) => r.name === "b-topic");
      assert.match(topic?.provider ?? "", /^urn:pulumi:dev::kiban::pulumi:providers:aws::aws::[0-9a-f-]{36}$/);
      assert.equal(
        topic?.outputs["arn"],
        `arn:aws:sns:ap-northeast-1:222222222222:${text(topic?.outputs["name"]) ?? ""}`,
      );
    });
    it("with the default one of a package, made of the configuration", async () => {
      const made = await run(() => new aws.sns.Topic("t"), { "aws:region": "eu-west-1" });
      const provider = made.registrations.find((r) => r.internal);
      assert.match(provider?.urn ?? "", /::pulumi:providers:aws::default_7_\d+_\d+$/);
      assert.equal(provider?.checked["region"], "eu-west-1");
      const topic = made.registrations.find((r) => r.name === "t");
      assert.equal(topic?.provider, `${provider?.urn ?? ""}::${provider?.id ?? ""}`);
      assert.equal(topic?.checked["region"], "eu-west-1");
    });
    it("with the version of the SDK among an explicit one's inputs, as the engine puts it", async () => {
      const made = await run(() => makeProvider());
      const { checked, inputs } = made.registrations.find((r) => r.name === "aws") ?? {};
      assert.match(text(checked?.["version"]) ?? "", /^7\.\d+\.\d+$/);
      assert.equal(inputs?.["allowedAccountIds"], '["222222222222"]');
    });
    it("for data sources, from the parent", async () => {
      const made = await run(() => {
        const provider = makeProvider("us-west-2");
        const region = new Outer("a", { providers: { aws: provider } });
        return { region: aws.getRegionOutput({}, { parent: region }).region };
      }, disabled);
      assert.deepEqual(made.outputs, { region: "us-west-2" });
    });
  });

  describe("keeps secrets secret", () => {
    it("in inputs and in outputs", async () => {
      const made = await run(() => {
        const parameter = new aws.ssm.Parameter("p", { type: "SecureString", value: pulumi.secret("hush") });
        return { value: parameter.value };
      });
      const parameter = made.registrations.find((r) => r.name === "p");
      assert.deepEqual(parameter?.checked["value"], secret("hush"));
      assert.deepEqual(made.outputs["value"], secret("hush"));
    });
    it("where only the provider's answer is secret", async () => {
      const made = await run(() => ({ password: new random.RandomPassword("p", { length: 20 }).result }));
      assert.ok(isSecret(made.outputs["password"]));
      assert.match(String((made.outputs["password"] as { value: string }).value), /^[a-z0-9]{20}$/);
    });
    it("that the program adds", async () => {
      const made = await run(() => new aws.sns.Topic("t", {}, { additionalSecretOutputs: ["arn"] }));
      assert.ok(isSecret(made.registrations.find((r) => r.name === "t")?.outputs["arn"]));
    });
  });

  it("leaves what only the cloud knows unknown in a preview", async () => {
    const made = await run(
      () => {
        const topic = new aws.sns.Topic("t");
        new aws.sns.TopicPolicy("p", {
          arn: topic.arn,
          policy: { Version: "2012-10-17", Statement: [{ Resource: topic.arn, Effect: "Deny" }] },
        });
        return { arn: topic.arn, name: topic.name, account: aws.getCallerIdentityOutput().accountId };
      },
      {},
      true,
    );
    assert.equal(made.error, undefined);
    const policy = made.registrations.find((r) => r.name === "p");
    assert.deepEqual([policy?.checked["arn"], policy?.checked["policy"]], [unknown, unknown]);
    assert.match(text(made.outputs["name"]) ?? "", /^t-[0-9a-f]{7}$/);
    assert.deepEqual([made.outputs["arn"], made.outputs["account"]], [unknown, "111111111111"]);
  });

  it("reads a resource that is not ours, and makes nothing of it", async () => {
    const arn = "arn:aws:sns:ap-northeast-1:111111111111:theirs";
    const made = await run(() => ({ arn: aws.sns.Topic.get("theirs", arn).arn }));
    assert.deepEqual(made.outputs, { arn });
    assert.equal(made.registrations.find((r) => r.name === "theirs")?.external, true);
  });

  it("gives children the protection of their parent", async () => {
    const made = await run(() => new Outer("a", { protect: true }, (parent) => new Inner("b", { parent })));
    assert.deepEqual(
      made.registrations.filter((r) => r.name !== "kiban-dev" && !r.internal).map((r) => r.options["protect"]),
      [true, true, true],
    );
  });

  it("records dependencies by property", async () => {
    const made = await run(() => {
      const key = new aws.kms.Key("k");
      new aws.sns.Topic("t", { kmsMasterKeyId: key.arn, displayName: "x" });
    });
    const topic = made.registrations.find((r) => r.name === "t");
    const key = "urn:pulumi:dev::kiban::aws:kms/key:Key::k";
    assert.deepEqual(topic?.propertyDependencies, { kmsMasterKeyId: [key], displayName: [] });
    assert.deepEqual(topic?.dependencies, [key]);
  });

  it("hands on the errors of a program: thrown, in an apply, in a promise", async () => {
    const thrown = await run(() => {
      throw new pulumi.RunError("at once");
    });
    assert.equal(thrown.error?.message, "at once");
    const applied = await run(() => {
      pulumi.output(1).apply(() => {
        throw new Error("in an apply");
      });
    });
    assert.equal(applied.error?.message, "in an apply");
    const promised = await run(() => Promise.reject(new Error("in a promise")));
    assert.equal(promised.error?.message, "in a promise");
  });

  it("runs several programs one after the other, each with its own state", async () => {
    const first = await run(() => ({ value: new pulumi.Config("x").get("y") }), { "x:y": "one" });
    const second = await run(() => ({ value: new pulumi.Config("x").get("y") }), { "x:y": "two" });
    assert.deepEqual([first.outputs, second.outputs], [{ value: "one" }, { value: "two" }]);
  });
});
