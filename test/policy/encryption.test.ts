import assert from "node:assert/strict";

import * as encryption from "../../policy/rules/encryption";
import * as storage from "../../policy/rules/storage";
import { type Break, type Props, StackBuilder, UNKNOWN, assertLevels, testRule } from "./harness";

const key = "arn:aws:kms:ap-northeast-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const own = (path: string, cure: string) => `${path} is not a customer-managed key: ${cure}`;

/** A key property broken in each way: absent, empty, AWS's own key by alias and by ARN. */
function keyBreaks(path: string, cure: string): Break[] {
  const awsOwned = ["alias/aws/sqs", "arn:aws:kms:ap-northeast-1:111111111111:alias/aws/sqs"];
  return [undefined, "", ...awsOwned].map((value) => [path, value, own(path, cure)] as const);
}

describe("encryption at rest", () => {
  const stackKey = "set it to the stack's key";
  const stackArn = "set it to the ARN of the stack's key";

  const noSse =
    "sqsManagedSseEnabled is not on, and kmsMasterKeyId is not set: set kmsMasterKeyId to the stack's key, or this to true";
  testRule(encryption.sqsSse, "aws:sqs/queue:Queue", { kmsMasterKeyId: key }, [
    ["kmsMasterKeyId", undefined, noSse],
    ["kmsMasterKeyId", "", noSse],
  ]);
  testRule(encryption.sqsSse, "aws:sqs/queue:Queue", { sqsManagedSseEnabled: true }, [
    ["sqsManagedSseEnabled", false, noSse],
  ]);
  testRule(encryption.snsSse, "aws:sns/topic:Topic", { kmsMasterKeyId: key }, keyBreaks("kmsMasterKeyId", stackKey));
  testRule(encryption.logsKms, "aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: key }, keyBreaks("kmsKeyId", stackArn));

  const noKms = "encryptionConfigurations[0].encryptionType is not KMS: set KMS with kmsKey, the stack's key";
  testRule(
    encryption.ecrKms,
    "aws:ecr/repository:Repository",
    { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }] },
    [
      ["encryptionConfigurations", undefined, noKms],
      ["encryptionConfigurations", [], noKms],
      ["encryptionConfigurations[0].encryptionType", "AES256", noKms],
      ...keyBreaks("encryptionConfigurations[0].kmsKey", stackArn),
    ],
  );

  const cluster = "configuration.managedStorageConfiguration";
  const exec = "configuration.executeCommandConfiguration";
  testRule(
    encryption.ecsStorageKms,
    "aws:ecs/cluster:Cluster",
    {
      configuration: {
        managedStorageConfiguration: { kmsKeyId: key, fargateEphemeralStorageKmsKeyId: key },
        executeCommandConfiguration: {
          kmsKeyId: key,
          logging: "OVERRIDE",
          logConfiguration: {
            cloudWatchLogGroupName: "exec",
            cloudWatchEncryptionEnabled: true,
            s3BucketName: "exec",
            s3BucketEncryptionEnabled: true,
          },
        },
      },
    },
    [
      ...keyBreaks(`${cluster}.kmsKeyId`, stackKey),
      ...keyBreaks(`${cluster}.fargateEphemeralStorageKmsKeyId`, stackKey),
      ...keyBreaks(`${exec}.kmsKeyId`, stackKey),
      ...[undefined, false].flatMap((value): Break[] => [
        [
          `${exec}.logConfiguration.cloudWatchEncryptionEnabled`,
          value,
          `${exec}.logConfiguration.cloudWatchEncryptionEnabled is not on: set it to true and encrypt the log group`,
        ],
        [
          `${exec}.logConfiguration.s3BucketEncryptionEnabled`,
          value,
          `${exec}.logConfiguration.s3BucketEncryptionEnabled is not on: set it to true and encrypt the bucket`,
        ],
      ]),
    ],
  );

  testRule(encryption.kmsRotation, "aws:kms/key:Key", { enableKeyRotation: true }, [
    ["enableKeyRotation", undefined, "enableKeyRotation is not on: set it to true"],
    ["enableKeyRotation", false, "enableKeyRotation is not on: set it to true"],
    ["isEnabled", false, "isEnabled is false: remove it, or remove the key"],
    [
      "bypassPolicyLockoutSafetyCheck",
      true,
      "bypassPolicyLockoutSafetyCheck is on: remove it: a wrong policy would lock everyone out of the key",
    ],
  ]);
  testRule(encryption.kmsRotation, "aws:kms/key:Key", { customerMasterKeySpec: "RSA_2048" }, []);
  testRule(encryption.kmsRotation, "aws:kms/key:Key", { customKeyStoreId: "cks-1" }, []);

  const statement = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111111111111:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const document = (changes: Props) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...changes }] });
  const open = "policy.Statement[0] lets everyone use the key: name the principals, or add a condition on the account";
  for (const type of ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/keyPolicy:KeyPolicy"]) {
    testRule(encryption.kmsKeyPolicy, type, { policy: document({}) }, [
      ["policy", document({ Principal: "*" }), open],
      ["policy", document({ Principal: { AWS: "*" } }), open],
      ["policy", document({ Principal: { AWS: ["arn:aws:iam::111111111111:root", "*"] }, Condition: {} }), open],
    ]);
  }
  const narrowed = { Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "111111111111" } } };
  testRule(encryption.kmsKeyPolicy, "aws:kms/key:Key", { policy: document(narrowed) }, []);
  testRule(encryption.kmsKeyPolicy, "aws:kms/key:Key", { policy: document({ Effect: "Deny", Principal: "*" }) }, []);
  testRule(encryption.kmsKeyPolicy, "aws:kms/key:Key", { policy: "no JSON" }, []);

  const encrypt = (path: string) => `${path} is not on: set it to true, with kmsKeyId, the stack's key`;
  const off = (path: string): Break[] => [undefined, false].map((value) => [path, value, encrypt(path)] as const);
  const ebs = storage.ebsEncrypted;
  testRule(ebs, "aws:ebs/volume:Volume", { encrypted: true }, off("encrypted"));
  testRule(ebs, "aws:ebs/encryptionByDefault:EncryptionByDefault", { enabled: true }, [
    ["enabled", false, "enabled is off: set it to true"],
  ]);
  const instance = {
    rootBlockDevice: { encrypted: true },
    ebsBlockDevices: [{ encrypted: true }, { encrypted: true }],
  };
  testRule(ebs, "aws:ec2/instance:Instance", instance, [
    ...off("rootBlockDevice.encrypted"),
    ["rootBlockDevice", undefined, encrypt("rootBlockDevice.encrypted")],
    ...off("ebsBlockDevices[1].encrypted"),
  ]);
  const template = {
    blockDeviceMappings: [{ deviceName: "/dev/a", ebs: { encrypted: "true" } }, { noDevice: "/dev/b" }],
  };
  testRule(ebs, "aws:ec2/launchTemplate:LaunchTemplate", template, [
    ["blockDeviceMappings[0].ebs.encrypted", "false", encrypt("blockDeviceMappings[0].ebs.encrypted")],
    ["blockDeviceMappings[0].ebs", { volumeSize: 8 }, encrypt("blockDeviceMappings[0].ebs.encrypted")],
  ]);
  const volume = "volumeConfiguration.managedEbsVolume";
  const service = "aws:ecs/service:Service";
  testRule(
    ebs,
    service,
    { volumeConfiguration: { managedEbsVolume: { encrypted: true, sizeInGb: 1 } } },
    off(`${volume}.encrypted`),
  );
  testRule(ebs, service, {}, []);

  const encrypted = { storageEncrypted: true, kmsKeyId: key };
  testRule(storage.rdsEncrypted, "aws:rds/cluster:Cluster", encrypted, off("storageEncrypted"));
  testRule(storage.rdsEncrypted, "aws:rds/instance:Instance", encrypted, off("storageEncrypted"));
  testRule(storage.rdsEncrypted, "aws:rds/instance:Instance", { replicateSourceDb: "main" }, []);
  testRule(storage.rdsEncrypted, "aws:rds/globalCluster:GlobalCluster", { storageEncrypted: true }, [
    ["storageEncrypted", false, "storageEncrypted is not on: set it to true"],
  ]);
  testRule(storage.rdsEncrypted, "aws:rds/globalCluster:GlobalCluster", { sourceDbClusterIdentifier: "main" }, []);
  for (const type of ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"]) {
    testRule(storage.rdsNotPublic, type, {}, [
      ["publiclyAccessible", true, "publiclyAccessible is on: set it to false and place it in isolated subnets"],
    ]);
  }

  const sse = "serverSideEncryption.enabled is not on: set it to true, with kmsKeyArn, the stack's key";
  const replica = "set it to the ARN of a key in the replica's region";
  const table = {
    serverSideEncryption: { enabled: true, kmsKeyArn: key },
    replicas: [{ regionName: "x", kmsKeyArn: key }],
  };
  testRule(storage.dynamodbCmk, "aws:dynamodb/table:Table", table, [
    ["serverSideEncryption", undefined, sse],
    ["serverSideEncryption.enabled", false, sse],
    ...keyBreaks("serverSideEncryption.kmsKeyArn", stackArn),
    ...keyBreaks("replicas[0].kmsKeyArn", replica),
  ]);
  testRule(
    storage.dynamodbCmk,
    "aws:dynamodb/tableReplica:TableReplica",
    { kmsKeyArn: key },
    keyBreaks("kmsKeyArn", replica),
  );

  testRule(storage.kinesisSse, "aws:kinesis/stream:Stream", { encryptionType: "KMS", kmsKeyId: key }, [
    ["encryptionType", undefined, "encryptionType is not KMS: set it, with kmsKeyId, the stack's key"],
    ["encryptionType", "NONE", "encryptionType is not KMS: set it, with kmsKeyId, the stack's key"],
    ["kmsKeyId", undefined, "kmsKeyId is not set: set it to the stack's key"],
  ]);
  const regional = "set it to a customer-managed key of its region";
  testRule(storage.secretCmk, "aws:secretsmanager/secret:Secret", { kmsKeyId: key, replicas: [{ kmsKeyId: key }] }, [
    ...keyBreaks("kmsKeyId", regional),
    ...keyBreaks("replicas[0].kmsKeyId", regional),
  ]);
});

describe("s3-sse-kms", () => {
  const rule = encryption.s3SseKms;
  const bucket = "aws:s3/bucket:Bucket";
  const kms = {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
    bucketKeyEnabled: true,
  };
  const aes = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  const message =
    "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId is not a customer-managed key: " +
    'add a BucketServerSideEncryptionConfiguration with "aws:kms" and the stack\'s key';
  const wrong = [`data: ${message}`];
  const configuration = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

  const withConfiguration = (rules: unknown, type = configuration) =>
    new StackBuilder()
      .add(bucket, "data", {})
      .add(type, "sse", { bucket: UNKNOWN, rules }, { links: { bucket: ["data"] } });

  it("passes a customer-managed key, beside the bucket or inside it, also one that is unknown", () => {
    const v2 = `${configuration.slice(0, configuration.indexOf(":", 5))}V2:BucketServerSideEncryptionConfigurationV2`;
    assert.deepEqual(withConfiguration([kms]).messages(rule), []);
    assert.deepEqual(withConfiguration([kms], v2).messages(rule), []);
    for (const rules of [UNKNOWN, [UNKNOWN], [{ applyServerSideEncryptionByDefault: UNKNOWN }]]) {
      assert.deepEqual(withConfiguration(rules).messages(rule), []);
    }
    const unknownKey = {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN },
      bucketKeyEnabled: true,
    };
    assert.deepEqual(withConfiguration([unknownKey]).messages(rule), []);
    const inline = new StackBuilder().add(bucket, "data", { serverSideEncryptionConfiguration: { rule: kms } });
    assert.deepEqual(inline.messages(rule), []);
    const old = { serverSideEncryptionConfigurations: [{ rules: [kms] }] };
    assert.deepEqual(new StackBuilder().add("aws:s3/bucketV2:BucketV2", "data", old).messages(rule), []);
    const unknown = new StackBuilder().add(bucket, "data", { serverSideEncryptionConfiguration: UNKNOWN });
    assert.deepEqual(unknown.messages(rule), []);
  });

  it("reports a bucket with no key of its own, in every form, at the environment's level", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      assertLevels(rule, environment, new StackBuilder(environment).add(bucket, "data", {}).check(rule), [message]);
    }
    assert.deepEqual(withConfiguration([aes]).messages(rule), wrong);
    assert.deepEqual(withConfiguration([]).messages(rule), wrong);
    for (const kmsMasterKeyId of [undefined, "", "alias/aws/s3"]) {
      const broken = { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } };
      assert.deepEqual(withConfiguration([JSON.parse(JSON.stringify(broken))]).messages(rule), wrong);
    }
  });

  it("takes no other bucket's configuration for it", () => {
    const stack = withConfiguration([kms]).add(bucket, "other", {});
    assert.deepEqual(stack.messages(rule), [`other: ${message}`]);
  });

  it("lets a bucket use SSE-S3 that takes delivered logs, whatever it is called", () => {
    for (const [type, property, value] of [
      ["aws:lb/loadBalancer:LoadBalancer", "accessLogs", { bucket: UNKNOWN, enabled: true }],
      ["aws:alb/loadBalancer:LoadBalancer", "connectionLogs", { bucket: UNKNOWN, enabled: true }],
      ["aws:ec2/flowLog:FlowLog", "logDestination", UNKNOWN],
      ["aws:cloudfront/distribution:Distribution", "loggingConfig", { bucket: UNKNOWN }],
      ["aws:s3/bucketLogging:BucketLogging", "targetBucket", UNKNOWN],
      ["aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "deliveryDestinationConfiguration", {}],
    ] as const) {
      const stack = new StackBuilder().add(bucket, "data", {});
      stack.add(type, "sender", { [property]: value }, { links: { [property]: ["data"] } });
      assert.deepEqual(stack.messages(rule), [], type);
      const named = new StackBuilder().add(bucket, "logs-of-everything", {}).add(type, "sender", { [property]: value });
      assert.equal(named.messages(rule).length, 1, `${type} that logs elsewhere`);
    }
  });

  it("lets a bucket use SSE-S3 whose policy lets a log service write, and no other", () => {
    const policy = (principal: unknown, effect = "Allow") =>
      JSON.stringify({
        Statement: [{ Effect: effect, Principal: principal, Action: ["s3:PutObject"], Resource: "*" }],
      });
    const add = (text: string) =>
      new StackBuilder()
        .add(bucket, "data", {})
        .add("aws:s3/bucketPolicy:BucketPolicy", "policy", { policy: text }, { links: { bucket: ["data"] } });
    assert.deepEqual(add(policy({ Service: "logdelivery.elasticloadbalancing.amazonaws.com" })).messages(rule), []);
    assert.deepEqual(add(policy({ Service: ["x", "delivery.logs.amazonaws.com"] })).messages(rule), []);
    assert.deepEqual(add(UNKNOWN).messages(rule), [], "it may be the log bucket");
    for (const text of [
      policy({ Service: "lambda.amazonaws.com" }),
      policy({ Service: "delivery.logs.amazonaws.com" }, "Deny"),
      policy("*"),
    ]) {
      assert.deepEqual(add(text).messages(rule), wrong);
    }
  });

  it("leaves a bucket alone that the program only reads", () => {
    const stack = new StackBuilder().add(bucket, "mine", { serverSideEncryptionConfiguration: { rule: kms } });
    stack.add(bucket, "theirs", {}, { read: true });
    assert.deepEqual(stack.messages(rule), []);
  });
});
