import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import * as aws from "@pulumi/aws";
import { asset, type Input, interpolate, type Resource } from "@pulumi/pulumi";

import { assumableBy, policyDocument } from "./policy-document";
import { override, type Override } from "./override";

/** Files of a function, by their names in its package; their SDK is the runtime's. */
export type Sources = Readonly<Record<string, string>>;

/** Reads the files of a function, when the program is loaded. */
export function readSources(paths: readonly string[]): Sources {
  return Object.fromEntries(paths.map((path) => [basename(path), readFileSync(path, "utf8")]));
}

/** Changes with the function's source. */
export function sourceHash(sources: Sources): string {
  const hash = createHash("sha256");
  for (const [file, text] of Object.entries(sources)) hash.update(file).update(text);
  return hash.digest("hex");
}

/** A function that a component works with, written by the component and not by its user. */
export interface OwnFunctionArgs {
  /** Pulumi names: `<prefix>-function`, `<prefix>-role`, `<prefix>-policy`, `<prefix>-logs`. */
  readonly prefix: string;
  readonly sources: Sources;
  readonly description: string;
  /** What the role is for. */
  readonly roleDescription: string;
  /** Rights beside those to write its log. */
  readonly rights: readonly aws.iam.PolicyStatement[];
  /** Longest time of a call, in seconds. */
  readonly timeout: number;
  readonly variables: Readonly<Record<string, Input<string>>>;
  /** Key that encrypts the log and the variables. */
  readonly keyArn: Input<string>;
  readonly logRetentionDays: number;
  /** Protects the log from deletion. */
  readonly keep: boolean;
  readonly transform: OwnFunctionTransform;
}

/** Last say on the arguments of each resource. */
export interface OwnFunctionTransform {
  readonly logGroup: Override<aws.cloudwatch.LogGroupArgs> | undefined;
  readonly role: Override<aws.iam.RoleArgs> | undefined;
  readonly policy: Override<aws.iam.RolePolicyArgs> | undefined;
  readonly function: Override<aws.lambda.FunctionArgs> | undefined;
}

/** The resources of a function. */
export interface OwnFunction {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly function: aws.lambda.Function;
}

/** The function, with a role that may do this alone and a log that is encrypted. */
export function createOwnFunction(parent: Resource, args: OwnFunctionArgs): OwnFunction {
  const { prefix, keyArn, keep, transform } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${prefix}-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: keep },
      transform.logGroup,
    ),
    { parent, protect: keep },
  );
  const role = new aws.iam.Role(
    `${prefix}-role`,
    override<aws.iam.RoleArgs>(
      { description: args.roleDescription, assumeRolePolicy: assumableBy("lambda.amazonaws.com") },
      transform.role,
    ),
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${prefix}-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: role.name, policy: policyDocument([logStatement(logGroup), ...args.rights]) },
      transform.policy,
    ),
    { parent },
  );
  const made = new aws.lambda.Function(
    `${prefix}-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: args.description,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new asset.AssetArchive(
          Object.fromEntries(Object.entries(args.sources).map(([file, text]) => [file, new asset.StringAsset(text)])),
        ),
        role: role.arn,
        timeout: args.timeout,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        kmsKeyArn: keyArn,
        environment: { variables: { ...args.variables } },
      },
      transform.function,
    ),
    // Lambda reads the variables with the role's right on the key.
    { parent, dependsOn: [policy] },
  );
  return { logGroup, role, policy, function: made };
}

function logStatement(logGroup: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement {
  return {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: interpolate`${logGroup.arn}:*`,
  };
}

/** Rights of a function that rotates these secrets. AWS: Secrets Manager user guide, "Rotation by Lambda function". */
export function rotationStatements(secrets: readonly aws.secretsmanager.Secret[]): aws.iam.PolicyStatement[] {
  if (secrets.length === 0) return [];
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
