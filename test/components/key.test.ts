import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Key, type KeyArgs } from "../../components/key/key";
import { keyPolicy, type KeyService, keyServices } from "../../components/key/policy";
import { children, resource, run } from "../harness";

interface Statement {
  Sid: string;
  Principal: { Service?: string; AWS?: string };
  Action: string | string[];
  Resource: string;
  Condition?: Record<string, Record<string, unknown>>;
}

const account = "111111111111";
const here = (service: string) => `arn:aws:${service}:ap-northeast-1:${account}:*`;
const send = ["kms:Decrypt", "kms:GenerateDataKey*"];
const ownAccount = { StringEquals: { "aws:SourceAccount": account } };
const trails = `arn:aws:cloudtrail:*:${account}:trail/*`;
const storage = { "kms:EncryptionContext:aws:ecs:clusterAccount": account };

const root = {
  Sid: "AccountThroughIam",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
};

const allow = (Sid: string, Service: string, Action: string | string[], Condition: object) => ({
  Sid,
  Effect: "Allow",
  Principal: { Service },
  Action,
  Resource: "*",
  Condition,
});

/** What each service adds to the policy. */
const expected: Record<KeyService, object[]> = {
  logs: [
    allow(
      "CloudWatchLogs",
      "logs.ap-northeast-1.amazonaws.com",
      ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": here("logs") } },
    ),
  ],
  cloudwatch: [allow("CloudWatchAlarms", "cloudwatch.amazonaws.com", send, ownAccount)],
  events: [
    allow("EventBridgeToTopics", "events.amazonaws.com", send, {
      ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": here("sns") },
    }),
    allow("EventBridgeToQueues", "events.amazonaws.com", send, {
      ArnLike: { "kms:EncryptionContext:aws:sqs:arn": here("sqs") },
    }),
  ],
  s3vectors: [
    allow("VectorIndexes", "indexing.s3vectors.amazonaws.com", "kms:Decrypt", {
      ...ownAccount,
      ArnLike: { "aws:SourceArn": `arn:aws:s3vectors:ap-northeast-1:${account}:bucket/*` },
    }),
  ],
  budgets: [allow("Budgets", "budgets.amazonaws.com", send, ownAccount)],
  costalerts: [allow("CostAnomalyDetection", "costalerts.amazonaws.com", send, ownAccount)],
  sns: [allow("TopicsToQueues", "sns.amazonaws.com", send, ownAccount)],
  s3: [allow("BucketNotifications", "s3.amazonaws.com", send, ownAccount)],
  cloudfront: [
    allow("CloudFrontOrigins", "cloudfront.amazonaws.com", "kms:Decrypt", {
      ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${account}:distribution/*` },
    }),
  ],
  cloudtrail: [
    allow("CloudTrailWrites", "cloudtrail.amazonaws.com", "kms:GenerateDataKey*", {
      ArnLike: { "aws:SourceArn": trails },
      StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trails },
    }),
    allow("CloudTrailBucketKey", "cloudtrail.amazonaws.com", ["kms:Decrypt", "kms:DescribeKey"], {
      ArnLike: { "aws:SourceArn": trails },
    }),
  ],
  fargate: [
    allow("FargateStorageDataKeys", "fargate.amazonaws.com", "kms:GenerateDataKeyWithoutPlaintext", {
      StringEquals: storage,
    }),
    allow("FargateStorageGrants", "fargate.amazonaws.com", "kms:CreateGrant", {
      StringEquals: storage,
      "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] },
    }),
  ],
};

const make = (args: Partial<KeyArgs> = {}) =>
  run(() => void new Key("key", { services: ["logs"], keep: false, ...args }));

function statementsOf(policy: unknown): Statement[] {
  assert.equal(typeof policy, "string", "KMS takes the policy as a string");
  return (JSON.parse(policy as string) as { Statement: Statement[] }).Statement;
}

describe("Key", () => {
  it("makes a key and its alias", async () => {
    assert.deepEqual(children(await make(), "key"), ["aws:kms/alias:Alias key-alias", "aws:kms/key:Key key-key"]);
  });

  it("makes a replica per region", async () => {
    const result = await make({ multiRegion: true, replicaRegions: ["us-east-1", "ap-northeast-3"] });
    assert.deepEqual(children(result, "key"), [
      "aws:kms/alias:Alias key-alias",
      "aws:kms/key:Key key-key",
      "aws:kms/replicaKey:ReplicaKey key-replica-ap-northeast-3",
      "aws:kms/replicaKey:ReplicaKey key-replica-us-east-1",
    ]);
    const key = resource(result, "aws:kms/key:Key", "key-key");
    const replica = resource(result, "aws:kms/replicaKey:ReplicaKey", "key-replica-us-east-1");
    assert.equal(key.inputs["multiRegion"], true);
    assert.equal(replica.inputs["region"], "us-east-1");
    assert.equal(replica.inputs["primaryKeyArn"], key.outputs["arn"]);
    assert.equal(statementsOf(replica.inputs["policy"])[1]?.Principal.Service, "logs.us-east-1.amazonaws.com");
  });

  it("rotates, and is a key of one region, by default", async () => {
    const { inputs } = resource(await make(), "aws:kms/key:Key", "key-key");
    assert.equal(inputs["enableKeyRotation"], true);
    assert.equal(inputs["rotationPeriodInDays"], 365);
    assert.equal(inputs["multiRegion"], false);
    assert.equal(inputs["description"], "Encrypts the data of kiban dev");
  });

  for (const [keep, days] of [
    [true, 30],
    [false, 7],
  ] as const) {
    it(`with keep ${keep}: protection and a deletion window of ${days} days`, async () => {
      const result = await make({ keep, multiRegion: true, replicaRegions: ["us-east-1"] });
      for (const child of [
        resource(result, "aws:kms/key:Key", "key-key"),
        resource(result, "aws:kms/replicaKey:ReplicaKey", "key-replica-us-east-1"),
      ]) {
        assert.equal(child.options["protect"], keep);
        assert.equal(child.inputs["deletionWindowInDays"], days);
      }
    });
  }

  it("takes a deletion window, a rotation and a description", async () => {
    const result = await make({ deletionWindowDays: 14, rotationDays: 90, description: "Mine" });
    const { inputs } = resource(result, "aws:kms/key:Key", "key-key");
    assert.equal(inputs["deletionWindowInDays"], 14);
    assert.equal(inputs["rotationPeriodInDays"], 90);
    assert.equal(inputs["description"], "Mine");
  });

  it("can be made in another region, its policy and alias with it", async () => {
    const result = await make({ region: "us-east-1" });
    const { inputs } = resource(result, "aws:kms/key:Key", "key-key");
    assert.equal(inputs["region"], "us-east-1");
    assert.equal(statementsOf(inputs["policy"])[1]?.Principal.Service, "logs.us-east-1.amazonaws.com");
    assert.equal(resource(result, "aws:kms/alias:Alias", "key-alias").inputs["region"], "us-east-1");
  });

  it("names the alias by a prefix and points it at the key", async () => {
    const result = await make();
    const { inputs } = resource(result, "aws:kms/alias:Alias", "key-alias");
    assert.equal(inputs["namePrefix"], "alias/key-");
    assert.equal(inputs["name"], undefined);
    assert.equal(inputs["targetKeyId"], resource(result, "aws:kms/key:Key", "key-key").outputs["keyId"]);
  });

  describe("policy", () => {
    for (const service of keyServices) {
      it(`admits ${service} for this account alone`, async () => {
        const { inputs } = resource(await make({ services: [service] }), "aws:kms/key:Key", "key-key");
        assert.deepEqual(statementsOf(inputs["policy"]), [root, ...expected[service]]);
      });
    }

    it("admits nobody but the account without services", async () => {
      const { inputs } = resource(await make({ services: [] }), "aws:kms/key:Key", "key-key");
      assert.deepEqual(statementsOf(inputs["policy"]), [root]);
    });

    it("is the same for every order of the list, and each statement has a Sid of its own", async () => {
      const [all, reversed] = await Promise.all(
        [[...keyServices], [...keyServices].reverse()].map(async (services) =>
          statementsOf(resource(await make({ services }), "aws:kms/key:Key", "key-key").inputs["policy"]),
        ),
      );
      assert.deepEqual(all, reversed);
      assert.equal(new Set(all?.map((s) => s.Sid)).size, all?.length);
    });

    it("narrows every service, whatever is added to the list", () => {
      const place = { accountId: account, partition: "aws", region: "ap-northeast-1" };
      const { Statement } = keyPolicy(keyServices, place) as unknown as { Statement: Statement[] };
      const open = Statement.filter((s) => s.Principal.Service !== undefined && s.Condition === undefined);
      assert.deepEqual(open, []);
    });
  });

  const faults: [string, Partial<KeyArgs>, string][] = [
    [
      "an unknown service",
      { services: ["logs", "ec2" as KeyService] },
      'services: was "ec2"; allowed: logs, cloudwatch, events, budgets, costalerts, sns, s3, cloudfront, cloudtrail, fargate, s3vectors; ' +
        "remove it, or use the service's name from the list",
    ],
    [
      "too short a deletion window",
      { deletionWindowDays: 6 },
      "deletionWindowDays: was 6; allowed: 7 to 30; set a whole number of days in that range",
    ],
    [
      "too long a deletion window",
      { deletionWindowDays: 31 },
      "deletionWindowDays: was 31; allowed: 7 to 30; set a whole number of days in that range",
    ],
    [
      "too short a rotation",
      { rotationDays: 89 },
      "rotationDays: was 89; allowed: 90 to 2560; set a whole number of days in that range",
    ],
    [
      "too long a rotation",
      { rotationDays: 2561 },
      "rotationDays: was 2561; allowed: 90 to 2560; set a whole number of days in that range",
    ],
    [
      "replicas of a key of one region",
      { replicaRegions: ["us-east-1"] },
      "multiRegion: was not set; allowed: true while there are replicaRegions; " +
        "set it before the key is first made, or make a key of its own in each region with `region`",
    ],
    [
      "a replica region that is none",
      { multiRegion: true, replicaRegions: ["virginia"] },
      'replicaRegions[0]: was "virginia"; allowed: an AWS region, such as us-east-1; correct the region\'s name',
    ],
    [
      "a replica region twice",
      { multiRegion: true, replicaRegions: ["us-east-1", "us-east-1"] },
      'replicaRegions[1]: was "us-east-1"; allowed: each region once, the key\'s own not at all; remove it',
    ],
    [
      "a replica in the key's own region",
      { multiRegion: true, region: "us-east-1", replicaRegions: ["us-east-1"] },
      'replicaRegions[0]: was "us-east-1"; allowed: each region once, the key\'s own not at all; remove it',
    ],
    [
      "a region that is none",
      { region: "Tokyo" },
      'region: was "Tokyo"; allowed: an AWS region, such as us-east-1; correct the region\'s name',
    ],
  ];
  for (const [what, args, line] of faults) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `Key "key":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("reports all faults at once", async () => {
    const result = await make({ deletionWindowDays: 1, rotationDays: 1 });
    assert.equal(result.error?.message.split("\n").length, 3);
  });

  it("gives each transform its child", async () => {
    const result = await make({
      multiRegion: true,
      replicaRegions: ["us-east-1"],
      transform: {
        key: { description: "k" },
        alias: (ours) => ({ ...ours, namePrefix: "alias/a-" }),
        replicas: (ours) => ({ ...ours, description: pulumi.interpolate`r in ${ours.region}` }),
      },
    });
    assert.equal(resource(result, "aws:kms/key:Key", "key-key").inputs["description"], "k");
    assert.equal(resource(result, "aws:kms/alias:Alias", "key-alias").inputs["namePrefix"], "alias/a-");
    const replica = resource(result, "aws:kms/replicaKey:ReplicaKey", "key-replica-us-east-1");
    assert.equal(replica.inputs["description"], "r in us-east-1");
  });

  it("offers its ARN, its id and its replicas' ARNs", async () => {
    const result = await make({ multiRegion: true, replicaRegions: ["us-east-1"] });
    const key = resource(result, "aws:kms/key:Key", "key-key");
    const replica = resource(result, "aws:kms/replicaKey:ReplicaKey", "key-replica-us-east-1");
    const outputs = resource(result, "kiban:index:Key", "key").outputs;
    assert.deepEqual(outputs["replicaArns"], { "us-east-1": replica.outputs["arn"] });
    assert.equal(outputs["arn"], key.outputs["arn"]);
    assert.equal(outputs["keyId"], key.outputs["keyId"]);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      const args: KeyArgs = { services: [], keep: false, multiRegion: true, replicaRegions: ["us-east-1"] };
      for (const name of ["one", "two"]) new Key(name, args);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 8);
  });
});
