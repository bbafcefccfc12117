import * as pulumi from "@pulumi/pulumi";

import type { Access, SecretReference } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import type { ClusterPlacement, NetworkPlacement } from "../shared/placement";
import { createTaskNetwork } from "../task/network";
import { createTaskRoles } from "../task/roles";
import { createLogGroup, createTaskDefinition } from "../task/task-definition";
import type { WritablePath } from "../task/types";
import { createFailures, createUnreportedAlarm } from "./failures";
import { runAccess, runCommand } from "./run";
import { createSchedule } from "./schedule";
import { settle } from "./settle";
import type { ScheduledTaskNodes, ScheduledTaskTransform, TaskSchedule } from "./types";

export type * from "./types";

/** What a ScheduledTask is made from. */
export interface ScheduledTaskArgs {
  /** The ECS cluster. Cluster fits. */
  cluster: ClusterPlacement;
  /** The VPC; tasks go to its private subnets. Network fits. */
  network: NetworkPlacement;
  /** ARN of the stack's KMS key, which encrypts the logs and the failures; its policy admits `logs` and `events`. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** The image: its repository (ImageRepository fits) and, as tag, the SHA of the git commit it was built from. */
  image: { repository: { url: pulumi.Input<string>; pull: Access }; tag: string };
  /** CPU of a task, in units of 1/1024 vCPU: 256 to 32768. */
  cpu: number;
  /** Memory of a task, in MiB: one that Fargate offers with `cpu`. */
  memory: number;
  /** Processor that the image is built for. @default "arm64" */
  architecture?: "arm64" | "x86_64";
  /** When it runs. @default never by the clock: by hand, with `runCommand` */
  schedule?: TaskSchedule;
  /** On-demand or Spot capacity; Spot may take a run back with two minutes' notice. @default "onDemand" */
  capacity?: "onDemand" | "spot";
  /** Environment variables. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** Variables that ECS reads from Secrets Manager or Parameter Store when a run starts. @default none */
  secrets?: Record<string, SecretReference>;
  /** What the task uses: rights, variables and network paths. @default none */
  uses?: Access[];
  /** Whether `aws ecs execute-command` opens a shell in a run. @default false */
  exec?: boolean;
  /** How long logs stay, in days. */
  logRetentionDays: LogRetentionDays;
  /** Time between SIGTERM and SIGKILL, in seconds, 2 to 120. @default 30 */
  stopTimeoutSeconds?: number;
  /** Whether logs are kept: protected in Pulumi and in AWS. @default false */
  keep?: boolean;
  /** Size of `/tmp`, in MiB, a memory file system that counts as the task's memory. @default 64 */
  tmpMiB?: number;
  /** Directories that the container may write beside `/tmp`. @default none */
  writablePaths?: WritablePath[];
  /** User, or user and group, that the container runs as; not root. @default "1000:1000" */
  user?: string;
  /** Command instead of the image's own. @default the image's */
  command?: string[];
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
