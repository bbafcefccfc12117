import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, type ConfigureResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { Cloud } from "../../sandbox/plugin/cloud";
import { diff } from "../../sandbox/plugin/diff";
import { type Faults } from "../../sandbox/plugin/faults";
import { Provider } from "../../sandbox/plugin/provider";
import { replacesOf, typesWithReplaces } from "../../sandbox/schema/replaces";
import { type Values } from "../../sandbox/values";

const root = join(__dirname, "..", "..");
const plugins = join(root, "sandbox", "plugin");
const names = ["aws", "awsx", "random"] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kiban-plugin-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the stand-in plugins", () => {
  for (const name of names) {
    it(`pulumi-resource-${name} starts for no real stack`, () => {
      for (const sandbox of [undefined, "", folder]) {
        const { KIBAN_SANDBOX: _, ...env } = process.env;
        const run = spawnSync(join(plugins, `pulumi-resource-${name}`), ["127.0.0.1:1"], {
          env: sandbox === undefined ? env : { ...env, KIBAN_SANDBOX: sandbox },
          encoding: "utf8",
        });
        assert.equal(run.status, 1);
        assert.equal(run.stdout, "", "no port is offered");
        assert.match(run.stderr, /for sandboxes alone; KIBAN_SANDBOX names none/);
      }
    });

    it(`pulumi-resource-${name} announces what the real one does`, async () => {
      writeFileSync(join(folder, "kiban-sandbox.json"), "{}");
      const process_ = spawn(join(plugins, `pulumi-resource-${name}`), ["127.0.0.1:1"], {
        env: { ...process.env, KIBAN_SANDBOX: folder },
      });
      try {
        const port = await new Promise<string>((resolve) =>
          process_.stdout.once("data", (text) => resolve(String(text))),
        );
        const client = new ResourceProviderClient(`127.0.0.1:${port.trim()}`, grpc.credentials.createInsecure());
        const info = await new Promise<PluginInfo>((resolve, reject) =>
          client.getPluginInfo(new Empty(), (error, answer) => (error === null ? resolve(answer) : reject(error))),
        );
        const configured = await new Promise<ConfigureResponse>((resolve, reject) =>
          client.configure(new ConfigureRequest(), (error, answer) =>
            error === null ? resolve(answer) : reject(error),
          ),
        );
        client.close();
        const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
        assert.equal(info.getVersion(), (JSON.parse(manifest) as { version: string }).version);
        assert.equal(configured.getSupportspreview(), true);
        // A bridged provider takes neither; a component provider written in Node takes both.
        assert.equal(configured.getAcceptsecrets(), name === "awsx");
        assert.equal(configured.getAcceptresources(), name === "awsx");
      } finally {
        process_.kill();
      }
    });
  }

  it("are in no package's bin, so that npm puts them on nobody's PATH", () => {
    for (const manifest of ["package.json", "components/package.json", "policy/package.json"]) {
      if (!existsSync(join(root, manifest))) continue;
      const { bin = {} } = JSON.parse(readFileSync(join(root, manifest), "utf8")) as { bin?: object };
      const plugins = Object.keys(bin).filter((name) => name.startsWith("pulumi-"));
      assert.deepEqual(plugins, [], manifest);
    }
    const linked = readdirSync(join(root, "node_modules", ".bin")).filter((file) =>
      file.startsWith("pulumi-resource-"),
    );
    assert.deepEqual(linked, []);
  });
});

const settings: Values = { region: "ap-northeast-1", allowedAccountIds: '["111111111111"]' };

function target(type: string, name = "web"): { urn: string; type: string } {
  return { type, urn: `urn:pulumi:dev::kiban::${type}::${name}` };
}

function open(faults: Faults = {}): { provider: Provider; cloud: Cloud } {
  const cloud = new Cloud(join(folder, "cloud.jsonl"));
  const provider = new Provider(cloud, faults);
  provider.configure(settings);
  return { provider, cloud };
}

const bucket = target("aws:s3/bucket:Bucket");
const role = target("aws:iam/role:Role");

describe("the stand-in provider", () => {
  it("keeps what it makes for the next process, and forgets what it deletes", async () => {
    const { inputs } = open().provider.check(bucket, {}, {});
    const made = await open().provider.create(bucket, inputs, false);
    const held = open().provider.read(bucket, made.id, {});
    assert.deepEqual(held?.outputs, made.outputs);
    assert.deepEqual(held.inputs, inputs);
    await open().provider.delete(bucket, made.id, made.outputs);
    assert.equal(open().provider.read(bucket, made.id, {}), undefined);
    await open().provider.delete(bucket, made.id, made.outputs);
  });

  it("creates nothing in a preview", async () => {
    const { provider, cloud } = open();
    const made = await provider.create(bucket, provider.check(bucket, {}, {}).inputs, true);
    assert.equal(made.id, "");
    assert.deepEqual(cloud.all(), []);
  });

  it("keeps the name that it made up, until the program gives one", () => {
    const { provider } = open();
    const olds: Values = { bucket: "web-0000000", __defaults: ["bucket"] };
    assert.equal(provider.check(bucket, olds, {}).inputs["bucket"], "web-0000000");
    assert.equal(provider.check(bucket, olds, { bucket: "mine" }).inputs["bucket"], "mine");
    assert.notEqual(provider.check(bucket, { bucket: "mine", __defaults: [] }, {}).inputs["bucket"], "mine");
  });

  it("makes another object, with another name and id, when a URN is created again", async () => {
    const { provider, cloud } = open();
    const key = target("aws:kms/key:Key");
    const first = await provider.create(key, provider.check(key, {}, {}).inputs, false);
    const second = await provider.create(key, provider.check(key, {}, {}).inputs, false);
    assert.notEqual(first.id, second.id);
    assert.equal(cloud.all().length, 2);
    const names = new Set<unknown>();
    for (let i = 0; i < 2; i++) {
      const { inputs } = provider.check(bucket, {}, {});
      names.add(inputs["bucket"]);
      await provider.create(bucket, inputs, false);
    }
    assert.equal(names.size, 2);
  });

  it("refuses a second object of one name", async () => {
    const { provider } = open();
    const { inputs } = provider.check(role, {}, { name: "deploy" });
    await provider.create(role, inputs, false);
    await assert.rejects(provider.create(role, inputs, false), /AlreadyExists: an object of this name exists/);
  });

  it("overwrites what AWS's put operations overwrite", async () => {
    const { provider, cloud } = open();
    const policy = target("aws:s3/bucketPolicy:BucketPolicy");
    for (const text of ["{}", '{"Version":"2012-10-17"}']) {
      await provider.create(policy, provider.check(policy, {}, { bucket: "web", policy: text }).inputs, false);
    }
    assert.deepEqual(
      cloud.all().map(({ inputs }) => inputs["policy"]),
      ['{"Version":"2012-10-17"}'],
    );
  });

  it("counts the revisions of a task definition up, and deletes the one of the state", async () => {
    const { provider, cloud } = open();
    const task = target("aws:ecs/taskDefinition:TaskDefinition");
    const inputs = provider.check(task, {}, { family: "api", containerDefinitions: "[]" }).inputs;
    const made = [await provider.create(task, inputs, false), await provider.create(task, inputs, false)];
    assert.deepEqual(
      made.map(({ id, outputs }) => [id, outputs["revision"], JSON.stringify(outputs["arn"]).split(/[/"]/)[2]]),
      [
        ["api", 1, "api:1"],
        ["api", 2, "api:2"],
      ],
    );
    await provider.delete(task, "api", made[0]?.outputs ?? {});
    assert.deepEqual(
      cloud.all().map(({ outputs }) => outputs["revision"]),
      [2],
    );
  });

  it("updates in place: the id stays, an input that is gone is gone", async () => {
    const { provider } = open();
    const old = provider.check(role, {}, { name: "deploy", description: "old", assumeRolePolicy: "{}" }).inputs;
    const made = await provider.create(role, old, false);
    const { description: _, ...news } = old;
    const outputs = await provider.update(role, made.id, made.outputs, news, false);
    assert.equal(outputs["arn"], made.outputs["arn"]);
    assert.equal("description" in outputs, false);
    await assert.rejects(provider.update(role, "other", {}, news, false), /NotFound/);
  });

  it("allows its account alone", () => {
    assert.throws(() => open({ account: "999999999999" }), /^Error: AWS account ID not allowed: 999999999999$/);
    assert.doesNotThrow(() => open({ account: "111111111111" }));
    assert.throws(() => open({ refuseCredentials: true }), /No valid credential sources found/);
  });

  it("fails the create that it is told to, and no other", async () => {
    const { provider, cloud } = open({ failCreate: 2, failType: role.type });
    await provider.create(bucket, provider.check(bucket, {}, {}).inputs, false);
    await assert.rejects(provider.create(bucket, provider.check(bucket, {}, {}).inputs, false), /stand-in fault/);
    await provider.create(bucket, provider.check(bucket, {}, {}).inputs, false);
    await assert.rejects(provider.create(role, provider.check(role, {}, {}).inputs, false), /stand-in fault/);
    assert.equal(cloud.all().length, 2);
  });
});

describe("what AWS would not delete", () => {
  const rows: [type: string, guard: Values, off: Values, words: RegExp][] = [
    ["aws:lb/loadBalancer:LoadBalancer", { enableDeletionProtection: true }, {}, /OperationNotPermitted/],
    [
      "aws:rds/cluster:Cluster",
      { deletionProtection: true, skipFinalSnapshot: true },
      { skipFinalSnapshot: true },
      /Cannot delete protected Cluster/,
    ],
    ["aws:rds/instance:Instance", {}, { skipFinalSnapshot: true }, /final_snapshot_identifier is required/],
    ["aws:dynamodb/table:Table", { deletionProtectionEnabled: true }, {}, /protected against deletion/],
    ["aws:cognito/userPool:UserPool", { deletionProtection: "ACTIVE" }, {}, /deletion protection is activated/],
    ["aws:cloudwatch/logGroup:LogGroup", { deletionProtectionEnabled: true }, {}, /Deletion protection is enabled/],
  ];
  for (const [type, guard, off, words] of rows) {
    it(type, async () => {
      const { provider, cloud } = open();
      const made = await provider.create(target(type), guard, false);
      await assert.rejects(provider.delete(target(type), made.id, made.outputs), words);
      assert.equal(cloud.all().length, 1);
      await provider.update(target(type), made.id, made.outputs, off, false);
      await provider.delete(target(type), made.id, made.outputs);
      assert.deepEqual(cloud.all(), []);
    });
  }

  it("what others still use", async () => {
    const { provider } = open();
    const [vpc, subnet] = [target("aws:ec2/vpc:Vpc"), target("aws:ec2/subnet:Subnet")];
    const network = await provider.create(vpc, { cidrBlock: "10.0.0.0/16" }, false);
    const part = await provider.create(subnet, { vpcId: network.id, cidrBlock: "10.0.0.0/20" }, false);
    await assert.rejects(provider.delete(vpc, network.id, network.outputs), /DependencyViolation/);
    await provider.delete(subnet, part.id, part.outputs);
    await provider.delete(vpc, network.id, network.outputs);
  });
});

describe("what a change replaces", () => {
  const stateful: [type: string, property: string, harmless: string][] = [
    ["aws:s3/bucket:Bucket", "bucket", "forceDestroy"],
    ["aws:s3/bucket:Bucket", "objectLockEnabled", "tags"],
    ["aws:kms/key:Key", "multiRegion", "enableKeyRotation"],
    ["aws:dynamodb/table:Table", "hashKey", "billingMode"],
    ["aws:rds/cluster:Cluster", "engine", "engineVersion"],
    ["aws:rds/cluster:Cluster", "kmsKeyId", "deletionProtection"],
    ["aws:rds/instance:Instance", "storageEncrypted", "instanceClass"],
    ["aws:cognito/userPool:UserPool", "usernameAttributes", "mfaConfiguration"],
    ["aws:ecr/repository:Repository", "encryptionConfigurations", "imageTagMutability"],
    ["aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", "tags"],
    ["aws:lb/loadBalancer:LoadBalancer", "internal", "idleTimeout"],
    ["aws:sns/topic:Topic", "region", "displayName"],
    ["aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput", "modelUnits", "tags"],
  ];
  for (const [type, property, harmless] of stateful) {
    it(`${type}: ${property}, not ${harmless}`, () => {
      const changes = diff(type, { [property]: "a", [harmless]: "a" }, { [property]: "b", [harmless]: "b" });
      assert.deepEqual(
        [...changes].map(([path, change]) => [path, change.kind, change.replace]),
        [
          [property, "update", true],
          [harmless, "update", false],
        ],
      );
    });
  }

  it("names each changed property by its path", () => {
    const before: Values = { tags: { "a.b": "1", c: "2" }, list: [{ x: 1 }], gone: true, __defaults: ["list"] };
    const after: Values = { tags: { "a.b": "2", c: "2" }, list: [{ x: 2 }, { x: 3 }], made: true, __defaults: [] };
    assert.deepEqual(
      [...diff("aws:s3/bucket:Bucket", before, after)].map(([path, { kind }]) => `${kind} ${path}`).sort(),
      ["add list[1]", "add made", "delete gone", 'update tags["a.b"]', "update list[0].x"].sort(),
    );
  });

  it("deletes first where the program has fixed the name", () => {
    const { provider } = open();
    const fixed: Values = { bucket: "mine", __defaults: [] };
    assert.equal(provider.deletesFirst(bucket, fixed, fixed), true);
    assert.equal(provider.deletesFirst(bucket, fixed, { ...fixed, bucket: "other" }), false);
    const made: Values = { bucket: "web-0000000", __defaults: ["bucket"] };
    assert.equal(provider.deletesFirst(bucket, made, made), false);
  });

  for (const type of typesWithReplaces) {
    it(`${type} has the properties that the table names`, () => {
      const declaration = readFileSync(join(root, "node_modules", "@pulumi", "aws", `${type}.d.ts`), "utf8");
      const args = declaration.slice(declaration.search(/export interface \w+Args /));
      const unknown = replacesOf(`aws:${type}:X`).filter((p) => !new RegExp(`^ {4}${p}\\??:`, "m").test(args));
      // Global services take no region.
      assert.deepEqual(
        unknown.filter((property) => property !== "region"),
        [],
      );
    });
  }
});
