import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Rights to start this task, and no other, in its cluster, and to hand it its two roles. */
export function runStatements(
  clusterArn: pulumi.Input<string>,
  made: { taskDefinition: aws.ecs.TaskDefinition; taskRole: aws.iam.Role; executionRole: aws.iam.Role },
): aws.iam.PolicyStatement[] {
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
      Resource: tasksOf(clusterArn),
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

/** Every task of the cluster: the ARN of one says nothing of its definition. */
export function tasksOf(clusterArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(clusterArn).apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`);
}
