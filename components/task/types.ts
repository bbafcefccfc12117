import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Access, SecretReference } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import type { Override } from "../shared/override";
import type { ClusterPlacement, NetworkPlacement } from "../shared/placement";

/** What whoever runs a container on Fargate says of it, be it a service or a scheduled task. */
export interface ContainerArgs {
  /** The ECS cluster. Cluster fits. */
  cluster: ClusterPlacement;
  /** The VPC; tasks go to its private subnets. Network fits. */
  network: NetworkPlacement;
  /** ARN of the stack's KMS key, which encrypts the logs; its policy admits `logs`, and `events` for a scheduled task. */
  keyArn: Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: Input<string>;
  /** The image: its repository (ImageRepository fits) and, as tag, the SHA of the git commit it was built from. */
  image: { repository: { url: Input<string>; pull: Access }; tag: string };
  /** CPU of a task, in units of 1/1024 vCPU: 256 to 32768. */
  cpu: number;
  /** Memory of a task, in MiB: one that Fargate offers with `cpu`. */
  memory: number;
  /** Processor that the image is built for. @default "arm64" */
  architecture?: "arm64" | "x86_64";
  /** Environment variables. @default none */
  environment?: Record<string, Input<string>>;
  /** Variables that ECS reads from Secrets Manager or Parameter Store when a task starts. @default none */
  secrets?: Record<string, SecretReference>;
  /** What the program uses: rights, variables and network paths. @default none */
  uses?: Access[];
  /** Whether `aws ecs execute-command` opens a shell in a task. @default false */
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
}

/** What a task definition with its roles and logs is made from. */
export interface TaskArgs extends Omit<ContainerArgs, "alarmTopicArn"> {
  healthCheck?: ContainerHealthCheck;
  transform?: TaskTransform;
}

/** The raw children that make a task. Those that a setting leaves out are undefined, lists are empty. */
export interface TaskNodes {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly httpsEgress: aws.vpc.SecurityGroupEgressRule;
  /** On the owners' groups, one for each network path of `uses`. */
  readonly accessIngress: readonly aws.vpc.SecurityGroupIngressRule[];
  /** On the task's own group, one for each network path of `uses`. */
  readonly accessEgress: readonly aws.vpc.SecurityGroupEgressRule[];
  readonly executionRole: aws.iam.Role;
  readonly executionPolicy: aws.iam.RolePolicy;
  readonly taskRole: aws.iam.Role;
  readonly taskPolicy: aws.iam.RolePolicy | undefined;
  readonly taskDefinition: aws.ecs.TaskDefinition;
}

/** Last word on the arguments of each child; for a list, applied to each of its members. */
export interface TaskTransform {
  logGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  securityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  httpsEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  accessIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  accessEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  executionRole?: Override<aws.iam.RoleArgs>;
  executionPolicy?: Override<aws.iam.RolePolicyArgs>;
  taskRole?: Override<aws.iam.RoleArgs>;
  taskPolicy?: Override<aws.iam.RolePolicyArgs>;
  taskDefinition?: Override<aws.ecs.TaskDefinitionArgs>;
}

/**
 * What the tasks run on: on-demand capacity, Spot (up to 70 percent cheaper, stopped with two minutes' notice), or
 * `base` tasks on demand and, of the rest, `spotPercent` percent on Spot.
 */
export type Capacity = "onDemand" | "spot" | { base?: number; spotPercent: number };

/** A check that ECS runs inside the container. AWS: API reference, HealthCheck. */
export interface ContainerHealthCheck {
  /** `["CMD", "program", "argument"]` or `["CMD-SHELL", "line"]`; exit code 0 is healthy. */
  command: string[];
  /** Time between two checks, in seconds, 5 to 300. @default 30 */
  intervalSeconds?: number;
  /** Time after which a check has failed, in seconds, 2 to 60. @default 5 */
  timeoutSeconds?: number;
  /** Failures in a row that make the container unhealthy, 1 to 10. @default 3 */
  retries?: number;
  /** Time after the start in which failures do not count, in seconds, 0 to 300. @default 0 */
  startPeriodSeconds?: number;
}

/** A directory that the container may write, beside `/tmp`; empty in each new task and gone with it. */
export interface WritablePath {
  /** Absolute path in the container. */
  path: string;
  /**
   * Size of a memory file system that any user may write, in MiB: it counts as the task's memory. Absent: a directory on
   * the task's disk, which belongs to root unless the image declares it with VOLUME and another owner.
   */
  memoryMiB?: number;
}
