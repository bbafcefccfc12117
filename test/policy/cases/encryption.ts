import { types } from "../../../policy/lib/types";
import {
  ecrKms,
  ecsStorageKms,
  kmsKeyPolicy,
  kmsRotation,
  logsKms,
  s3SseKms,
  snsSse,
  sqsSse,
} from "../../../policy/rules/encryption";
import { lambdaEnvKms } from "../../../policy/rules/lambda";
import {
  dynamodbCmk,
  ebsEncrypted,
  kinesisSse,
  rdsEncrypted,
  rdsNotPublic,
  secretCmk,
} from "../../../policy/rules/storage";
import {
  type Break,
  EMPTIED,
  type Proof,
  atMostOrUnset,
  customerKey,
  given,
  isTrue,
  keyArn,
  noneOf,
  notFalse,
  notTrue,
  one,
  oneOf,
  oneOfOrUnset,
  proof,
  values,
} from "../proof";

const everyone = ["*", { AWS: "*" }, { AWS: ["arn:aws:iam::111111111111:root", "*"] }];
const statement = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111111111111:root" },
  Action: "kms:*",
  Resource: "*",
};
const keyPolicy = JSON.stringify({
  Statement: [statement, { ...statement, Condition: { StringEquals: { "kms:CallerAccount": "111111111111" } } }],
});
const openKeyPolicy = JSON.stringify({
  Statement: [{ ...statement, Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "111111111111" } } }],
});

const inBucket = "rules[0].applyServerSideEncryptionByDefault";
const encryption = {
  rules: [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
      bucketKeyEnabled: true,
      blockedEncryptionTypes: ["SSE-C"],
    },
  ],
};
const sse = { on: "bucket", at: `${inBucket}.kmsMasterKeyId` };
/** A key of AWS's for volumes is wrong; none is the account's own choice. */
const accountsKey = (path: string): Break =>
  noneOf(path, ["alias/aws/ebs", "arn:aws:kms:ap-northeast-1:111111111111:alias/aws/ebs"], {
    passes: [keyArn],
    needs: [path.replace("kmsKeyId", "encrypted")],
  });
const storage = "configuration.managedStorageConfiguration";
const exec = "configuration.executeCommandConfiguration";

export const atRest: readonly Proof[] = [
  proof(
    s3SseKms,
    {
      resources: {
        bucket: { type: types.bucket, inputs: {} },
        encryption: {
          type: types.bucketEncryption,
          inputs: encryption,
          links: { bucket: "bucket" },
          needed: sse,
          breaks: [
            oneOf(`${inBucket}.sseAlgorithm`, ["aws:kms", "aws:kms:dsse"], ["AES256"], sse),
            customerKey(`${inBucket}.kmsMasterKeyId`, sse),
            values("rules", [undefined, EMPTIED], [], sse),
            isTrue("rules[0].bucketKeyEnabled", { on: "bucket", needs: [`${inBucket}.sseAlgorithm`] }),
            values("rules[0].blockedEncryptionTypes", [["NONE"]], [undefined, EMPTIED], { on: "bucket" }),
          ],
        },
      },
    },
    // Inside the bucket, as the older arguments have it.
    one(types.bucket, { serverSideEncryptionConfiguration: { rule: encryption.rules[0] } }, [
      customerKey("serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.kmsMasterKeyId", {
        at: sse.at,
      }),
      given("serverSideEncryptionConfiguration", { at: sse.at }),
    ]),
    one("aws:s3/bucketV2:BucketV2", { serverSideEncryptionConfigurations: [encryption] }, [
      customerKey(`serverSideEncryptionConfigurations[0].${inBucket}.kmsMasterKeyId`, { at: sse.at }),
      given("serverSideEncryptionConfigurations", { at: sse.at }),
    ]),
  ),
  proof(
    sqsSse,
    one(types.queue, { kmsMasterKeyId: keyArn }, [given("kmsMasterKeyId", { at: "sqsManagedSseEnabled" })]),
    one(types.queue, { sqsManagedSseEnabled: true }, [isTrue("sqsManagedSseEnabled")]),
  ),
  proof(snsSse, one(types.topic, { kmsMasterKeyId: keyArn }, [customerKey("kmsMasterKeyId")])),
  proof(logsKms, one(types.logGroup, { kmsKeyId: keyArn }, [customerKey("kmsKeyId")])),
  proof(
    ecrKms,
    one(types.repository, { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }] }, [
      oneOf("encryptionConfigurations[0].encryptionType", ["KMS", "KMS_DSSE"], ["AES256"]),
      customerKey("encryptionConfigurations[0].kmsKey"),
      values("encryptionConfigurations", [undefined, EMPTIED], [], {
        at: "encryptionConfigurations[0].encryptionType",
      }),
    ]),
  ),
  proof(
    ecsStorageKms,
    one(
      types.cluster,
      {
        configuration: {
          managedStorageConfiguration: { kmsKeyId: keyArn, fargateEphemeralStorageKmsKeyId: keyArn },
          executeCommandConfiguration: {
            kmsKeyId: keyArn,
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
        customerKey(`${storage}.kmsKeyId`),
        customerKey(`${storage}.fargateEphemeralStorageKmsKeyId`),
        values(storage, [undefined, EMPTIED], [], { findings: 2 }),
        customerKey(`${exec}.kmsKeyId`),
        oneOfOrUnset(`${exec}.logging`, ["OVERRIDE", "DEFAULT"], ["NONE"]),
        isTrue(`${exec}.logConfiguration.cloudWatchEncryptionEnabled`),
        isTrue(`${exec}.logConfiguration.s3BucketEncryptionEnabled`),
        values(exec, [], [undefined, EMPTIED]),
      ],
    ),
  ),
  proof(
    kmsRotation,
    one(types.key, { enableKeyRotation: true }, [
      isTrue("enableKeyRotation"),
      notFalse("isEnabled"),
      atMostOrUnset("rotationPeriodInDays", 365),
      notTrue("bypassPolicyLockoutSafetyCheck"),
    ]),
    one(types.key, { enableKeyRotation: true, customerMasterKeySpec: "SYMMETRIC_DEFAULT" }, [
      isTrue("enableKeyRotation"),
    ]),
    // KMS rotates symmetric keys alone.
    one(types.key, { customerMasterKeySpec: "RSA_2048" }, [
      values("customerMasterKeySpec", [undefined, "SYMMETRIC_DEFAULT"], ["ECC_NIST_P256", "HMAC_256"], {
        at: "enableKeyRotation",
      }),
    ]),
  ),
  proof(
    kmsKeyPolicy,
    one([...types.key, ...types.replicaKey, ...types.keyPolicy], { policy: keyPolicy }, [
      values("policy>Statement[0].Principal", everyone, [{ Service: "logs.amazonaws.com" }], {
        at: "policy.Statement[0]",
      }),
      values("policy>Statement[1].Principal", [], ["*"]),
    ]),
    one([...types.key, ...types.replicaKey, ...types.keyPolicy], { policy: openKeyPolicy }, [
      values("policy>Statement[0].Condition", [undefined, { Bool: { "aws:SecureTransport": "true" } }], [], {
        at: "policy.Statement[0]",
      }),
    ]),
  ),
  proof(
    ebsEncrypted,
    one(types.volume, { encrypted: true, kmsKeyId: keyArn }, [isTrue("encrypted"), accountsKey("kmsKeyId")]),
    one(
      types.volume,
      { encrypted: true },
      [values("kmsKeyId", [], ["alias/aws/ebs"], { unread: { kmsKeyId: false } })],
      { stack: "dev" },
    ),
    one(types.defaultVolumeEncryption, { enabled: true }, [notFalse("enabled")]),
    one(types.instance, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }, [
      isTrue("rootBlockDevice.encrypted"),
      accountsKey("rootBlockDevice.kmsKeyId"),
      values("rootBlockDevice", [undefined], [], { at: "rootBlockDevice.encrypted" }),
      isTrue("ebsBlockDevices[0].encrypted"),
      accountsKey("ebsBlockDevices[0].kmsKeyId"),
      values("ebsBlockDevices"),
    ]),
    one(types.launchTemplate, { blockDeviceMappings: [{ ebs: { encrypted: "true", volumeSize: 20 } }] }, [
      isTrue("blockDeviceMappings[0].ebs.encrypted", { broken: ["false"], passes: ["true"] }),
      accountsKey("blockDeviceMappings[0].ebs.kmsKeyId"),
      values("blockDeviceMappings[0].ebs", [EMPTIED], [undefined, null], {
        at: "blockDeviceMappings[0].ebs.encrypted",
      }),
    ]),
    one(types.service, { volumeConfiguration: { managedEbsVolume: { encrypted: true, roleArn: "arn" } } }, [
      isTrue("volumeConfiguration.managedEbsVolume.encrypted"),
      accountsKey("volumeConfiguration.managedEbsVolume.kmsKeyId"),
      values("volumeConfiguration.managedEbsVolume", [EMPTIED], [undefined, null], {
        at: "volumeConfiguration.managedEbsVolume.encrypted",
      }),
    ]),
  ),
  proof(
    rdsEncrypted,
    one([...types.dbCluster, ...types.dbInstance], { storageEncrypted: true, kmsKeyId: keyArn }, [
      isTrue("storageEncrypted"),
      customerKey("kmsKeyId", { needs: ["storageEncrypted"] }),
    ]),
    one([...types.dbCluster, ...types.dbInstance], { storageEncrypted: true }, [isTrue("storageEncrypted")], {
      stack: "dev",
    }),
    one(types.dbGlobalCluster, { storageEncrypted: true }, [isTrue("storageEncrypted")]),
  ),
  proof(
    dynamodbCmk,
    one(
      types.table,
      {
        serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
        replicas: [{ regionName: "eu-west-1", kmsKeyArn: keyArn }],
      },
      [
        isTrue("serverSideEncryption.enabled"),
        customerKey("serverSideEncryption.kmsKeyArn"),
        values("serverSideEncryption", [undefined], [], { at: "serverSideEncryption.enabled" }),
        customerKey("replicas[0].kmsKeyArn"),
      ],
    ),
    one(types.tableReplica, { kmsKeyArn: keyArn }, [customerKey("kmsKeyArn")]),
  ),
  proof(
    kinesisSse,
    one(types.stream, { encryptionType: "KMS", kmsKeyId: keyArn }, [
      oneOf("encryptionType", ["KMS"], ["NONE"]),
      given("kmsKeyId"),
    ]),
  ),
  proof(
    secretCmk,
    one(types.secret, { kmsKeyId: keyArn, replicas: [{ region: "eu-west-1", kmsKeyId: keyArn }] }, [
      customerKey("kmsKeyId"),
      customerKey("replicas[0].kmsKeyId"),
    ]),
  ),
  proof(
    lambdaEnvKms,
    one(types.lambda, { kmsKeyArn: keyArn, environment: { variables: { MODE: "live" } } }, [
      customerKey("kmsKeyArn", { needs: ["environment"] }),
    ]),
    one(types.lambda, { environment: { variables: {} } }, [
      values("environment.variables", [{ MODE: "live" }], [undefined, {}], { at: "kmsKeyArn" }),
    ]),
    one(types.lambdaMapping, { filterCriteria: { filters: [{ pattern: "{}" }] } }, [
      values("kmsKeyArn", [], [keyArn], { unread: { kmsKeyArn: false } }),
    ]),
    one(
      types.lambdaMapping,
      { filterCriteria: { filters: [{ pattern: "{}" }] }, kmsKeyArn: keyArn },
      [customerKey("kmsKeyArn", { needs: ["filterCriteria"] })],
      { config: { filters: true } },
    ),
  ),
  proof(
    rdsNotPublic,
    one([...types.dbInstance, ...types.dbClusterInstance], { publiclyAccessible: false }, [
      notTrue("publiclyAccessible"),
    ]),
  ),
];
