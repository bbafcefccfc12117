import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import type { NetworkPlacement } from "../shared/placement";
import { createAccesses } from "./access";
import { createAlarms } from "./alarms";
import { createDatabase, masterSecretArn } from "./cluster";
import type { Engine } from "./engine";
import { createFoundation } from "./foundation";
import type { AuroraClusterNodes, AuroraClusterTransform } from "./nodes";
import { createProxy } from "./proxy";
import { createScaling } from "./scaling";
import { settle } from "./settle";
import type {
  AccessLevel,
  AcuRange,
  AlarmThresholds,
  LogType,
  Parameter,
  Proxy,
  Reader,
  ReaderScaling,
  RestoreFrom,
} from "./types";
import { createUsers } from "./users";

export type * from "./nodes";
export type * from "./types";

/** What an AuroraCluster is made from. */
export interface AuroraClusterArgs {
  /** The database's engine. Decided at creation: changing it replaces the cluster. */
  engine: Engine;
  /**
   * Full version of the engine that the cluster begins with: `17.7`, `8.0.mysql_aurora.3.10.0`. AWS raises minor versions in
   * the maintenance window; a change here counts with `allowMajorVersionUpgrade` alone.
   */
  engineVersion: string;
  /** Whether a change of `engineVersion` is carried out, to another major version too. Take it out after the upgrade. @default false */
  allowMajorVersionUpgrade?: boolean;
  /** The VPC; the database goes to its isolated subnets, of at least two zones. Network fits. */
  network: NetworkPlacement;
  /** ARN of the stack's KMS key, which encrypts data, backups, secrets and logs; its policy admits `logs`. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** Protects cluster, instances, secrets and logs from deletion, keeps backups and takes a final snapshot. */
  keep: boolean;
  /** Range of capacities of each instance, in ACU. */
  acu: AcuRange;
  /** Name of the database; a restored cluster has its source's. Changing it replaces the cluster. @default "app" */
  databaseName?: string;
  /** Instances beside the writer, 0 to 15; append only. @default none */
  readers?: Reader[];
  /** Adds and removes readers by load. @default off */
  readerScaling?: ReaderScaling;
  /** Users of the database, by name, that sign in by IAM, beside those of `connect`, `read` and `migrate`. @default none */
  users?: Record<string, AccessLevel>;
  /** Users that read, for tools that cannot sign in by IAM, such as Tableau and Looker; each has a rotated secret. @default none */
  passwordUsers?: string[];
  /** PostgreSQL extensions to make in the database. One that leaves the list stays. @default none */
  extensions?: string[];
  /** Whether programs may use the Data API, by the access `dataApi`. @default false */
  dataApi?: boolean;
  /** Puts RDS Proxy before the database, for clients in great number, such as functions. @default off */
  proxy?: Proxy;
  /** Database parameters of the cluster. TLS is forced in any case. @default the engine's */
  parameters?: Record<string, Parameter>;
  /** Logs to export to CloudWatch. @default of PostgreSQL postgresql and iam-db-auth-error; of MySQL audit, error, slowquery and iam-db-auth-error */
  logs?: LogType[];
  /** How long logs stay, in days. */
  logRetentionDays: LogRetentionDays;
  /** Database Insights: seven days of load by query, or 15 months with more detail, at a price. @default "standard" */
  insights?: "standard" | "advanced";
  /** Seconds between two reports of the operating system: 1, 5, 10, 15, 30 or 60. @default off */
  enhancedMonitoringSeconds?: 1 | 5 | 10 | 15 | 30 | 60;
  /** Days that one can go back to, 1 to 35. @default 35 with keep, otherwise 7 */
  backupRetentionDays?: number;
  /** Whether a snapshot is taken when the cluster is deleted. @default the value of keep */
  finalSnapshot?: boolean;
  /** Time of the daily backup, in UTC: `18:00-18:30`. @default chosen by AWS */
  backupWindow?: string;
  /** Time of maintenance, in UTC: `sun:19:00-sun:19:30`. @default chosen by AWS */
  maintenanceWindow?: string;
  /** Whether changes are made at once, not in the maintenance window. @default true */
  applyImmediately?: boolean;
  /** Days between two rotations of the master user's password, 1 to 1000. @default 7 */
  masterRotationDays?: number;
  /** Days between two rotations of the other passwords, 1 to 1000. @default 30 */
  passwordRotationDays?: number;
  /** Where a new cluster takes its data from. It counts when the cluster is made, never after. @default empty */
  restoreFrom?: RestoreFrom;
  /** Name that the accesses carry: a restored cluster takes over that of its source. @default the cluster's name */
  accessName?: string;
  /** When the alarms go off. @default see AlarmThresholds */
  alarms?: AlarmThresholds;
  /** Last word on the arguments of each child. @default none */
  transform?: AuroraClusterTransform;
}

/**
 * An Aurora Serverless v2 database, PostgreSQL or MySQL: encrypted, backed up, reached over TLS by those alone who use
 * it. Programs sign in by IAM as users of their own, which the cluster makes.
 */
export class AuroraCluster extends pulumi.ComponentResource {
  /** Read and change data: a user of its own, the writer's endpoint, or the proxy's. */
  public readonly connect: Access;
  /** Read data: a user of its own, the readers' endpoint, or the proxy's; without readers, both lead to the writer. */
  public readonly read: Access;
  /** Own the schema: a user of its own for migrations, straight to the writer. */
  public readonly migrate: Access;
  /** The accesses of `users`, by name. */
  public readonly users: Readonly<Record<string, Access>>;
  /** Read and change data over the Data API, without a network path; with `dataApi`. */
  public readonly dataApi: Access | undefined;
  /** Host name of the writer. */
  public readonly writerEndpoint: pulumi.Output<string>;
  /** Host name of the readers; without any it leads to the writer. */
  public readonly readerEndpoint: pulumi.Output<string>;
  /** TCP port of both. */
  public readonly port: number;
  /** Name of the database. */
  public readonly databaseName: string;
  /** ARN of the cluster. */
  public readonly arn: pulumi.Output<string>;
  /** Identifier of the cluster: its name in AWS, and what a restore names as its source. */
  public readonly clusterIdentifier: pulumi.Output<string>;
  /** Resource id of the cluster, by which IAM and retained backups know it. */
  public readonly clusterResourceId: pulumi.Output<string>;
  /** The database's security group: each user adds its own rule. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** ARN of the secret with the master user's password, for emergencies. */
  public readonly masterSecretArn: pulumi.Output<string>;
  /** ARN of the secret of each of `passwordUsers`, by name: host, port, database, user and password as JSON. */
  public readonly passwordSecretArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** The raw children. */
  public readonly nodes: AuroraClusterNodes;

  constructor(name: string, args: AuroraClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:AuroraCluster", name, {}, opts);

    const foundation = createFoundation(this, settled);
    const database = { ...foundation, ...createDatabase(this, settled, foundation) };
    const scaling = createScaling(this, settled, database);
    const proxy = createProxy(this, settled, database);
    const users = createUsers(this, settled, database);
    const alarms = createAlarms(this, settled, database);
    const accesses = createAccesses(settled, { ...database, ...proxy, ...users });

    this.nodes = { ...database, ...scaling, ...proxy, ...users, ...alarms };
    this.connect = accesses.connect;
    this.read = accesses.read;
    this.migrate = accesses.migrate;
    this.users = accesses.users;
    this.dataApi = accesses.dataApi;
    const { cluster, securityGroup } = database;
    this.writerEndpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.port = settled.engine.port;
    this.databaseName = settled.databaseName;
    this.arn = cluster.arn;
    this.clusterIdentifier = cluster.clusterIdentifier;
    this.clusterResourceId = cluster.clusterResourceId;
    this.securityGroupId = securityGroup.id;
    this.masterSecretArn = masterSecretArn(cluster);
    this.passwordSecretArns = secretArns(args.passwordUsers ?? [], users.passwordSecrets);
    this.registerOutputs({
      writerEndpoint: this.writerEndpoint,
      readerEndpoint: this.readerEndpoint,
      port: this.port,
      databaseName: this.databaseName,
      arn: this.arn,
      clusterIdentifier: this.clusterIdentifier,
      clusterResourceId: this.clusterResourceId,
      securityGroupId: this.securityGroupId,
      masterSecretArn: this.masterSecretArn,
      passwordSecretArns: this.passwordSecretArns,
    });
  }
}

/** The secrets are in the order of `passwordUsers`; that of the Data API comes last. */
function secretArns(
  names: readonly string[],
  secrets: AuroraClusterNodes["passwordSecrets"],
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(secrets.slice(0, names.length).map((secret, i) => [names[i] ?? "", secret.arn]));
}
