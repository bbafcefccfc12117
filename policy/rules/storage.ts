import type * as aws from "@pulumi/aws";

import { isAwsKey, lacksCustomerKey } from "../lib/keys";
import { type Subject, on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const own = "is not a customer-managed key";

export const ebsEncrypted = rule(
  {
    name: "ebs-encrypted",
    description: "Block storage is encrypted, wherever it is made",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["EC2.3", "Attached Amazon EBS volumes should be encrypted at-rest"],
    remediationSteps: "Set encrypted to true and kmsKeyId to the stack's key.",
  },
  on<aws.ebs.VolumeArgs>(types.volume, (subject) => encrypted(subject.props, subject)),
  on<aws.ebs.EncryptionByDefaultArgs>(types.defaultVolumeEncryption, ({ props, report }) => {
    if (props.at("enabled").is(false)) report(props.at("enabled"), "is off", "set it to true");
  }),
  on<aws.ec2.InstanceArgs>(types.instance, (subject) => {
    encrypted(subject.props.at("rootBlockDevice"), subject);
    for (const device of subject.props.at("ebsBlockDevices").items()) encrypted(device, subject);
  }),
  on<aws.ec2.LaunchTemplateArgs>(types.launchTemplate, (subject) => {
    for (const mapping of subject.props.at("blockDeviceMappings").items()) {
      // Without `ebs` the mapping is an instance's own disk, or takes one away.
      if (mapping.at("ebs").known !== undefined) encrypted(mapping.at("ebs"), subject);
    }
  }),
  on<aws.ecs.ServiceArgs>(types.service, (subject) => {
    const volume = subject.props.at("volumeConfiguration").at("managedEbsVolume");
    if (volume.known !== undefined) encrypted(volume, subject);
  }),
);

function encrypted(volume: Value, { environment, report }: Pick<Subject<unknown>, "environment" | "report">): void {
  const on = volume.dig("encrypted");
  const key = volume.dig("kmsKeyId");
  // Launch templates take booleans as text.
  if (on.isNot(true, "true")) report(on, "is not on", "set it to true, with kmsKeyId, the stack's key");
  // Without kmsKeyId it is the account's default key for volumes, which no program of the stack can tell.
  else if (environment !== "dev" && isAwsKey(key)) report(key, own, "set it to the ARN of the stack's key");
}

export const rdsEncrypted = rule(
  {
    name: "rds-encrypted",
    description: "Databases encrypt their storage, outside dev with a customer-managed key",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["RDS.3", "RDS DB instances should have encryption at-rest enabled"],
    remediationSteps: "Set storageEncrypted to true and kmsKeyId; a change replaces the database.",
  },
  on<aws.rds.ClusterArgs>(types.dbCluster, encryptedStorage),
  on<aws.rds.InstanceArgs>(types.dbInstance, (subject) => {
    // A replica takes its source's encryption.
    if (subject.props.at("replicateSourceDb").isEmpty()) encryptedStorage(subject);
  }),
  on<aws.rds.GlobalClusterArgs>(types.dbGlobalCluster, ({ props, report }) => {
    if (props.at("sourceDbClusterIdentifier").isEmpty() && props.at("storageEncrypted").isNot(true)) {
      report(props.at("storageEncrypted"), "is not on", "set it to true");
    }
  }),
);

function encryptedStorage<T>({ props, environment, report }: Subject<T>): void {
  const encrypted = props.dig("storageEncrypted");
  const key = props.dig("kmsKeyId");
  if (encrypted.isNot(true)) report(encrypted, "is not on", "set it to true, with kmsKeyId, the stack's key");
  // In dev AWS's own key will do, as for the other stores.
  else if (environment !== "dev" && lacksCustomerKey(key)) report(key, own, "set it to the ARN of the stack's key");
}

export const dynamodbCmk = rule(
  {
    name: "dynamodb-cmk",
    description: "Tables and their replicas encrypt with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html",
    remediationSteps: "Set serverSideEncryption to enabled with the stack's key.",
  },
  on<aws.dynamodb.TableArgs>(types.table, ({ props, report }) => {
    const encryption = props.at("serverSideEncryption");
    if (encryption.at("enabled").isNot(true)) {
      report(encryption.at("enabled"), "is not on", "set it to true, with kmsKeyArn, the stack's key");
    } else if (lacksCustomerKey(encryption.at("kmsKeyArn"))) {
      report(encryption.at("kmsKeyArn"), own, "set it to the ARN of the stack's key");
    }
    for (const replica of props.at("replicas").items()) {
      const key = replica.at("kmsKeyArn");
      if (lacksCustomerKey(key)) report(key, own, "set it to the ARN of a key in the replica's region");
    }
  }),
  on<aws.dynamodb.TableReplicaArgs>(types.tableReplica, ({ props, report }) => {
    const key = props.at("kmsKeyArn");
    if (lacksCustomerKey(key)) report(key, own, "set it to the ARN of a key in the replica's region");
  }),
);

export const kinesisSse = rule(
  {
    name: "kinesis-sse",
    description: "Streams encrypt with a KMS key",
    severity: "high",
    levels: "R/M/M",
    fsbp: ["Kinesis.1", "Kinesis streams should be encrypted at rest"],
    remediationSteps: "Set encryptionType to KMS and kmsKeyId to the stack's key.",
    remedy: { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" },
  },
  on<aws.kinesis.StreamArgs>(types.stream, ({ props, report }) => {
    if (props.at("encryptionType").isNot("KMS")) {
      report(props.at("encryptionType"), "is not KMS", "set it, with kmsKeyId, the stack's key");
    } else if (props.at("kmsKeyId").isEmpty()) {
      report(props.at("kmsKeyId"), "is not set", "set it to the stack's key");
    }
  }),
);

export const secretCmk = rule(
  {
    name: "secret-cmk",
    description: "Secrets and their replicas encrypt with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    remediationSteps: "Set kmsKeyId to the stack's key.",
  },
  on<aws.secretsmanager.SecretArgs>(types.secret, ({ props, report }) => {
    for (const key of [
      props.at("kmsKeyId"),
      ...props
        .at("replicas")
        .items()
        .map((r) => r.at("kmsKeyId")),
    ]) {
      if (lacksCustomerKey(key)) report(key, own, "set it to a customer-managed key of its region");
    }
  }),
);

export const rdsNotPublic = rule(
  {
    name: "rds-not-public",
    description: "Databases have no public address",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["RDS.2", "RDS DB instances should prohibit public access"],
    remediationSteps: "Set publiclyAccessible to false and use isolated subnets.",
  },
  on<aws.rds.InstanceArgs>([...types.dbInstance, ...types.dbClusterInstance], ({ props, report }) => {
    if (props.at("publiclyAccessible").is(true)) {
      report(props.at("publiclyAccessible"), "is on", "set it to false and place it in isolated subnets");
    }
  }),
);
