import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, document, placeOf } from "../task/iam";
import type { RedshiftNodes } from "./redshift";
import type { Settled, SettledRedshift } from "./settle";
import type { WarehouseNodes } from "./types";

type FunctionNodes = Pick<WarehouseNodes, "setupLogGroup" | "setupRole" | "setupPolicy" | "setupFunction">;
type SetupNodes = FunctionNodes & Pick<WarehouseNodes, "setupInvocation" | "rotationPermissions" | "passwordRotations">;

const folder = join(__dirname, "function");
/** The function's source; a rotation goes the way that it goes for an Aurora cluster. Its SDK is the runtime's. */
const sources = [
  ...["index.js", "handler.js", "database.js", "redshift.js"].map((file) => [file, join(folder, file)] as const),
  ["rotation.js", join(__dirname, "..", "aurora-cluster", "function", "rotation.js")] as const,
].map(([file, path]) => [file, readFileSync(path, "utf8")] as const);

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
        triggers: { namespace: made.namespace.namespaceId, source: sourceHash() },
      },
      args.transform?.setupInvocation,
    ),
    { parent, dependsOn: [setupPolicy, made.lakePolicy, made.dailyLimit, made.monthlyLimit] },
  );
  return { ...worker, setupInvocation, ...createRotations(parent, s, r, made, setupFunction, setupInvocation) };
}

/** Changes with the function's source. */
function sourceHash(): string {
  const hash = createHash("sha256");
  for (const [file, text] of sources) hash.update(file).update(text);
  return hash.digest("hex");
}

function createFunction(
  parent: pulumi.Resource,
  { name, args }: Settled,
  r: SettledRedshift,
  made: RedshiftNodes,
): Required<{ [K in keyof FunctionNodes]: NonNullable<FunctionNodes[K]> }> {
  const transform = args.transform ?? {};
  const setupLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-setup-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: r.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.setupLogGroup,
    ),
    { parent, protect: args.keep },
  );
  const setupRole = new aws.iam.Role(
    `${name}-setup-role`,
    override<aws.iam.RoleArgs>(
      { description: `${name}: sets the warehouse up`, assumeRolePolicy: assumableBy("lambda.amazonaws.com") },
      transform.setupRole,
    ),
    { parent },
  );
  const setupPolicy = new aws.iam.RolePolicy(
    `${name}-setup-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: setupRole.name, policy: document(rights(args.keyArn, made, setupLogGroup)) },
      transform.setupPolicy,
    ),
    { parent },
  );
  const setupFunction = new aws.lambda.Function(
    `${name}-setup-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Makes the lake's schemas and the users of warehouse ${name}, and rotates their passwords`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive(
          Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
        ),
        role: setupRole.arn,
        // A workgroup that was idle takes some seconds for its first answer, and statements run one after another.
        timeout: 600,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: setupLogGroup.name },
        kmsKeyArn: args.keyArn,
        environment: {
          variables: {
            WORKGROUP: made.workgroup.workgroupName,
            ADMIN_ARN: made.namespace.adminPasswordSecretArn,
            DATABASE: r.databaseName,
            PORT: "5439",
            ...(r.passwordUsers.length > 0 && { ROTATED_USERS: r.passwordUsers.join(",") }),
          },
        },
      },
      transform.setupFunction,
    ),
    // Lambda reads the variables with the role's right on the key.
    { parent, dependsOn: [setupPolicy] },
  );
  return { setupLogGroup, setupRole, setupPolicy, setupFunction };
}

function rights(
  keyArn: pulumi.Input<string>,
  made: RedshiftNodes,
  logGroup: aws.cloudwatch.LogGroup,
): aws.iam.PolicyStatement[] {
  const { region } = placeOf(made.workgroup.arn);
  const secrets = made.passwordSecrets;
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    { Effect: "Allow", Action: "redshift-data:ExecuteStatement", Resource: made.workgroup.arn },
    ownStatements(["DescribeStatement", "GetStatementResult"]),
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: made.namespace.adminPasswordSecretArn },
    ...(secrets.length === 0 ? [] : passwordRights(secrets)),
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

function passwordRights(secrets: RedshiftNodes["passwordSecrets"]): aws.iam.PolicyStatement[] {
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
