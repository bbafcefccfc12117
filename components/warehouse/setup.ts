import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { createOwnFunction, readSources, rotationStatements, sourceHash } from "../shared/own-function";
import { placeOf } from "../task/iam";
import type { RedshiftNodes } from "./redshift";
import type { Settled, SettledRedshift } from "./settle";
import type { WarehouseNodes } from "./types";

type FunctionNodes = Pick<WarehouseNodes, "setupLogGroup" | "setupRole" | "setupPolicy" | "setupFunction">;
type SetupNodes = FunctionNodes & Pick<WarehouseNodes, "setupInvocation" | "rotationPermissions" | "passwordRotations">;

/** The function's source; a rotation goes the way that it goes for an Aurora cluster. */
const sources = readSources([
  ...["index.js", "handler.js", "database.js", "redshift.js"].map((file) => join(__dirname, "function", file)),
  join(__dirname, "..", "aurora-cluster", "function", "rotation.js"),
]);

/** Makes the lake's schemas and the users, by the administrator's secret and the Data API: no machine, no network path. */
export function createSetup(
  parent: pulumi.Resource,
  s: Settled,
  r: SettledRedshift,
  made: RedshiftNodes,
): SetupNodes & { setupInvocation: aws.lambda.Invocation } {
  const { name, args } = s;
  const worker = createFunction(parent, s, r, made);
  const { setupFunction, setupPolicy } = worker;
  const host = made.workgroup.endpoints.apply(([endpoint]) => endpoint?.address ?? "");
  const setupInvocation = new aws.lambda.Invocation(
    `${name}-setup`,
    override<aws.lambda.InvocationArgs>(
      {
        functionName: setupFunction.name,
        input: pulumi.jsonStringify({
          schemas: s.zones.map((zone) => ({
            name: `lake_${zone}`,
            database: args.lake.zones[zone].databaseName,
            roleArn: made.lakeRole.arn,
          })),
          users: r.passwordUsers.map((user, i) => ({ name: user, secretArn: made.passwordSecrets[i]?.arn, host })),
        }),
        triggers: { namespace: made.namespace.namespaceId, source: sourceHash(sources) },
      },
      args.transform?.setupInvocation,
    ),
    { parent, dependsOn: [setupPolicy, made.lakePolicy, made.dailyLimit, made.monthlyLimit] },
  );
  return { ...worker, setupInvocation, ...createRotations(parent, s, r, made, setupFunction, setupInvocation) };
}

function createFunction(
  parent: pulumi.Resource,
  { name, args }: Settled,
  r: SettledRedshift,
  made: RedshiftNodes,
): Required<{ [K in keyof FunctionNodes]: NonNullable<FunctionNodes[K]> }> {
  const { keyArn, keep, transform = {} } = args;
  const worker = createOwnFunction(parent, {
    prefix: `${name}-setup`,
    sources,
    description: `Makes the lake's schemas and the users of warehouse ${name}, and rotates their passwords`,
    roleDescription: `${name}: sets the warehouse up`,
    rights: rights(keyArn, made),
    // A workgroup that was idle takes some seconds for its first answer, and statements run one after another.
    timeout: 600,
    variables: {
      WORKGROUP: made.workgroup.workgroupName,
      ADMIN_ARN: made.namespace.adminPasswordSecretArn,
      DATABASE: r.databaseName,
      PORT: "5439",
      ...(r.passwordUsers.length > 0 && { ROTATED_USERS: r.passwordUsers.join(",") }),
    },
    keyArn,
    keep,
    logRetentionDays: r.logRetentionDays,
    transform: {
      logGroup: transform.setupLogGroup,
      role: transform.setupRole,
      policy: transform.setupPolicy,
      function: transform.setupFunction,
    },
  });
  const { logGroup, role, policy } = worker;
  return { setupLogGroup: logGroup, setupRole: role, setupPolicy: policy, setupFunction: worker.function };
}

function rights(keyArn: pulumi.Input<string>, made: RedshiftNodes): aws.iam.PolicyStatement[] {
  const { region } = placeOf(made.workgroup.arn);
  const secrets = made.passwordSecrets;
  return [
    { Effect: "Allow", Action: "redshift-data:ExecuteStatement", Resource: made.workgroup.arn },
    ownStatements(["DescribeStatement", "GetStatementResult"]),
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: made.namespace.adminPasswordSecretArn },
    ...rotationStatements(secrets),
    {
      // Reading secrets takes Decrypt, writing them a data key; Lambda decrypts the variables.
      Effect: "Allow",
      Action: secrets.length === 0 ? "kms:Decrypt" : ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": ["lambda", "secretsmanager"].map(
            (service) => pulumi.interpolate`${service}.${region}.amazonaws.com`,
          ),
        },
      },
    },
  ];
}

/** Rights on the statements that the caller itself sent. */
export function ownStatements(actions: readonly string[]): aws.iam.PolicyStatement {
  return {
    Effect: "Allow",
    Action: actions.map((action) => `redshift-data:${action}`),
    Resource: "*", // A statement has no ARN: its id is random, and the condition holds it to the caller's own.
    Condition: { StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } },
  };
}

function createRotations(
  parent: pulumi.Resource,
  { name, args }: Settled,
  r: SettledRedshift,
  made: RedshiftNodes,
  setupFunction: aws.lambda.Function,
  setupInvocation: aws.lambda.Invocation,
): Pick<WarehouseNodes, "rotationPermissions" | "passwordRotations"> {
  const rotations = r.passwordUsers.map((user, i) => {
    const secretId = made.passwordSecrets[i]?.arn ?? "";
    const permission = new aws.lambda.Permission(
      `${name}-${user}-rotation`,
      override<aws.lambda.PermissionArgs>(
        {
          function: setupFunction.name,
          action: "lambda:InvokeFunction",
          principal: "secretsmanager.amazonaws.com",
          sourceArn: secretId,
        },
        args.transform?.rotationPermissions,
      ),
      { parent },
    );
    const rotation = new aws.secretsmanager.SecretRotation(
      `${name}-${user}-rotation`,
      override<aws.secretsmanager.SecretRotationArgs>(
        {
          secretId,
          rotationLambdaArn: setupFunction.arn,
          rotationRules: { automaticallyAfterDays: r.passwordRotationDays },
          // The first password was set a moment ago.
          rotateImmediately: false,
        },
        args.transform?.passwordRotations,
      ),
      // After the user is there and its secret has a value.
      { parent, dependsOn: [permission, setupInvocation] },
    );
    return { permission, rotation };
  });
  return {
    rotationPermissions: rotations.map(({ permission }) => permission),
    passwordRotations: rotations.map(({ rotation }) => rotation),
  };
}
