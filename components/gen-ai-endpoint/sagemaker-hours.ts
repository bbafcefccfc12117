import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import type { HoursNodes, SageMakerNodes } from "./nodes";
import { type SettledSageMaker, takesKey } from "./sagemaker-rules";

type Served = Pick<SageMakerNodes, "configuration" | "endpoint">;

/** Deletes the endpoint at the end of its hours and makes it again: SageMaker cannot stop one. */
export function createHours(parent: pulumi.Resource, s: SettledSageMaker, served: Served): HoursNodes {
  const { name, args } = s;
  const { transform = {} } = args;
  const opts = { parent };
  const hours = s.sagemaker.realTime?.hours;
  if (hours === undefined) {
    return {
      scheduleGroup: undefined,
      schedulerRole: undefined,
      schedulerRights: undefined,
      startSchedule: undefined,
      stopSchedule: undefined,
    };
  }
  const queue = createFailureQueue(
    name,
    {
      keyArn: args.keyArn,
      alarmTopicArn: args.alarmTopicArn,
      description:
        `${name}: the endpoint was not made or not deleted by the clock. The message says which, and why; do it by hand, ` +
        "then delete the message.",
      transform,
    },
    opts,
  );
  const scheduleGroup = new aws.scheduler.ScheduleGroup(
    `${name}-hours`,
    override<aws.scheduler.ScheduleGroupArgs>({}, transform.scheduleGroup),
    opts,
  );
  const schedulerRole = createRole(parent, s, scheduleGroup);
  const schedulerRights = new aws.iam.RolePolicy(
    `${name}-scheduler-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: schedulerRole.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sagemaker:CreateEndpoint",
              Resource: [served.endpoint.arn, served.configuration.arn],
            },
            {
              Effect: "Allow",
              Action: ["sagemaker:AddTags", "sagemaker:DeleteEndpoint"],
              Resource: served.endpoint.arn,
            },
            ...keyStatements(s),
            ...failureQueueStatements(queue.failureQueue.arn, args.keyArn),
          ],
        },
      },
      transform.schedulerRights,
    ),
    opts,
  );
  const { partition } = aws.getPartitionOutput({}, opts);
  const schedule = (role: "start" | "stop", action: string, input: pulumi.Output<string>): aws.scheduler.Schedule =>
    new aws.scheduler.Schedule(
      `${name}-${role}`,
      override<aws.scheduler.ScheduleArgs>(
        {
          groupName: scheduleGroup.name,
          description: `${role === "start" ? "Makes" : "Deletes"} the endpoint of ${name}`,
          scheduleExpression: hours[role],
          scheduleExpressionTimezone: hours.timezone ?? "UTC",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: pulumi.interpolate`arn:${partition}:scheduler:::aws-sdk:sagemaker:${action}`,
            roleArn: schedulerRole.arn,
            input,
            // An hour of instances at most, should SageMaker be busy.
            retryPolicy: { maximumRetryAttempts: 12, maximumEventAgeInSeconds: 3600 },
            deadLetterConfig: { arn: queue.failureQueue.arn },
          },
        },
        transform[`${role}Schedule`],
      ),
      { ...opts, dependsOn: [schedulerRights] },
    );
  const { endpoint, configuration } = served;
  const start = pulumi.jsonStringify({
    EndpointName: endpoint.name,
    EndpointConfigName: configuration.name,
    Tags: endpoint.tagsAll.apply((tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))),
  });
  return {
    ...queue,
    scheduleGroup,
    schedulerRole,
    schedulerRights,
    startSchedule: schedule("start", "createEndpoint", start),
    stopSchedule: schedule("stop", "deleteEndpoint", pulumi.jsonStringify({ EndpointName: endpoint.name })),
  };
}

/** AWS: SageMaker developer guide, "API permissions reference", CreateEndpoint: with a key its caller makes the grant. */
function keyStatements({ args, sagemaker }: SettledSageMaker): aws.iam.PolicyStatement[] {
  if (sagemaker.realTime === undefined || !takesKey(sagemaker.realTime.instanceType)) return [];
  return [
    {
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: args.keyArn,
      Condition: {
        StringEquals: { "kms:ViaService": `sagemaker.${args.region}.amazonaws.com` },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
  ];
}

function createRole(
  parent: pulumi.Resource,
  { name, args }: SettledSageMaker,
  group: aws.scheduler.ScheduleGroup,
): aws.iam.Role {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  return new aws.iam.Role(
    `${name}-scheduler-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: makes and deletes the endpoint by the clock`,
        // AWS: EventBridge Scheduler user guide, "Confused deputy prevention": the source is the group, never a schedule.
        assumeRolePolicy: assumableBy("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": group.arn },
        }),
      },
      args.transform?.schedulerRole,
    ),
    { parent },
  );
}
