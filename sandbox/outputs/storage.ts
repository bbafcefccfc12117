import { type Value } from "../values";
import { byArn, type Context, type Made, type Maker, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference of each service; S3 host names: S3 User Guide, "Virtual hosting".

function bucket(c: Context): Made {
  const name = c.name("bucket");
  return {
    id: name,
    outputs: {
      arn: `arn:${c.partition}:s3:::${name}`,
      bucketDomainName: `${name}.s3.${c.dnsSuffix}`,
      bucketRegion: c.region,
      bucketRegionalDomainName: `${name}.s3.${c.region}.${c.dnsSuffix}`,
      hostedZoneId: `Z${c.upper(13, "zone")}`,
    },
  };
}

/** A setting of a bucket has the bucket's name as its id. */
const ofBucket: Maker = (c) => ({ id: c.name("bucket"), outputs: {} });

function object(c: Context): Made {
  const [name, key] = [c.name("bucket"), c.name("key")];
  return {
    id: `${name}/${key}`,
    outputs: { arn: `arn:${c.partition}:s3:::${name}/${key}`, etag: c.hex(32), versionId: "" },
  };
}

function table(c: Context): Made {
  const arn = c.arn("dynamodb", `table/${c.name()}`);
  const streamLabel = "2026-01-01T00:00:00.000";
  const streaming = c.inputs["streamEnabled"] === true;
  return {
    id: c.name(),
    outputs: {
      arn,
      streamArn: streaming ? `${arn}/stream/${streamLabel}` : "",
      streamLabel: streaming ? streamLabel : "",
    },
  };
}

function aurora(c: Context): Made {
  const id = c.text("clusterIdentifier") ?? `tf-${c.hex(26, "cluster")}`;
  const host = `${id}.cluster-${c.lower(12, "host")}.${c.region}.rds.${c.dnsSuffix}`;
  const secretArn = c.arn("secretsmanager", `secret:rds!cluster-${c.uuid("secret")}-${c.upper(6, "suffix")}`);
  const managed: Value =
    c.inputs["manageMasterUserPassword"] === true
      ? [{ kmsKeyId: c.given("masterUserSecretKmsKeyId", ""), secretArn, secretStatus: "active" }]
      : [];
  return {
    id,
    outputs: {
      arn: c.arn("rds", `cluster:${id}`),
      clusterIdentifier: id,
      clusterResourceId: `cluster-${c.upper(26, "resource")}`,
      endpoint: host,
      readerEndpoint: host.replace(".cluster-", ".cluster-ro-"),
      engineVersionActual: c.given("engineVersion", "16.6"),
      hostedZoneId: `Z${c.upper(13, "zone")}`,
      masterUserSecrets: managed,
      port: c.given("port", (c.text("engine") ?? "").includes("postgres") ? 5432 : 3306),
    },
  };
}

function auroraInstance(c: Context): Made {
  const id = c.text("identifier") ?? `tf-${c.hex(26, "instance")}`;
  return {
    id,
    outputs: {
      arn: c.arn("rds", `db:${id}`),
      identifier: id,
      dbiResourceId: `db-${c.upper(26, "resource")}`,
      endpoint: `${id}.${c.lower(12, "host")}.${c.region}.rds.${c.dnsSuffix}`,
      port: 5432,
      writer: true,
      storageEncrypted: true,
    },
  };
}

function rds(resource: string): Maker {
  return (c) => ({ id: c.name(), outputs: { arn: c.arn("rds", `${resource}:${c.name()}`) } });
}

/** `service` and `resource/name`, with the name as the id. */
function named(service: string, resource: string): Maker {
  return (c) => ({ id: c.name(), outputs: { arn: c.arn(service, `${resource}/${c.name()}`) } });
}

const bucketSettings = [
  "AccelerateConfiguration",
  "Acl",
  "CorsConfiguration",
  "LifecycleConfiguration",
  "Logging",
  "Notification",
  "ObjectLockConfiguration",
  "OwnershipControls",
  "Policy",
  "PublicAccessBlock",
  "ServerSideEncryptionConfiguration",
  "Versioning",
  "WebsiteConfiguration",
];

export const storage: Makers = {
  "s3/bucket": bucket,
  ...Object.fromEntries(bucketSettings.map((setting) => [`s3/bucket${setting}`, ofBucket])),
  "s3/bucketObject": object,
  "s3/bucketObjectv2": object,
  "dynamodb/table": table,
  "rds/cluster": aurora,
  "rds/clusterInstance": auroraInstance,
  "rds/subnetGroup": rds("subgrp"),
  "rds/clusterParameterGroup": rds("cluster-pg"),
  "rds/parameterGroup": rds("pg"),
  "rds/proxy": (c) => ({
    id: c.name(),
    outputs: {
      arn: c.arn("rds", `db-proxy:prx-${c.hex(17)}`),
      endpoint: `${c.name()}.proxy-${c.lower(12)}.${c.region}.rds.${c.dnsSuffix}`,
    },
  }),
  "kinesis/stream": (c) => byArn(c.arn("kinesis", `stream/${c.name()}`)),
  "kinesis/firehoseDeliveryStream": (c) =>
    byArn(c.arn("firehose", `deliverystream/${c.name()}`), {
      destinationId: "destinationId-000000000001",
      versionId: "1",
    }),
  "glue/catalogDatabase": (c) => ({
    id: `${c.account}:${c.name()}`,
    outputs: { arn: c.arn("glue", `database/${c.name()}`), catalogId: c.given("catalogId", c.account) },
  }),
  "glue/crawler": named("glue", "crawler"),
  "glue/job": named("glue", "job"),
  "glue/trigger": named("glue", "trigger"),
  "athena/workgroup": named("athena", "workgroup"),
  "lambda/function": (c) => {
    const arn = c.arn("lambda", `function:${c.name()}`);
    const invoke = `arn:${c.partition}:apigateway:${c.region}:lambda:path/2015-03-31/functions`;
    return {
      id: c.name(),
      outputs: { arn, qualifiedArn: `${arn}:$LATEST`, version: "$LATEST", invokeArn: `${invoke}/${arn}/invocations` },
    };
  },
  "lambda/permission": (c) => ({ id: c.name("statementId"), outputs: {} }),
};
