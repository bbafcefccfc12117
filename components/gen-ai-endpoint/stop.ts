import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { assumableBy } from "../task/iam";
import { modelArn } from "./access";
import { modelDimension } from "./alarms";
import type { ModelArns } from "./model";
import type { ModelNodes, StopNodes } from "./nodes";
import type { Settled } from "./settle";
import { billedMetrics, type SettledCeiling } from "./spend";

/** The function's source. Its SDK is the runtime's. */
const sources = ["index.js", "handler.js", "statements.js"].map(
  (file) => [file, readFileSync(join(__dirname, "function", file), "utf8")] as const,
);

/** The alarm on what tokens cost, and the function that it calls, which denies every role that may invoke. */
export function createStop(
  parent: pulumi.Resource,
  s: Settled,
  ceiling: SettledCeiling,
  arns: ModelArns,
  made: ModelNodes,
): StopNodes {
  const { name, args } = s;
  const { transform = {} } = args;
  const opts = { parent };
  const document = (statements: aws.iam.PolicyStatement[]): aws.iam.PolicyDocument => ({
    Version: "2012-10-17",
    Statement: statements,
  });
  const stopPolicy = new aws.iam.Policy(
    `${name}-stop`,
    override<aws.iam.PolicyArgs>(
      {
        description: `Attached to a role, it may not invoke ${name}: the spend ceiling was reached`,
        policy: document([
          {
            Effect: "Deny",
            Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            Resource: modelArn(made),
          },
        ]),
      },
      transform.stopPolicy,
    ),
    opts,
  );
  const queue = createFailureQueue(
    name,
    {
      keyArn: args.keyArn,
      alarmTopicArn: args.alarmTopicArn,
      description:
        `${name}: the spend ceiling was reached and invoking could NOT be stopped. Attach the policy of output ` +
        "stopPolicyArn to the invoking roles by hand, now; the function's log says why, then delete the message.",
      transform,
    },
    opts,
  );
  const stopLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-stop-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.stopLogGroup,
    ),
    { ...opts, protect: args.keep },
  );
  const stopRole = new aws.iam.Role(
    `${name}-stop-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: stops invoking at the spend ceiling`,
        assumeRolePolicy: assumableBy("lambda.amazonaws.com"),
      },
      transform.stopRole,
    ),
    opts,
  );
  const stopRights = new aws.iam.RolePolicy(
    `${name}-stop-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: stopRole.name,
        policy: document([
          ...rights(arns, stopPolicy, stopLogGroup, args.keyArn, args.region),
          ...failureQueueStatements(queue.failureQueue.arn, args.keyArn),
        ]),
      },
      transform.stopRights,
    ),
    opts,
  );
  const stopFunction = new aws.lambda.Function(
    `${name}-stop-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Denies the roles that invoke ${name} once its spend ceiling is reached`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive(
          Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
        ),
        role: stopRole.arn,
        // IAM answers a page of roles in a second or two, and throttles changes.
        timeout: 120,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: stopLogGroup.name },
        deadLetterConfig: { targetArn: queue.failureQueue.arn },
        kmsKeyArn: args.keyArn,
        environment: { variables: { MODEL_ARN: modelArn(made), DENY_POLICY_ARN: stopPolicy.arn } },
      },
      transform.stopFunction,
    ),
    { ...opts, dependsOn: [stopRights] },
  );
  const spendAlarm = createSpendAlarm(parent, s, ceiling, made, stopFunction);
  return {
    stopPolicy,
    ...queue,
    stopLogGroup,
    stopRole,
    stopRights,
    stopFunction,
    spendAlarm,
    stopPermission: new aws.lambda.Permission(
      `${name}-stop-permission`,
      override<aws.lambda.PermissionArgs>(
        {
          function: stopFunction.name,
          action: "lambda:InvokeFunction",
          principal: "lambda.alarms.cloudwatch.amazonaws.com",
          sourceAccount: arns.account,
          sourceArn: spendAlarm.arn,
        },
        transform.stopPermission,
      ),
      opts,
    ),
    // Apart from the other rights: the alarm needs the function, and this needs the alarm.
    liftRights: new aws.iam.RolePolicy(
      `${name}-lift-rights`,
      override<aws.iam.RolePolicyArgs>(
        {
          role: stopRole.name,
          policy: document([{ Effect: "Allow", Action: "cloudwatch:SetAlarmState", Resource: spendAlarm.arn }]),
        },
        transform.liftRights,
      ),
      opts,
    ),
  };
}

function rights(
  { partition, account }: ModelArns,
  stopPolicy: aws.iam.Policy,
  logGroup: aws.cloudwatch.LogGroup,
  keyArn: pulumi.Input<string>,
  region: string,
): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: "iam:GetAccountAuthorizationDetails",
      Resource: "*", // The action knows no resources.
    },
    { Effect: "Allow", Action: "iam:ListEntitiesForPolicy", Resource: stopPolicy.arn },
    {
      Effect: "Allow",
      Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      Resource: pulumi.interpolate`arn:${partition}:iam::${account}:role/*`,
      // No policy but the one that denies: the right gives nobody anything.
      Condition: { ArnEquals: { "iam:PolicyARN": stopPolicy.arn } },
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `lambda.${region}.amazonaws.com` } },
    },
  ];
}

function createSpendAlarm(
  parent: pulumi.Resource,
  { name, args }: Settled,
  { usdPerHour, price }: SettledCeiling,
  made: ModelNodes,
  stopFunction: aws.lambda.Function,
): aws.cloudwatch.MetricAlarm {
  const dimensions = modelDimension(made);
  const terms = billedMetrics.map(([id, , part]) => `FILL(${id}, 0) * ${price[part]}`);
  return new aws.cloudwatch.MetricAlarm(
    `${name}-spend-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: tokens cost ${usdPerHour} USD or more within an hour, and invoking is being stopped. Find the caller ` +
          "(invocation log, metric Invocations); then lift the stop with output liftCommand, or raise the ceiling first.",
        metricQueries: [
          ...billedMetrics.map(([id, metricName]) => ({
            id,
            returnData: false,
            // The window slides: CloudWatch looks at the last 60 minutes each minute.
            metric: { namespace: "AWS/Bedrock", metricName, stat: "Sum", period: 3600, dimensions },
          })),
          { id: "spend", label: "USD an hour", expression: `(${terms.join(" + ")}) / 1000000`, returnData: true },
        ],
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: usdPerHour,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn, stopFunction.arn],
        okActions: [args.alarmTopicArn],
      },
      args.transform?.spendAlarm,
    ),
    { parent },
  );
}

/** Takes the deny policy off all roles again. */
export function liftCommand({ args }: Settled, { stopFunction, spendAlarm }: StopNodes): pulumi.Output<string> {
  const payload = pulumi.jsonStringify({ lift: spendAlarm.name });
  return pulumi.interpolate`aws lambda invoke --region ${args.region} --function-name ${stopFunction.name} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`;
}
