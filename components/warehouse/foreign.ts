import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { LakeZone } from "../data-lake/types";
import { override } from "../shared/override";
import { policyDocument } from "../shared/policy-document";
import type { Settled } from "./settle";
import type { WarehouseNodes } from "./types";

type ForeignNodes = Pick<WarehouseNodes, "lakeRole" | "lakePolicy" | "notifications">;

/** What BigQuery or Snowflake needs on AWS's side: nothing for Athena. */
export function createForeign(parent: pulumi.Resource, s: Settled): Partial<ForeignNodes> {
  if (s.bigquery === undefined && s.snowflake === undefined) return {};
  const { name, args } = s;
  const transform = args.transform ?? {};
  const lakeRole = new aws.iam.Role(
    `${name}-lake-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: ${s.snowflake === undefined ? "BigQuery" : "Snowflake"} reads the lake`,
        assumeRolePolicy: policyDocument([trust(s)]),
        // Omni's queries run for longer than an hour, and it asks for sessions of twelve.
        ...(s.bigquery?.reader === "omni" && { maxSessionDuration: 43_200 }),
      },
      transform.lakeRole,
    ),
    { parent },
  );
  const lakePolicy = new aws.iam.RolePolicy(
    `${name}-lake-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: lakeRole.name, policy: policyDocument(rights(parent, s)) },
      transform.lakePolicy,
    ),
    { parent },
  );
  const queueArn = s.snowflake?.snowpipeQueueArn;
  const notifications =
    queueArn === undefined
      ? []
      : s.zones.map(
          (zone) =>
            new aws.s3.BucketNotification(
              `${name}-${zone}-notification`,
              override<aws.s3.BucketNotificationArgs>(
                {
                  bucket: args.lake.zones[zone].bucketName,
                  queues: [
                    {
                      queueArn,
                      events: ["s3:ObjectCreated:*"],
                      ...(s.snowflake?.prefix !== undefined && { filterPrefix: s.snowflake.prefix }),
                    },
                  ],
                },
                transform.notifications,
              ),
              { parent },
            ),
        );
  return { lakeRole, lakePolicy, notifications };
}

/** Who may take the role. Neither side knows the other's name before its own exists, hence the two steps. */
function trust({ snowflake, bigquery }: Settled): aws.iam.PolicyStatement {
  if (snowflake?.userArn !== undefined && snowflake.externalId !== undefined) {
    return {
      Effect: "Allow",
      Principal: { AWS: snowflake.userArn },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": snowflake.externalId } },
    };
  }
  if (bigquery?.subjectId !== undefined) {
    return {
      Effect: "Allow",
      // IAM knows Google by itself: no identity provider is made for it.
      Principal: { Federated: "accounts.google.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { "accounts.google.com:sub": bigquery.subjectId } },
    };
  }
  // A role has to say something: in the first step nobody can take it.
  return { Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
}

/** Files alone, and only below the prefix: the other side has a catalog of its own. */
function rights(parent: pulumi.Resource, s: Settled): aws.iam.PolicyStatement[] {
  const prefix = s.snowflake?.prefix ?? s.bigquery?.prefix;
  const buckets = s.zones.map((zone) => s.args.lake.zones[zone].bucketArn);
  const { region } = aws.getRegionOutput({}, { parent });
  return [
    { Effect: "Allow", Action: "s3:GetBucketLocation", Resource: buckets },
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: buckets,
      ...(prefix !== undefined && { Condition: { StringLike: { "s3:prefix": [prefix, `${prefix}*`] } } }),
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: buckets.map((arn) => pulumi.interpolate`${arn}/${prefix ?? ""}*`),
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: s.args.lake.keyArn,
      Condition: { StringEquals: { "kms:ViaService": pulumi.interpolate`s3.${region}.amazonaws.com` } },
    },
  ];
}

/** `s3://bucket/prefix`, as the other side wants it. */
export function locationOf({ args, snowflake, bigquery }: Settled, zone: LakeZone): pulumi.Output<string> {
  const prefix = snowflake?.prefix ?? bigquery?.prefix ?? "";
  return pulumi.interpolate`s3://${args.lake.zones[zone].bucketName}/${prefix}`;
}
