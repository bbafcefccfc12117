import assert from "node:assert/strict";
import { createRequire } from "node:module";

import type { Policies, ResourceValidationPolicy } from "@pulumi/policy";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { remediating } from "../../policy/lib/asked";
import { Exemptions } from "../../policy/lib/exemptions";
import type { Rule } from "../../policy/lib/rule";
import { setPackSettings } from "../../policy/lib/settings";
import { types } from "../../policy/lib/types";
import { rules } from "../../policy/rules";
import { isReplacing } from "../../sandbox/schema/replaces";
import { isSecret, secret, type Values } from "../../sandbox/values";
import { UNKNOWN, analyse, urnOf } from "./harness";

type Rpc = (
  call: { request: messages.AnalyzeRequest },
  callback: (error: Error | null | undefined, response?: messages.RemediateResponse) => void,
) => Promise<void>;

// The SDK's own server, without its port: what the engine meets on the wire. Its typings leave it out.
const { makeRemediateRpcFun } = createRequire(__filename)("@pulumi/policy/server") as {
  makeRemediateRpcFun: (pack: string, version: string, level: string, policies: Policies) => Rpc;
};

interface Options {
  readonly stack?: string;
  readonly provider?: Values;
}

const rule = (name: string): Rule => {
  const found = rules.find((candidate) => candidate.name === name);
  assert.ok(found, `no rule ${name}`);
  return found;
};

/** The inputs after the pack's remediations, in the wire's form; undefined where nothing is changed. */
async function remediated(
  names: readonly string[],
  type: string,
  inputs: Values,
  { stack = "dev", provider }: Options = {},
): Promise<Values | undefined> {
  const request = new messages.AnalyzeRequest();
  request.setType(type);
  request.setName("it");
  request.setUrn(urnOf(type, "it", stack));
  request.setProperties(Struct.fromJavaScript(inputs));
  request.setOptions(new messages.AnalyzerResourceOptions());
  if (provider !== undefined) {
    const own = new messages.AnalyzerProviderResource();
    own.setProperties(Struct.fromJavaScript(provider));
    request.setProvider(own);
  }
  const response = await new Promise<messages.RemediateResponse>((resolve, reject) => {
    const rpc = remediating(makeRemediateRpcFun("kiban", "0.0.0", "mandatory", names.map(rule)));
    void rpc({ request }, (error, answer) =>
      answer === undefined ? reject(error ?? new Error("no answer")) : resolve(answer),
    );
  });
  const made = response.getRemediationsList();
  for (const one of made) assert.equal(one.getDiagnostic(), "");
  return made.at(-1)?.getProperties()?.toJavaScript();
}

const group = types.logGroup[0] ?? "";
const key = types.key[0] ?? "";
const stream = types.stream[0] ?? "";
const service = types.service[0] ?? "";
const instance = types.instance[0] ?? "";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const table = types.table[0] ?? "";
const block = types.bucketPublicAccessBlock[0] ?? "";
const shut = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

const cured: [rule: string, type: string, before: Values, after: Values][] = [
  ["log-retention", group, { name: "l" }, { name: "l", retentionInDays: 30 }],
  ["log-retention", group, { retentionInDays: 0 }, { retentionInDays: 30 }],
  ["tag-copy-to-snapshots", types.dbCluster[0] ?? "", { engine: "e" }, { engine: "e", copyTagsToSnapshot: true }],
  ["kms-rotation", key, { enableKeyRotation: false }, { enableKeyRotation: true }],
  ["sqs-sse", types.queue[0] ?? "", {}, { sqsManagedSseEnabled: true }],
  ["sqs-sse", types.queue[0] ?? "", { sqsManagedSseEnabled: false }, { sqsManagedSseEnabled: true }],
  ["kinesis-sse", stream, {}, { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" }],
  ["kinesis-sse", stream, { kmsKeyId: "k" }, { kmsKeyId: "k", encryptionType: "KMS" }],
  ["tag-ecs-propagate", service, {}, { propagateTags: "SERVICE", enableEcsManagedTags: true }],
  [
    "tag-ecs-propagate",
    service,
    { propagateTags: "TASK_DEFINITION" },
    { propagateTags: "TASK_DEFINITION", enableEcsManagedTags: true },
  ],
  ["alb-hardening", balancer, {}, { dropInvalidHeaderFields: true }],
  [
    "alb-hardening",
    balancer,
    { desyncMitigationMode: "monitor" },
    { desyncMitigationMode: "defensive", dropInvalidHeaderFields: true },
  ],
  [
    "alb-hardening",
    balancer,
    { desyncMitigationMode: "strictest" },
    { desyncMitigationMode: "strictest", dropInvalidHeaderFields: true },
  ],
  [
    "alb-tls-policy",
    "aws:lb/listener:Listener",
    { protocol: "HTTPS" },
    { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
  ],
  ["imdsv2", instance, {}, { metadataOptions: { httpTokens: "required" } }],
  [
    "imdsv2",
    types.launchTemplate[0] ?? "",
    { metadataOptions: { httpTokens: "optional", httpPutResponseHopLimit: 1 } },
    { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } },
  ],
  [
    "dynamodb-pitr",
    table,
    { replicas: [{ regionName: "a" }, { regionName: "b", pointInTimeRecovery: true }] },
    {
      replicas: [
        { regionName: "a", pointInTimeRecovery: true },
        { regionName: "b", pointInTimeRecovery: true },
      ],
      pointInTimeRecovery: { enabled: true },
    },
  ],
  ["dynamodb-pitr", types.tableReplica[0] ?? "", {}, { pointInTimeRecovery: true }],
  ["s3-bpa", block, { bucket: "b", blockPublicAcls: false }, { bucket: "b", ...shut }],
  ["ecr-scan", types.repository[0] ?? "", {}, { imageScanningConfiguration: { scanOnPush: true } }],
  [
    "athena-scan-limit",
    types.athenaWorkgroup[0] ?? "",
    { configuration: { requesterPaysEnabled: false } },
    { configuration: { requesterPaysEnabled: false, bytesScannedCutoffPerQuery: 10_000_000_000 } },
  ],
];

/** Paths of what is other in the second than in the first. */
function changes(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (typeof after !== "object" || after === null) return [path];
  const inside = (key: string): string => (path === "" ? key : `${path}.${key}`);
  return Object.entries(after).flatMap(([key, value]) => {
    return changes((before as Values | undefined)?.[key], value, inside(key));
  });
}

describe("remediation", () => {
  afterEach(() => setPackSettings({}));

  it("is there for every rule that has level R, and for no other", () => {
    for (const { name, info } of rules) assert.equal(info.remedy !== undefined, info.levels.includes("R"), name);
  });

  for (const [name, type, before, after] of cured) {
    it(`${name} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}, and has nothing left to find`, async () => {
      assert.deepEqual(await remediated([name], type, before), after);
      assert.equal(await remediated([name], type, after), undefined, "nothing is left to do");
      const { validateResource } = rule(name) as ResourceValidationPolicy;
      if (validateResource === undefined) return;
      assert.notDeepEqual(analyse(rule(name), type, before, { stack: "dev" }), []);
      assert.deepEqual(analyse(rule(name), type, after, { stack: "dev" }), []);
    });

    it(`${name} leaves secret and unknown what is beside ${JSON.stringify(before)}, and replaces nothing`, async () => {
      const beside = { hidden: secret({ deep: ["hush"] }), later: UNKNOWN, both: [secret("hush"), UNKNOWN] };
      assert.deepEqual(await remediated([name], type, { ...before, ...beside }), { ...after, ...beside });
      for (const path of changes(before, after)) assert.ok(!isReplacing(type, path), `${type} ${path}`);
    });

    it(`${name} leaves what it would set in ${JSON.stringify(before)} alone while that is unknown`, async () => {
      const tops = [...new Set(changes(before, after).map((path) => path.split(/[.[]/)[0] ?? path))];
      const unread = { ...before, ...Object.fromEntries(tops.map((key) => [key, UNKNOWN])) };
      assert.equal(await remediated([name], type, unread), undefined);
    });
  }

  it("is tried for every rule that has one", () => {
    const tried = new Set([...cured.map(([name]) => name), "tag-required-keys"]);
    const untried = rules.filter(({ name, info }) => info.remedy !== undefined && !tried.has(name));
    assert.deepEqual(
      untried.map(({ name }) => name),
      [],
    );
  });

  it("leaves alone what is not at level R: another environment, another type, another kind", async () => {
    for (const stack of ["stg", "prod", "elsewhere"]) {
      assert.equal(await remediated(["dynamodb-pitr"], table, {}, { stack }), undefined);
    }
    assert.notEqual(await remediated(["log-retention"], group, {}, { stack: "stg" }), undefined);
    assert.equal(await remediated(["dynamodb-pitr"], "aws:sqs/queue:Queue", {}), undefined);
    assert.equal(await remediated(["kms-rotation"], key, { customerMasterKeySpec: "RSA_2048" }), undefined);
    assert.equal(await remediated(["alb-hardening"], balancer, { loadBalancerType: "network" }), undefined);
  });

  it("leaves alone what is exempt", async () => {
    const exempt = { rule: "dynamodb-pitr", type: table, name: "it", reason: "r", owner: "o", expires: "2027-01-01" };
    setPackSettings({ exemptions: new Exemptions([exempt], "2026-12-01") });
    assert.equal(await remediated(["dynamodb-pitr"], table, {}), undefined);
  });

  it("keeps what is secret secret, also where it changes it, and what is unknown unknown", async () => {
    const before = {
      name: secret("hush"),
      user: { data: secret({ deep: ["hush"] }) },
      metadataOptions: secret({ httpTokens: "optional", instanceMetadataTags: secret("enabled") }),
      ami: UNKNOWN,
      ids: [UNKNOWN, "known"],
    };
    const after = await remediated(["imdsv2"], instance, before);
    assert.deepEqual(after, {
      ...before,
      metadataOptions: secret({ httpTokens: "required", instanceMetadataTags: secret("enabled") }),
    });
    const single = await remediated(["imdsv2"], instance, { metadataOptions: { httpTokens: secret("optional") } });
    assert.ok(isSecret((single?.["metadataOptions"] as Values)["httpTokens"]));
  });

  it("hands files and archives back as they came: those with others inside, empty ones, secret ones", async () => {
    const signed = (signature: string, content: Values): Values => ({
      "4dabf18193072939515e22adb298388d": signature,
      ...content,
    });
    const file = (content: Values) => signed("c44067f5952c0a294b673a41bacd8c17", content);
    const archive = (content: Values) => signed("0def7320c3a5731c473e5ecbe6d01bc7", content);
    const text = file({ text: "exports.handler = 1", hash: "a1" });
    const files = {
      code: archive({ assets: { "index.js": text, "empty.py": file({ hash: "b2" }) }, hash: "c3" }),
      layer: secret(archive({ path: "./layer" })),
      list: [{ source: file({ uri: "https://example.com/x" }) }],
    };
    const known = { Project: "shop", Environment: "dev", ManagedBy: "pulumi" };
    for (const type of [types.lambda[0] ?? "", service]) {
      const after = await remediated(["tag-required-keys", "tag-ecs-propagate"], type, { ...files, tagsAll: {} });
      const propagated = type === service ? { propagateTags: "SERVICE", enableEcsManagedTags: true } : {};
      assert.deepEqual(after, { ...files, tags: known, tagsAll: known, ...propagated });
    }
  });

  it("changes nothing that is unknown, and what is known beside it", async () => {
    assert.equal(await remediated(["imdsv2"], instance, { metadataOptions: UNKNOWN }), undefined);
    assert.equal(await remediated(["log-retention"], group, { retentionInDays: UNKNOWN }), undefined);
    assert.deepEqual(await remediated(["tag-ecs-propagate"], service, { propagateTags: UNKNOWN }), {
      propagateTags: UNKNOWN,
      enableEcsManagedTags: true,
    });
  });

  it("of several rules on one resource comes together", async () => {
    const names = ["tag-required-keys", "tag-ecs-propagate"];
    const after = await remediated(names, service, { tags: { Owner: "o" }, tagsAll: { Owner: "o", CostCenter: "c" } });
    assert.deepEqual(after, {
      tags: { Owner: "o", Project: "shop", Environment: "dev", ManagedBy: "pulumi" },
      tagsAll: { Owner: "o", CostCenter: "c", Project: "shop", Environment: "dev", ManagedBy: "pulumi" },
      propagateTags: "SERVICE",
      enableEcsManagedTags: true,
    });
  });

  describe("of tags", () => {
    const queue = "aws:sqs/queue:Queue";
    const tags = (props: Values, provider?: Values) =>
      remediated(["tag-required-keys"], queue, props, provider === undefined ? {} : { provider });
    const known = { Project: "shop", Environment: "dev", ManagedBy: "pulumi" };

    it("adds those whose value every stack knows to tags and tagsAll, and leaves the rest to be found", async () => {
      const after = await tags({ tags: { Name: "q" }, tagsAll: { Name: "q" } });
      assert.deepEqual(after, { tags: { Name: "q", ...known }, tagsAll: { Name: "q", ...known } });
      const findings = analyse(rule("tag-required-keys"), queue, after, { stack: "dev" });
      assert.ok(Array.isArray(findings));
      assert.deepEqual(
        findings.map((f) => [f.message.split(":")[0], f.enforcementLevel]),
        [["tags lack Owner, CostCenter", "advisory"]],
      );
    });

    it("makes tags where there are none, and no tagsAll where the cloud computes it", async () => {
      const provider = { defaultTags: "{}" };
      assert.deepEqual(await tags({ tagsAll: { Owner: "o" } }), { tags: known, tagsAll: { Owner: "o", ...known } });
      assert.deepEqual(await tags({ tagsAll: {} }), { tags: known, tagsAll: known }, "a program without any tag");
      assert.deepEqual(await tags({}, provider), { tags: known });
      assert.deepEqual(await tags({ tags: {}, tagsAll: UNKNOWN }, provider), { tags: known, tagsAll: UNKNOWN });
    });

    it("keeps a map that is secret secret, and one that is unknown as it is", async () => {
      const after = await tags({ tags: secret({ Name: "q" }), tagsAll: secret({ Name: "q" }) });
      assert.deepEqual(after, { tags: secret({ Name: "q", ...known }), tagsAll: secret({ Name: "q", ...known }) });
      assert.equal(await tags({ tags: UNKNOWN, tagsAll: UNKNOWN }), undefined);
    });

    it("has nothing to do where the provider's default tags are complete", async () => {
      const all = { ...known, Owner: "o", CostCenter: "c", DataClass: "internal" };
      assert.equal(await tags({ tagsAll: all }), undefined);
      assert.equal(await tags({}, { defaultTags: JSON.stringify({ tags: all }) }), undefined);
    });
  });
});
