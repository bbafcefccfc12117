import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { SecretReference } from "../shared/access";
import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { placeOf, unique } from "./iam";
import type { SettledTask } from "./settle";
import type { TaskNodes } from "./types";

type TaskRoles = Pick<TaskNodes, "executionRole" | "executionPolicy" | "taskRole" | "taskPolicy">;

/** What starts the container (execution) and what the program itself may do (task). */
export function createTaskRoles(parent: pulumi.Resource, s: SettledTask, logGroup: aws.cloudwatch.LogGroup): TaskRoles {
  const { name } = s;
  const { executionRole: editExecution, executionPolicy: editExecutionPolicy, ...rest } = s.args.transform ?? {};
  const place = placeOf(s.args.cluster.arn);
  const assumeRolePolicy = assumableBy("ecs-tasks.amazonaws.com", {
    StringEquals: { "aws:SourceAccount": place.account },
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${place.partition}:ecs:${place.region}:${place.account}:*` },
  });

  const executionRole = new aws.iam.Role(
    `${name}-execution-role`,
    override({ description: `${name}: pulls the image, writes logs, reads secrets`, assumeRolePolicy }, editExecution),
    { parent },
  );
  const executionPolicy = new aws.iam.RolePolicy(
    `${name}-execution-policy`,
    override({ role: executionRole.name, policy: executionDocument(s, logGroup, place.region) }, editExecutionPolicy),
    { parent },
  );
  const taskRole = new aws.iam.Role(
    `${name}-task-role`,
    override({ description: `${name}: what the program may do`, assumeRolePolicy }, rest.taskRole),
    { parent },
  );
  const statements = [...s.access.statements, ...(s.exec ? s.args.cluster.execStatements : [])];
  // IAM refuses a document without statements.
  const taskPolicy =
    statements.length === 0
      ? undefined
      : new aws.iam.RolePolicy(
          `${name}-task-policy`,
          override({ role: taskRole.name, policy: policyDocument(statements) }, rest.taskPolicy),
          { parent },
        );
  return { executionRole, executionPolicy, taskRole, taskPolicy };
}

function executionDocument(
  s: SettledTask,
  logGroup: aws.cloudwatch.LogGroup,
  region: pulumi.Output<string>,
): aws.iam.PolicyDocument {
  const secrets: SecretReference[] = Object.values(s.access.secrets);
  const keys = secrets.flatMap((secret) => (secret.keyArn === undefined ? [] : [secret.keyArn]));
  return policyDocument([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    ...s.args.image.repository.pull.statements,
    ...(secrets.length === 0
      ? []
      : [
          {
            Effect: "Allow" as const,
            // The ARN says which of the two stores it is in, and only that store's action fits it.
            Action: ["secretsmanager:GetSecretValue", "ssm:GetParameters"],
            Resource: unique(secrets.map((secret) => secret.arn)),
          },
        ]),
    ...(keys.length === 0
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: "kms:Decrypt",
            Resource: unique(keys),
            // The stack's data share the key: only what the two stores hand out may be decrypted with it.
            Condition: {
              StringEquals: {
                "kms:ViaService": [
                  pulumi.interpolate`secretsmanager.${region}.amazonaws.com`,
                  pulumi.interpolate`ssm.${region}.amazonaws.com`,
                ],
              },
            },
          },
        ]),
  ]);
}
