import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { override, type Override } from "../shared/override";
import { leadingKeyAccess, streamAccess, tableAccess, type TableIdentity } from "./access";
import { createAlarms, type TableAlarms } from "./alarms";
import { tableArgs } from "./schema";
import { settle } from "./settle";
import type {
  Ceiling,
  GlobalIndex,
  KeyType,
  LeadingKeys,
  LocalIndex,
  StreamView,
  TableAlarmThresholds,
  TableKey,
  TableRights,
  TimeToLive,
} from "./types";

export type * from "./types";

/** What a Table is made of. */
export interface TableArgs {
  /** Attribute that items are partitioned by; changing it replaces the table. */
  partitionKey: TableKey;
  /** Attribute that the items of a partition are sorted by; changing it replaces the table. @default none */
  sortKey?: TableKey;
  /** Type of each attribute that only indexes use as key. @default {} */
  keyAttributes?: Record<string, KeyType>;
  /** Global secondary indexes by name. A change of one makes that index anew. @default {} */
  globalIndexes?: Record<string, GlobalIndex>;
  /** Local secondary indexes by name, at most 5; any change replaces the table. @default {} */
  localIndexes?: Record<string, LocalIndex>;
  /** When items expire. To switch it off again, set `enabled: false`. @default never */
  ttl?: TimeToLive;
  /** Days back that the table can be restored to, to the second, 1 to 35. @default 35 */
  recoveryDays?: number;
  /** Makes a stream of changes, and what it shows of each. @default no stream */
  stream?: StreamView;
  /** The most that requests may use: a bound on the bill, for the table and for each global index. @default none */
  ceiling?: Ceiling;
  /** ARN of the stack's KMS key, which encrypts the table, its indexes, stream and backups. */
  keyArn: pulumi.Input<string>;
  /** Protects the table from deletion, in Pulumi and in AWS. */
  keep: boolean;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** When the alarms go off. @default see TableAlarmThresholds */
  alarms?: TableAlarmThresholds;
  /** Last say on each child's arguments; `indexThrottlesAlarms` applies to each of them. */
  transform?: TableTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface TableTransform {
  table?: Override<aws.dynamodb.TableArgs>;
  throttlesAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  indexThrottlesAlarms?: Override<aws.cloudwatch.MetricAlarmArgs>;
  systemErrorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/**
 * A DynamoDB table, paid by the request, encrypted with the stack's key and restorable to any second. Who may do what
 * with it is offered as access values, down to the rows of one tenant.
 */
export class Table extends pulumi.ComponentResource {
  /** Name of the table. */
  public readonly tableName: pulumi.Output<string>;
  /** ARN of the table. */
  public readonly arn: pulumi.Output<string>;
  /** ARN of the stream; undefined without `stream`. */
  public readonly streamArn: pulumi.Output<string> | undefined;
  /** Read items, by key, query and scan, on the table and its indexes. Sets `NAME`. */
  public readonly read: Access;
  /** Write and delete items. Sets `NAME`. */
  public readonly write: Access;
  /** Read, write and delete items. Sets `NAME`. */
  public readonly readWrite: Access;
  /** Read the stream; undefined without `stream`. Sets `STREAM_ARN`. */
  public readonly stream: Access | undefined;
  /**
   * Makes an access to the items whose partition key has certain values, for tables with the rows of many tenants: by key
   * and query, without scan, and on the indexes with the table's own partition key alone. Sets `NAME`.
   */
  public readonly forLeadingKeys: (keys: LeadingKeys, rights?: TableRights) => Access;
  /** The resources themselves. */
  public readonly nodes: TableAlarms & { readonly table: aws.dynamodb.Table };

  constructor(name: string, args: TableArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:Table", name, {}, opts);

    const table = new aws.dynamodb.Table(
      `${name}-table`,
      override<aws.dynamodb.TableArgs>(tableArgs(settled), args.transform?.table),
      { parent: this, protect: args.keep },
    );
    const alarms = createAlarms(this, settled, table);

    this.tableName = table.name;
    this.arn = table.arn;
    this.streamArn = args.stream === undefined ? undefined : table.streamArn;
    const identity: TableIdentity = {
      name,
      tableName: this.tableName,
      arn: this.arn,
      keyArn: args.keyArn,
      partitionKey: args.partitionKey,
      indexes: settled.indexes,
    };
    this.read = tableAccess(identity, "read");
    this.write = tableAccess(identity, "write");
    this.readWrite = tableAccess(identity, "readWrite");
    this.stream = this.streamArn === undefined ? undefined : streamAccess(identity, this.streamArn);
    this.forLeadingKeys = (keys, rights = "readWrite") => leadingKeyAccess(identity, keys, rights);
    this.nodes = { table, ...alarms };
    this.registerOutputs({
      tableName: this.tableName,
      arn: this.arn,
      ...(this.streamArn !== undefined && { streamArn: this.streamArn }),
    });
  }
}
