import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { runStatements, tasksOf } from "../task/run";
import type { TaskNodes } from "../task/types";
import type { MigrationHook } from "./deployment";
import type { MigrationNodes, WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

type Task = Pick<TaskNodes, "taskDefinition" | "executionRole" | "taskRole">;
type FunctionNodes = Pick<
  MigrationNodes,
  | "migrationLogGroup"
  | "migrationFunctionRole"
  | "migrationFunctionPolicy"
  | "migrationFunction"
  | "migrationFailures"
  | "migrationAlarm"
>;

/** The function's source. Its SDK is the runtime's. */
const sources = ["index.js", "handler.js"].map(
  (file) => [file, readFileSync(join(__dirname, "hook", file), "utf8")] as const,
);

/** The function that ECS asks whether the deployment may start, and what tells when it says no. */
export function createMigrationFunction(parent: pulumi.Resource, s: Settled, task: Task): FunctionNodes {
  const { name, args, keep } = s;
  const transform = args.transform ?? {};
  const migrationLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-migration-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: keep },
      transform.migrationLogGroup,
    ),
    { parent, protect: keep },
  );
  const migrationFunctionRole = new aws.iam.Role(
    `${name}-migration-function-role`,
    override<aws.iam.RoleArgs>(
      { description: `${name}: runs the migration`, assumeRolePolicy: assumableBy("lambda.amazonaws.com") },
      transform.migrationFunctionRole,
    ),
    { parent },
  );
  const migrationFunctionPolicy = new aws.iam.RolePolicy(
    `${name}-migration-function-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: migrationFunctionRole.name, policy: policyDocument(rights(s, task, migrationLogGroup)) },
      transform.migrationFunctionPolicy,
    ),
    { parent },
  );
  const migrationFunction = new aws.lambda.Function(
    `${name}-migration-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Runs the migration of ${name} before a deployment starts its tasks`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive(
          Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
        ),
        role: migrationFunctionRole.arn,
        // Three calls of ECS's API, with the SDK's retries: it never waits for the task.
        timeout: 60,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: migrationLogGroup.name },
      },
      transform.migrationFunction,
    ),
    // By the time that the function is there, IAM knows its rights.
    { parent, dependsOn: [migrationFunctionPolicy] },
  );
  return {
    migrationLogGroup,
    migrationFunctionRole,
    migrationFunctionPolicy,
    migrationFunction,
    ...createMigrationAlarm(parent, s, migrationLogGroup, migrationFunction),
  };
}

function rights(s: Settled, task: Task, logGroup: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  const clusterArn = s.args.cluster.arn;
  const inCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    ...runStatements(clusterArn, task),
    { Effect: "Allow", Action: "ecs:DescribeTasks", Resource: tasksOf(clusterArn), Condition: inCluster },
    {
      Effect: "Allow",
      Action: "ecs:StopTask",
      Resource: tasksOf(clusterArn),
      // A tag that the function gives to its tasks: the cluster runs others too.
      Condition: { ...inCluster, StringEquals: { "aws:ResourceTag/Migration": `${s.name}-migration` } },
    },
  ];
}

/** One alarm for a migration that failed, which the function logs as an error, and for a function that did itself. */
function createMigrationAlarm(
  parent: pulumi.Resource,
  s: Settled,
  logGroup: aws.cloudwatch.LogGroup,
  migrationFunction: aws.lambda.Function,
): Pick<MigrationNodes, "migrationFailures" | "migrationAlarm"> {
  const { name, args } = s;
  // Filters cannot give a metric a constant dimension, so its name says whose it is.
  const failures = { namespace: "Kiban/Migrations", name: migrationFunction.name };
  const migrationFailures = new aws.cloudwatch.LogMetricFilter(
    `${name}-migration-failures`,
    override<aws.cloudwatch.LogMetricFilterArgs>(
      {
        logGroupName: logGroup.name,
        pattern: '{ $.level = "ERROR" }',
        metricTransformation: { ...failures, value: "1", unit: "Count" },
      },
      args.transform?.migrationFailures,
    ),
    { parent },
  );
  const metric = (id: string, of: { namespace: string; metricName: pulumi.Input<string> }) => ({
    id,
    returnData: false,
    metric: { ...of, stat: "Sum", period: 60 },
  });
  const errors = metric("errors", { namespace: "AWS/Lambda", metricName: "Errors" });
  const migrationAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-migration-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: a migration failed, so its deployment was rolled back. Its output is in the service's log group, ` +
          `in the streams ${name}-migration/; what the hook made of it is in the log group of its function. ` +
          "Mend it and deploy again: the migration starts anew.",
        metricQueries: [
          { ...errors, metric: { ...errors.metric, dimensions: { FunctionName: migrationFunction.name } } },
          metric("failures", { namespace: failures.namespace, metricName: failures.name }),
          {
            id: "failed",
            label: "Failed migrations",
            expression: "FILL(errors, 0) + FILL(failures, 0)",
            returnData: true,
          },
        ],
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        // Both metrics are there while a deployment runs alone.
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
      },
      args.transform?.migrationAlarm,
    ),
    { parent },
  );
  return { migrationFailures, migrationAlarm };
}

/**
 * The hook, with all that the function needs to know: ECS keeps it with the deployment, so that a function's answer is
 * about the revision that the deployment is of.
 */
export function migrationHook(
  { args, migration }: Settled,
  made: Pick<
    WebServiceNodes,
    "migrationFunction" | "migrationTaskDefinition" | "migrationSecurityGroup" | "securityGroup"
  >,
): MigrationHook | undefined {
  const { migrationFunction, migrationTaskDefinition } = made;
  if (migration === undefined || migrationFunction === undefined || migrationTaskDefinition === undefined) return;
  const details = {
    cluster: args.cluster.arn,
    taskDefinition: migrationTaskDefinition.arn,
    container: migration.task.name,
    subnets: pulumi.output(args.network.privateSubnetIds).apply((ids) => ids.join(",")),
    securityGroup: (made.migrationSecurityGroup ?? made.securityGroup).id,
    timeoutMinutes: migration.timeoutMinutes,
  };
  return { functionArn: migrationFunction.arn, details: pulumi.jsonStringify(details) };
}
