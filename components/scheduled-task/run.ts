import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { capacityProviders } from "../task/capacity";
import { placeOf } from "../task/iam";
import type { Settled } from "./settle";
import type { ScheduledTaskNodes } from "./types";

type Made = Pick<ScheduledTaskNodes, "taskDefinition" | "taskRole" | "executionRole" | "securityGroup">;

/** Rights to start this task, and no other, in its cluster, and to hand it its two roles. */
export function runStatements(s: Settled, made: Made): aws.iam.PolicyStatement[] {
  const clusterArn = s.args.cluster.arn;
  const tasks = pulumi.output(clusterArn).apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`);
  return [
    {
      Effect: "Allow",
      Action: "ecs:RunTask",
      // Any revision: a run that is tried again may be of the one before.
      Resource: pulumi.interpolate`${made.taskDefinition.arnWithoutRevision}:*`,
      Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
    },
    {
      Effect: "Allow",
      // A run takes its tags from the task definition.
      Action: "ecs:TagResource",
      Resource: tasks,
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: [made.taskRole.arn, made.executionRole.arn],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}

/** The right to start a run, with what the call needs. */
export function runAccess(s: Settled, made: Made): Access {
  return {
    name: s.name,
    env: {
      CLUSTER_ARN: s.args.cluster.arn,
      TASK_DEFINITION_ARN: made.taskDefinition.arn,
      SUBNET_IDS: subnets(s).apply((ids) => ids.join(",")),
      SECURITY_GROUP_ID: made.securityGroup.id,
    },
    statements: runStatements(s, made),
  };
}

/** What starts the task once by hand, exactly as the schedule does. */
export function runCommand(s: Settled, made: Made): pulumi.Output<string> {
  const network = pulumi.jsonStringify({
    awsvpcConfiguration: {
      subnets: subnets(s),
      securityGroups: [made.securityGroup.id],
      assignPublicIp: "DISABLED",
    },
  });
  const strategy = capacityProviders(s.capacity)
    .map(({ capacityProvider, weight }) => `capacityProvider=${capacityProvider},weight=${weight}`)
    .join(" ");
  return pulumi
    .all([placeOf(s.args.cluster.arn).region, s.args.cluster.arn, made.taskDefinition.arn, network])
    .apply(([region, cluster, taskDefinition, configuration]) =>
      [
        `aws ecs run-task --region ${region} --cluster ${cluster} --task-definition ${taskDefinition}`,
        `--capacity-provider-strategy ${strategy} --network-configuration '${configuration}'`,
        `--propagate-tags TASK_DEFINITION --enable-ecs-managed-tags${s.exec ? " --enable-execute-command" : ""}`,
      ].join(" "),
    );
}

function subnets(s: Settled): pulumi.Output<string[]> {
  return pulumi.output(s.args.network.privateSubnetIds).apply((ids) => ids);
}
