import { join } from "node:path";

import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { createOwnFunction, readSources, rotationStatements } from "../shared/own-function";
import { keyThrough } from "./access";
import { masterSecretArn } from "./cluster";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";

type UsersFunction = Pick<AuroraClusterNodes, "usersLogGroup" | "usersRole" | "usersPolicy" | "usersFunction">;
type Secrets = AuroraClusterNodes["passwordSecrets"];

/** The function's source. */
export const sources = readSources(
  ["index.js", "handler.js", "database.js", "postgresql.js", "mysql.js", "rotation.js"].map((file) =>
    join(__dirname, "function", file),
  ),
);

/** The function that signs in as the master user, and nothing else that does. */
export function createFunction(
  parent: pulumi.Resource,
  s: Settled,
  cluster: aws.rds.Cluster,
  secrets: Secrets,
): UsersFunction {
  const { name, args } = s;
  const { keyArn, logRetentionDays, keep, transform = {} } = args;
  const made = createOwnFunction(parent, {
    prefix: `${name}-users`,
    sources,
    description: `Makes the users of database ${name} and rotates their passwords`,
    roleDescription: `${name}: makes the database's users`,
    rights: rights(s, cluster, secrets),
    // A paused cluster takes half a minute to resume; the function waits for up to three.
    timeout: 300,
    variables: {
      CLUSTER_ARN: cluster.arn,
      MASTER_ARN: masterSecretArn(cluster),
      ENGINE: args.engine,
      DATABASE: s.databaseName,
      PORT: String(s.engine.port),
      ...(s.withPassword.length > 0 && { ROTATED_USERS: s.withPassword.map((user) => user.name).join(",") }),
    },
    keyArn,
    logRetentionDays,
    keep,
    transform: {
      logGroup: transform.usersLogGroup,
      role: transform.usersRole,
      policy: transform.usersPolicy,
      function: transform.usersFunction,
    },
  });
  const { logGroup, role, policy } = made;
  return { usersLogGroup: logGroup, usersRole: role, usersPolicy: policy, usersFunction: made.function };
}

function rights(s: Settled, cluster: aws.rds.Cluster, secrets: Secrets): aws.iam.PolicyStatement[] {
  return [
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
    ...rotationStatements(secrets),
    // Reading secrets takes Decrypt, writing them a data key; Lambda decrypts the variables.
    keyThrough(s, cluster, secrets.length === 0 ? "kms:Decrypt" : ["kms:Decrypt", "kms:GenerateDataKey"], [
      "lambda",
      "secretsmanager",
    ]),
  ];
}
