import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { sourceHash } from "../shared/own-function";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";
import { allUsers, type DatabaseUser } from "./user";
import { createFunction, sources } from "./users-function";

type Users = Pick<
  AuroraClusterNodes,
  | "passwordSecrets"
  | "usersLogGroup"
  | "usersRole"
  | "usersPolicy"
  | "usersFunction"
  | "usersInvocation"
  | "rotationPermissions"
  | "passwordRotations"
>;
type Made = Pick<AuroraClusterNodes, "cluster" | "writer">;
type Secrets = AuroraClusterNodes["passwordSecrets"];

/** Makes the database's users agree with the program, each time that the list changes, and rotates passwords. */
export function createUsers(parent: pulumi.Resource, s: Settled, made: Made): Users {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const passwordSecrets = s.withPassword.map(
    (user) =>
      // Its value is the function's: neither the program nor the state ever has it.
      new aws.secretsmanager.Secret(
        `${name}${user.suffix}-password`,
        override<aws.secretsmanager.SecretArgs>(
          {
            description: `${name}: password of database user ${user.name}`,
            kmsKeyId: args.keyArn,
            recoveryWindowInDays: args.keep ? 30 : 7,
          },
          transform.passwordSecrets,
        ),
        { parent, protect: args.keep },
      ),
  );
  const worker = createFunction(parent, s, made.cluster, passwordSecrets);
  const { usersFunction, usersPolicy } = worker;
  const usersInvocation = new aws.lambda.Invocation(
    `${name}-users`,
    override<aws.lambda.InvocationArgs>(
      {
        functionName: usersFunction.name,
        input: pulumi.jsonStringify({
          restored: args.restoreFrom !== undefined,
          extensions: s.extensions,
          users: allUsers(s).map((user) => listed(s, made.cluster, user, passwordSecrets)),
        }),
        triggers: { cluster: made.cluster.clusterResourceId, source: sourceHash(sources) },
      },
      transform.usersInvocation,
    ),
    // The Data API answers once there is an instance.
    { parent, dependsOn: [made.writer, usersPolicy] },
  );
  const rotations = createRotations(parent, s, { passwordSecrets, usersFunction, usersInvocation });
  return { passwordSecrets, ...worker, usersInvocation, ...rotations };
}

/** What the function has to know about one user. */
function listed(s: Settled, cluster: aws.rds.Cluster, user: DatabaseUser, secrets: Secrets): Record<string, unknown> {
  const { name, level, signIn } = user;
  if (signIn === "iam") return { name, level, signIn };
  const host = level === "read" ? cluster.readerEndpoint : cluster.endpoint;
  return { name, level, signIn, secretArn: secrets[s.withPassword.indexOf(user)]?.arn, host };
}

function createRotations(
  parent: pulumi.Resource,
  s: Settled,
  made: Pick<AuroraClusterNodes, "passwordSecrets" | "usersFunction" | "usersInvocation">,
): Pick<AuroraClusterNodes, "rotationPermissions" | "passwordRotations"> {
  const transform = s.args.transform ?? {};
  const rotations = s.withPassword.map((user, i) => {
    const secretId = made.passwordSecrets[i]?.arn ?? "";
    const permission = new aws.lambda.Permission(
      `${s.name}${user.suffix}-rotation`,
      override<aws.lambda.PermissionArgs>(
        {
          function: made.usersFunction.name,
          action: "lambda:InvokeFunction",
          principal: "secretsmanager.amazonaws.com",
          sourceArn: secretId,
        },
        transform.rotationPermissions,
      ),
      { parent },
    );
    const rotation = new aws.secretsmanager.SecretRotation(
      `${s.name}${user.suffix}-rotation`,
      override<aws.secretsmanager.SecretRotationArgs>(
        {
          secretId,
          rotationLambdaArn: made.usersFunction.arn,
          rotationRules: { automaticallyAfterDays: s.passwordRotationDays },
          // The first password was set a moment ago.
          rotateImmediately: false,
        },
        transform.passwordRotations,
      ),
      // After the user is there and its secret has a value.
      { parent, dependsOn: [permission, made.usersInvocation] },
    );
    return { permission, rotation };
  });
  return {
    rotationPermissions: rotations.map(({ permission }) => permission),
    passwordRotations: rotations.map(({ rotation }) => rotation),
  };
}
