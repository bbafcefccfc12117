import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import type * as random from "@pulumi/random";

import type { LakeZone } from "../data-lake/types";
import type { LogRetentionDays } from "../shared/log-retention";
import type { Override } from "../shared/override";
import type { NetworkPlacement } from "../shared/placement";

export type { LakeZone } from "../data-lake/types";

/** What answers the SQL. */
export type WarehouseEngine = "athena" | "redshiftServerless" | "bigquery" | "snowflake";

/** A network whose zones are known before anything is made. Network fits. */
export interface ZonedNetwork extends NetworkPlacement {
  /** Availability zones that the subnets are in. */
  readonly availabilityZones: readonly string[];
}

/** The most that Redshift may use, in RPU-hours; once it is reached, queries are refused until the period ends. */
export interface RedshiftLimits {
  /** RPU-hours a day (UTC). @default eight hours at base capacity */
  dailyRpuHours?: number;
  /** RPU-hours a month. @default fifteen days at the daily limit */
  monthlyRpuHours?: number;
}

/** Sizes of Redshift Serverless. */
export interface RedshiftOptions {
  /** Redshift processing units that a query starts with: 4, or 8 to 1024 in steps. @default 8 */
  baseRpu?: number;
  /** The most units that it grows to under load, in the same steps. @default four times the base, at most 512 */
  maxRpu?: number;
  /** What stops the bill. @default see RedshiftLimits */
  limits?: RedshiftLimits;
  /** Name of the database for tables of your own; decided when the namespace is made. @default "warehouse" */
  databaseName?: string;
  /** Seconds until a query is stopped, 1 to 86399. @default 3600 */
  queryTimeoutSeconds?: number;
  /** Users of tools that know passwords alone, each with a rotated secret; they may read. @default [] */
  passwordUsers?: string[];
  /** Days between two rotations of their passwords, 1 to 1000. @default 30 */
  passwordRotationDays?: number;
  /** Days that connections, users and their statements stay in CloudWatch Logs. @default 90 */
  logRetentionDays?: LogRetentionDays;
}

/** What Snowflake reads, and who Snowflake is. */
export interface SnowflakeOptions {
  /** Second step: STORAGE_AWS_IAM_USER_ARN of `DESC INTEGRATION`. @default none: the role trusts nobody yet */
  userArn?: string;
  /** Second step: STORAGE_AWS_EXTERNAL_ID of `DESC INTEGRATION`. @default none */
  externalId?: string;
  /** Start of the keys that Snowflake may read in each zone, with a slash at its end. @default the whole zone */
  prefix?: string;
  /**
   * ARN of the queue that Snowpipe listens at, `notification_channel` of `SHOW PIPES`. It becomes the one notification of
   * each zone's bucket. @default nothing is announced
   */
  snowpipeQueueArn?: string;
}

/** What BigQuery reads, and who Google is. */
export interface BigQueryOptions {
  /** Who reads: Storage Transfer Service, which copies to Cloud Storage, or BigQuery Omni. @default "storageTransfer" */
  reader?: "storageTransfer" | "omni";
  /** Second step: the reader's subject id, 10 to 30 digits. @default none: the role trusts nobody yet */
  subjectId?: string;
  /** Start of the keys that Google may read in each zone, with a slash at its end. @default the whole zone */
  prefix?: string;
}

/** A user with a password, for tools that know nothing else. */
export interface WarehouseLogin {
  /** Name of the user. */
  readonly user: string;
  /** ARN of the secret: JSON with `username`, `password`, `host`, `port` and `dbname`. */
  readonly secretArn: Input<string>;
  /** Key that encrypts the secret. */
  readonly keyArn: Input<string>;
}

/** Where Redshift listens. */
export interface WarehouseEndpoint {
  readonly host: Input<string>;
  readonly port: number;
  readonly databaseName: string;
  /** Group to be let into, by a rule of the consumer's. */
  readonly securityGroupId: Input<string>;
}

/** The raw children of a Warehouse. Those that the engine does not need are undefined, lists are empty. */
export interface WarehouseNodes {
  readonly suffix: random.RandomId | undefined;
  readonly logGroups: readonly aws.cloudwatch.LogGroup[];
  readonly securityGroup: aws.ec2.SecurityGroup | undefined;
  readonly httpsEgress: aws.vpc.SecurityGroupEgressRule | undefined;
  readonly lakeRole: aws.iam.Role | undefined;
  readonly lakePolicy: aws.iam.RolePolicy | undefined;
  readonly namespace: aws.redshiftserverless.Namespace | undefined;
  readonly workgroup: aws.redshiftserverless.Workgroup | undefined;
  readonly dailyLimit: aws.redshiftserverless.UsageLimit | undefined;
  readonly monthlyLimit: aws.redshiftserverless.UsageLimit | undefined;
  readonly usageAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly passwordSecrets: readonly aws.secretsmanager.Secret[];
  readonly setupLogGroup: aws.cloudwatch.LogGroup | undefined;
  readonly setupRole: aws.iam.Role | undefined;
  readonly setupPolicy: aws.iam.RolePolicy | undefined;
  readonly setupFunction: aws.lambda.Function | undefined;
  readonly setupInvocation: aws.lambda.Invocation | undefined;
  readonly rotationPermissions: readonly aws.lambda.Permission[];
  readonly passwordRotations: readonly aws.secretsmanager.SecretRotation[];
  readonly notifications: readonly aws.s3.BucketNotification[];
}

/** The children of an engine that makes none of them. */
export const noNodes: WarehouseNodes = {
  suffix: undefined,
  logGroups: [],
  securityGroup: undefined,
  httpsEgress: undefined,
  lakeRole: undefined,
  lakePolicy: undefined,
  namespace: undefined,
  workgroup: undefined,
  dailyLimit: undefined,
  monthlyLimit: undefined,
  usageAlarm: undefined,
  passwordSecrets: [],
  setupLogGroup: undefined,
  setupRole: undefined,
  setupPolicy: undefined,
  setupFunction: undefined,
  setupInvocation: undefined,
  rotationPermissions: [],
  passwordRotations: [],
  notifications: [],
};

/** Last say on the arguments of each child, by the child's name in `nodes`; for a list, applied to each of its members. */
export interface WarehouseTransform {
  suffix?: Override<random.RandomIdArgs>;
  logGroups?: Override<aws.cloudwatch.LogGroupArgs>;
  securityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  httpsEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  lakeRole?: Override<aws.iam.RoleArgs>;
  lakePolicy?: Override<aws.iam.RolePolicyArgs>;
  namespace?: Override<aws.redshiftserverless.NamespaceArgs>;
  workgroup?: Override<aws.redshiftserverless.WorkgroupArgs>;
  dailyLimit?: Override<aws.redshiftserverless.UsageLimitArgs>;
  monthlyLimit?: Override<aws.redshiftserverless.UsageLimitArgs>;
  usageAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  passwordSecrets?: Override<aws.secretsmanager.SecretArgs>;
  setupLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  setupRole?: Override<aws.iam.RoleArgs>;
  setupPolicy?: Override<aws.iam.RolePolicyArgs>;
  setupFunction?: Override<aws.lambda.FunctionArgs>;
  setupInvocation?: Override<aws.lambda.InvocationArgs>;
  rotationPermissions?: Override<aws.lambda.PermissionArgs>;
  passwordRotations?: Override<aws.secretsmanager.SecretRotationArgs>;
  notifications?: Override<aws.s3.BucketNotificationArgs>;
}

/** Every zone, in the order that data passes through them. */
export const lakeZones: readonly LakeZone[] = ["raw", "curated", "analytics"];
