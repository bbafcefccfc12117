import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { createTaskNetwork } from "../task/network";
import { createTaskRoles } from "../task/roles";
import { createLogGroup, createTaskDefinition } from "../task/task-definition";
import type { ContainerArgs } from "../task/types";
import { createFailures, createUnreportedAlarm } from "./failures";
import { runAccess, runCommand } from "./run";
import { createSchedule } from "./schedule";
import { settle } from "./settle";
import type { ScheduledTaskNodes, ScheduledTaskTransform, TaskSchedule } from "./types";

export type * from "./types";

/** What a ScheduledTask is made from. */
export interface ScheduledTaskArgs extends ContainerArgs {
  /** When it runs. @default never by the clock: by hand, with `runCommand` */
  schedule?: TaskSchedule;
  /** On-demand or Spot capacity; Spot may take a run back with two minutes' notice. @default "onDemand" */
  capacity?: "onDemand" | "spot";
  /** Last word on the arguments of each child. @default none */
  transform?: ScheduledTaskTransform;
}

/**
 * A container that runs to its end on Fargate, by the clock or by hand. What cannot be started and what does not end well
 * waits in a queue, with an alarm.
 */
export class ScheduledTask extends pulumi.ComponentResource {
  /** Starts the task once, exactly as the schedule does: a command for the AWS CLI. */
  public readonly runCommand: pulumi.Output<string>;
  /**
   * Start the task from a program or a pipeline. Sets `CLUSTER_ARN`, `TASK_DEFINITION_ARN`, `SUBNET_IDS` and
   * `SECURITY_GROUP_ID`.
   */
  public readonly run: Access;
  /** ARN of the schedule; undefined without `schedule`. */
  public readonly scheduleArn: pulumi.Output<string> | undefined;
  /** ARN of the task definition's newest revision. */
  public readonly taskDefinitionArn: pulumi.Output<string>;
  /** The tasks' security group: owners of data admit it. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Log group of the runs. */
  public readonly logGroupName: pulumi.Output<string>;
  /** Address of the queue of failures. */
  public readonly failureQueueUrl: pulumi.Output<string>;
  /** ARN of the role that the program runs with. */
  public readonly taskRoleArn: pulumi.Output<string>;
  /** Name of the role that the program runs with. */
  public readonly taskRoleName: pulumi.Output<string>;
  /** The image that runs, repository and tag. */
  public readonly image: pulumi.Output<string>;
  /** The raw children. */
  public readonly nodes: ScheduledTaskNodes;

  constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:ScheduledTask", name, {}, opts);

    this.image = pulumi.interpolate`${args.image.repository.url}:${args.image.tag}`;
    const logGroup = createLogGroup(this, settled);
    const network = createTaskNetwork(this, settled);
    const roles = createTaskRoles(this, settled, logGroup);
    const taskDefinition = createTaskDefinition(this, settled, this.image, { logGroup, ...roles });
    const failures = createFailures(this, settled, { taskDefinition });
    const made = { logGroup, ...network, ...roles, taskDefinition, ...failures };
    const schedule = createSchedule(this, settled, made);
    const unreportedAlarm = createUnreportedAlarm(this, settled, { ...failures, ...schedule });

    this.nodes = { ...made, ...schedule, unreportedAlarm };
    this.runCommand = runCommand(settled, made);
    this.run = runAccess(settled, made);
    this.scheduleArn = schedule.schedule?.arn;
    this.taskDefinitionArn = taskDefinition.arn;
    this.securityGroupId = network.securityGroup.id;
    this.logGroupName = logGroup.name;
    this.failureQueueUrl = failures.failureQueue.url;
    this.taskRoleArn = roles.taskRole.arn;
    this.taskRoleName = roles.taskRole.name;
    this.registerOutputs({
      runCommand: this.runCommand,
      ...(this.scheduleArn !== undefined && { scheduleArn: this.scheduleArn }),
      taskDefinitionArn: this.taskDefinitionArn,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      failureQueueUrl: this.failureQueueUrl,
      taskRoleArn: this.taskRoleArn,
      taskRoleName: this.taskRoleName,
      image: this.image,
    });
  }
}
