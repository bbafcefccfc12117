import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { keyThrough } from "./access";
import { masterSecretArn } from "./cluster";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";

type UsersFunction = Pick<AuroraClusterNodes, "usersLogGroup" | "usersRole" | "usersPolicy" | "usersFunction">;
type Secrets = AuroraClusterNodes["passwordSecrets"];

/** The function's source. Its SDK is the runtime's. */
const sources = ["index.js", "handler.js", "database.js", "postgresql.js", "mysql.js", "rotation.js"].map(
  (file) => [file, readFileSync(join(__dirname, "function", file), "utf8")] as const,
);

/** Changes with the function's source. */
export function sourceHash(): string {
  const hash = createHash("sha256");
  for (const [file, text] of sources) hash.update(file).update(text);
  return hash.digest("hex");
}

/** The function that signs in as the master user, and nothing else that does. */
export function createFunction(
  parent: pulumi.Resource,
  s: Settled,
  cluster: aws.rds.Cluster,
  secrets: Secrets,
): UsersFunction {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const usersLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-users-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.usersLogGroup,
    ),
    { parent, protect: args.keep },
  );
  const usersRole = new aws.iam.Role(
    `${name}-users-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: makes the database's users`,
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        },
      },
      transform.usersRole,
    ),
    { parent },
  );
  const usersPolicy = new aws.iam.RolePolicy(
    `${name}-users-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: usersRole.name,
        policy: { Version: "2012-10-17", Statement: rights(s, cluster, usersLogGroup, secrets) },
      },
      transform.usersPolicy,
    ),
    { parent },
  );
  const usersFunction = new aws.lambda.Function(
    `${name}-users-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Makes the users of database ${name} and rotates their passwords`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive(
          Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
        ),
        role: usersRole.arn,
        // A paused cluster takes half a minute to resume; the function waits for up to three.
        timeout: 300,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: usersLogGroup.name },
        kmsKeyArn: args.keyArn,
        environment: {
          variables: {
            CLUSTER_ARN: cluster.arn,
            MASTER_ARN: masterSecretArn(cluster),
            ENGINE: args.engine,
            DATABASE: s.databaseName,
            PORT: String(s.engine.port),
            ...(s.withPassword.length > 0 && { ROTATED_USERS: s.withPassword.map((user) => user.name).join(",") }),
          },
        },
      },
      transform.usersFunction,
    ),
    // Lambda reads the variables with the role's right on the key.
    { parent, dependsOn: [usersPolicy] },
  );
  return { usersLogGroup, usersRole, usersPolicy, usersFunction };
}

function rights(
  s: Settled,
  cluster: aws.rds.Cluster,
  logGroup: aws.cloudwatch.LogGroup,
  secrets: Secrets,
): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    {
      Effect: "Allow",
      Action: [
        "rds-data:BeginTransaction",
        "rds-data:CommitTransaction",
        "rds-data:ExecuteStatement",
        "rds-data:RollbackTransaction",
        // No restore takes the endpoint over.
        ...(s.args.restoreFrom === undefined ? [] : ["rds:EnableHttpEndpoint"]),
      ],
      Resource: cluster.arn,
    },
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: masterSecretArn(cluster) },
    ...(secrets.length === 0 ? [] : passwordRights(secrets)),
    // Reading secrets takes Decrypt, writing them a data key; Lambda decrypts the variables.
    keyThrough(s, cluster, secrets.length === 0 ? "kms:Decrypt" : ["kms:Decrypt", "kms:GenerateDataKey"], [
      "lambda",
      "secretsmanager",
    ]),
  ];
}

function passwordRights(secrets: Secrets): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: secrets.map((secret) => secret.arn),
    },
    {
      Effect: "Allow",
      Action: "secretsmanager:GetRandomPassword",
      Resource: "*", // The action knows no resources.
    },
  ];
}
