import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { modelArn } from "./access";
import { modelDimension } from "./alarms";
import type { ModelNodes, WatchNodes } from "./nodes";
import type { Settled } from "./settle";
import { billedMetrics, type SettledCeiling } from "./spend";

/** What the function has to know, and may do, in order to look at the spending itself. */
interface Looking {
  readonly variables: Record<string, pulumi.Input<string>>;
  readonly statements: aws.iam.PolicyStatement[];
}

/** With an alarm nothing: that has looked before it calls the function. */
export function lookingOf({ name, args }: Settled, { watch, usdPerHour, price }: SettledCeiling): Looking {
  if (watch === "alarm") return { variables: {}, statements: [] };
  const prices = Object.fromEntries(billedMetrics.map(([, metric, part]) => [metric, price[part]]));
  return {
    variables: {
      ENDPOINT: name,
      CEILING_USD: String(usdPerHour),
      PRICES: JSON.stringify(prices),
      ALARM_TOPIC_ARN: args.alarmTopicArn,
    },
    statements: [
      {
        Effect: "Allow",
        Action: "cloudwatch:GetMetricData",
        Resource: "*", // The action knows no resources.
      },
      { Effect: "Allow", Action: "sns:Publish", Resource: args.alarmTopicArn },
      {
        Effect: "Allow",
        // A topic's publisher needs both. AWS: SNS developer guide, "Key management".
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: args.keyArn,
        Condition: { StringEquals: { "kms:ViaService": `sns.${args.region}.amazonaws.com` } },
      },
    ],
  };
}

/** The function that stops, and the role that it does so with. */
interface Stop {
  readonly stopFunction: aws.lambda.Function;
  readonly stopRole: aws.iam.Role;
}

/** What calls the function: the alarm on what tokens cost, or each call to the model. */
export function createWatch(
  parent: pulumi.Resource,
  s: Settled,
  ceiling: SettledCeiling,
  made: ModelNodes,
  stop: Stop,
): WatchNodes {
  return ceiling.watch === "alarm"
    ? createAlarmWatch(parent, s, ceiling, made, stop)
    : createCallsWatch(parent, s, made, stop);
}

function createAlarmWatch(
  parent: pulumi.Resource,
  s: Settled,
  ceiling: SettledCeiling,
  made: ModelNodes,
  { stopFunction, stopRole }: Stop,
): WatchNodes {
  const { name, args } = s;
  const spendAlarm = createSpendAlarm(parent, s, ceiling, made, stopFunction);
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const stopPermission = createPermission(parent, s, stopFunction, {
    principal: "lambda.alarms.cloudwatch.amazonaws.com",
    sourceAccount: accountId,
    sourceArn: spendAlarm.arn,
  });
  // Apart from the other rights: the alarm needs the function, and this needs the alarm.
  const liftRights = new aws.iam.RolePolicy(
    `${name}-lift-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: stopRole.name,
        policy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "cloudwatch:SetAlarmState", Resource: spendAlarm.arn }],
        },
      },
      args.transform?.liftRights,
    ),
    { parent },
  );
  return { spendAlarm, stopPermission, liftRights, calls: undefined, callsTarget: undefined };
}

function createPermission(
  parent: pulumi.Resource,
  { name, args }: Settled,
  stopFunction: aws.lambda.Function,
  caller: Pick<aws.lambda.PermissionArgs, "principal" | "sourceAccount" | "sourceArn">,
): aws.lambda.Permission {
  return new aws.lambda.Permission(
    `${name}-stop-permission`,
    override<aws.lambda.PermissionArgs>(
      { function: stopFunction.name, action: "lambda:InvokeFunction", ...caller },
      args.transform?.stopPermission,
    ),
    { parent },
  );
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

/** AWS: Bedrock user guide, "Monitor Amazon Bedrock API calls using CloudTrail": the management events that cost tokens. */
const invoking = ["InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"];

function createCallsWatch(parent: pulumi.Resource, s: Settled, made: ModelNodes, { stopFunction }: Stop): WatchNodes {
  const { name, args } = s;
  const { transform = {} } = args;
  const model = modelArn(made);
  const calls = new aws.cloudwatch.EventRule(
    `${name}-calls`,
    override<aws.cloudwatch.EventRuleArgs>(
      {
        description: `Calls to ${name}, upon which its spending is looked at`,
        // Invoking counts as reading, which rules that are merely enabled do not see.
        state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.bedrock"],
          "detail-type": ["AWS API Call via CloudTrail"],
          detail: {
            eventSource: ["bedrock.amazonaws.com"],
            eventName: invoking,
            // As the caller wrote it: the ARN, or its last part.
            requestParameters: { modelId: [model, modelDimension(made).ModelId] },
            // What is refused or throttled costs nothing, after the stop least of all.
            errorCode: [{ exists: false }],
          },
        }),
      },
      transform.calls,
    ),
    { parent },
  );
  const stopPermission = createPermission(parent, s, stopFunction, {
    principal: "events.amazonaws.com",
    sourceArn: calls.arn,
  });
  const callsTarget = new aws.cloudwatch.EventTarget(
    `${name}-calls-target`,
    override<aws.cloudwatch.EventTargetArgs>(
      {
        rule: calls.name,
        arn: stopFunction.arn,
        // After an hour a call tells nothing of the last one; the next call is told anew. 185 is EventBridge's own number.
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
      },
      transform.callsTarget,
    ),
    { parent, dependsOn: [stopPermission] },
  );
  return { calls, callsTarget, stopPermission, spendAlarm: undefined, liftRights: undefined };
}
