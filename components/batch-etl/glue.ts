import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { dataRights, ownFolder, placeOf, tableNames } from "./rights";
import { isNew, type Settled } from "./settle";
import type { BatchEtlNodes } from "./types";

type JobNodes = Pick<BatchEtlNodes, "script" | "securityConfiguration" | "jobRole" | "jobPolicy" | "job">;
type SettledGlue = NonNullable<Settled["glue"]>;

/** The Glue job, its script in the bucket of its first output's zone, and a role made from what goes in and out. */
export function createJob(parent: pulumi.Resource, s: Settled): JobNodes {
  const { name, args, glue } = s;
  if (glue === undefined) {
    return {
      script: undefined,
      securityConfiguration: undefined,
      jobRole: undefined,
      jobPolicy: undefined,
      job: undefined,
    };
  }
  const transform = args.transform ?? {};
  const opts = { parent };
  const zone = workZone(s);
  const content = readFileSync(glue.script, "utf8");
  const hash = createHash("sha256").update(content).digest("hex");
  const script = new aws.s3.BucketObjectv2(
    `${name}-script`,
    override<aws.s3.BucketObjectv2Args>(
      {
        bucket: zone.bucketName,
        // The hash in the name: a run that started with the last script ends with it.
        key: `${ownFolder(s)}scripts/${hash.slice(0, 16)}.py`,
        content,
        serverSideEncryption: "aws:kms",
        kmsKeyId: args.lake.keyArn,
      },
      transform.script,
    ),
    opts,
  );
  const encryption = { kmsKeyArn: args.lake.keyArn };
  const securityConfiguration = new aws.glue.SecurityConfiguration(
    `${name}-security`,
    override<aws.glue.SecurityConfigurationArgs>(
      {
        encryptionConfiguration: {
          cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: args.keyArn },
          jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", ...encryption },
          s3Encryption: { s3EncryptionMode: "SSE-KMS", ...encryption },
        },
      },
      transform.securityConfiguration,
    ),
    opts,
  );
  const jobRole = new aws.iam.Role(
    `${name}-job-role`,
    override<aws.iam.RoleArgs>(
      { description: `${name}: the script's rights`, assumeRolePolicy: assumableBy("glue.amazonaws.com") },
      transform.jobRole,
    ),
    opts,
  );
  const jobPolicy = new aws.iam.RolePolicy(
    `${name}-job-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: jobRole.name, policy: policyDocument([...dataRights(s), ...jobRights(s)]) },
      transform.jobPolicy,
    ),
    opts,
  );
  const job = new aws.glue.Job(
    `${name}-job`,
    override<aws.glue.JobArgs>(jobArgs(s, glue, { script, securityConfiguration, jobRole }), transform.job),
    { ...opts, dependsOn: [jobPolicy] },
  );
  return { script, securityConfiguration, jobRole, jobPolicy, job };
}

function workZone(s: Settled) {
  const [first] = Object.values(s.outputs);
  // `check` has seen that there is one.
  return s.args.lake.zones[first?.zone ?? "analytics"];
}

function jobArgs(
  s: Settled,
  glue: SettledGlue,
  made: { script: aws.s3.BucketObjectv2; securityConfiguration: aws.glue.SecurityConfiguration; jobRole: aws.iam.Role },
): aws.glue.JobArgs {
  const folder = pulumi.interpolate`s3://${workZone(s).bucketName}/${ownFolder(s)}`;
  const tables = Object.entries({ ...s.inputs, ...s.outputs });
  const iceberg = tables.some(([, table]) => !isNew(table) && table.format === "iceberg");
  return {
    description: `Job of ${s.name}`,
    roleArn: made.jobRole.arn,
    glueVersion: "5.0",
    workerType: glue.workerType,
    numberOfWorkers: glue.maxWorkers,
    executionClass: glue.flex ? "FLEX" : "STANDARD",
    timeout: glue.timeoutMinutes,
    // The state machine tries again: it waits for one try alone.
    maxRetries: 0,
    // Two runs at a time would read each other's bookmarks.
    executionProperty: { maxConcurrentRuns: 1 },
    securityConfiguration: made.securityConfiguration.name,
    command: {
      name: "glueetl",
      pythonVersion: "3",
      scriptLocation: pulumi.interpolate`s3://${made.script.bucket}/${made.script.key}`,
    },
    defaultArguments: {
      "--job-language": "python",
      "--job-bookmark-option": glue.bookmarks ? "job-bookmark-enable" : "job-bookmark-disable",
      "--enable-auto-scaling": "true",
      "--enable-glue-datacatalog": "true",
      "--enable-metrics": "true",
      "--enable-observability-metrics": "true",
      "--enable-continuous-cloudwatch-log": "true",
      "--enable-spark-ui": "true",
      "--spark-event-logs-path": pulumi.interpolate`${folder}spark/`,
      "--TempDir": pulumi.interpolate`${folder}temp/`,
      ...(iceberg && { "--datalake-formats": "iceberg" }),
      ...Object.fromEntries(
        tables.map(([name, table]) => [`--${name}`, tableNames(s, table).apply((names) => names.join("."))]),
      ),
    },
  };
}

function jobRights(s: Settled): aws.iam.PolicyStatement[] {
  const { partition, region, account } = placeOf(s);
  const { bucketArn } = workZone(s);
  const groups = pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:/aws-glue/*`;
  return [
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: { StringLike: { "s3:prefix": [`${ownFolder(s)}*`] } },
    },
    {
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: pulumi.interpolate`${bucketArn}/${ownFolder(s)}*`,
    },
    {
      Effect: "Allow",
      // Glue makes the groups, named after the security configuration, and gives them the key.
      Action: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [groups, pulumi.interpolate`${groups}:log-stream:*`],
    },
    {
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*", // The action knows no resources: the namespace is its bound.
      Condition: { StringEquals: { "cloudwatch:namespace": "Glue" } },
    },
    {
      Effect: "Allow",
      // Bookmarks are encrypted by the job itself, not through a service.
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: s.args.lake.keyArn,
    },
  ];
}
