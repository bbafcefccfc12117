import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, interpolate, type Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { arnPart } from "./arns";
import { type Settled, zones } from "./settle";
import type { DataLakeNodes, LakeFormationGrant } from "./types";

type Made = Pick<DataLakeNodes, "buckets" | "databases">;
type Governed = Pick<
  DataLakeNodes,
  "lakeFormationRole" | "lakeFormationPolicy" | "locations" | "databaseGrants" | "tableGrants"
>;

const permissions = {
  read: { database: ["DESCRIBE"], tables: ["DESCRIBE", "SELECT"] },
  write: { database: ["DESCRIBE"], tables: ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"] },
};

/** Registers the zones with Lake Formation and gives each principal its rights; nothing without the switch. */
export function createLakeFormation(parent: Resource, s: Settled, made: Made): Governed {
  const governed = s.args.lakeFormation;
  if (governed === undefined) {
    return {
      lakeFormationRole: undefined,
      lakeFormationPolicy: undefined,
      locations: {},
      databaseGrants: {},
      tableGrants: {},
    };
  }
  const opts = { parent };
  const role = createRole(opts, s, made);
  const locations = Object.fromEntries(
    zones.map((zone) => [
      zone,
      new aws.lakeformation.Resource(
        `${s.name}-${zone}-location`,
        override<aws.lakeformation.ResourceArgs>(
          // A role of ours: the service-linked one would have to stand in the key's policy.
          { arn: made.buckets[zone].bucket.arn, roleArn: role.lakeFormationRole.arn },
          s.args.transform?.locations,
        ),
        { ...opts, dependsOn: [role.lakeFormationPolicy] },
      ),
    ]),
  );
  const grants = Object.entries(governed.grants);
  const databaseGrants = grants.map(([name, grant]) => [name, grantOnDatabase(opts, s, made, name, grant)] as const);
  const tableGrants = grants.map(([name, grant]) => [name, grantOnTables(opts, s, made, name, grant)] as const);
  return {
    ...role,
    locations,
    databaseGrants: Object.fromEntries(databaseGrants),
    tableGrants: Object.fromEntries(tableGrants),
  };
}

function grantOnDatabase(
  opts: CustomResourceOptions,
  s: Settled,
  { databases }: Made,
  name: string,
  { principalArn, zone, rights = "read" }: LakeFormationGrant,
): aws.lakeformation.Permissions {
  return new aws.lakeformation.Permissions(
    `${s.name}-${name}-database-grant`,
    override<aws.lakeformation.PermissionsArgs>(
      {
        principal: principalArn,
        permissions: permissions[rights].database,
        database: { name: databases[zone].name },
      },
      s.args.transform?.databaseGrants,
    ),
    opts,
  );
}

function grantOnTables(
  opts: CustomResourceOptions,
  s: Settled,
  { databases }: Made,
  name: string,
  { principalArn, zone, rights = "read" }: LakeFormationGrant,
): aws.lakeformation.Permissions {
  return new aws.lakeformation.Permissions(
    `${s.name}-${name}-tables-grant`,
    override<aws.lakeformation.PermissionsArgs>(
      {
        principal: principalArn,
        permissions: permissions[rights].tables,
        table: { databaseName: databases[zone].name, wildcard: true },
      },
      s.args.transform?.tableGrants,
    ),
    opts,
  );
}

/** The role that Lake Formation reads and writes the zones with, on behalf of those who have rights. */
function createRole(opts: CustomResourceOptions, s: Settled, { buckets, databases }: Made) {
  const [region, account] = [3, 4].map((index) => arnPart(databases.raw.arn, index));
  const lakeFormationRole = new aws.iam.Role(
    `${s.name}-lake-formation-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${s.name}: Lake Formation reads and writes the zones`,
        assumeRolePolicy: assumableBy("lakeformation.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": account },
        }),
      },
      s.args.transform?.lakeFormationRole,
    ),
    opts,
  );
  const arns = zones.map((zone) => buckets[zone].bucket.arn);
  const lakeFormationPolicy = new aws.iam.RolePolicy(
    `${s.name}-lake-formation-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: lakeFormationRole.name,
        policy: policyDocument([
          {
            Effect: "Allow",
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            Resource: arns.map((arn) => interpolate`${arn}/*`),
          },
          { Effect: "Allow", Action: "s3:ListBucket", Resource: arns },
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: s.args.keyArn,
            Condition: { StringEquals: { "kms:ViaService": interpolate`s3.${region}.amazonaws.com` } },
          },
        ]),
      },
      s.args.transform?.lakeFormationPolicy,
    ),
    opts,
  );
  return { lakeFormationRole, lakeFormationPolicy };
}
