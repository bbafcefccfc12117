import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { LogDestination } from "../shared/placement";
import { type LakeIdentity, queryAccess, zoneAccess } from "./access";
import { createBucket } from "./bucket";
import { createDatabases, createTables, describeTables, tableCalled } from "./catalog";
import { createLakeFormation } from "./lake-formation";
import { createOptimizers } from "./optimizers";
import { settle } from "./settle";
import type {
  DataLakeNodes,
  DataLakeTransform,
  LakeFormationSwitch,
  LakeTable,
  LakeTableArgs,
  LakeZone,
  LakeZoneOutputs,
  ZoneLifecycle,
} from "./types";
import { createWorkGroup } from "./workgroup";

export type * from "./types";

/** What a DataLake is made of. */
export interface DataLakeArgs {
  /** Tables by name: what their files hold, and how they are partitioned. @default {} */
  tables?: Record<string, LakeTableArgs>;
  /** How long the files of each zone stay. @default tiered after 30 days, never deleted */
  lifecycles?: Partial<Record<LakeZone, ZoneLifecycle>>;
  /** Days that a deleted or overwritten file can be brought back. @default 30 */
  restoreDays?: number;
  /** Days until a query's result is deleted. @default 30 */
  resultDays?: number;
  /** Gigabytes that one query may read; Athena stops it there. @default 10 */
  scanLimitGb?: number;
  /** What the databases' names begin with; the zone follows. Changing it replaces them. @default <project>_<stack>_<name> */
  databasePrefix?: string;
  /** Lake Formation decides on the tables too. The deployer must be one of its administrators. @default off */
  lakeFormation?: LakeFormationSwitch;
  /** ARN of the stack's KMS key, which encrypts files and results. */
  keyArn: pulumi.Input<string>;
  /** Bucket that takes the buckets' access logs. LogArchive fits. */
  logArchive: LogDestination;
  /** Protects the buckets and the Iceberg tables from deletion. Without it, destroying the stack deletes the files too. */
  keep: boolean;
  /** Last say on each child's arguments; those of a group apply to each of it. */
  transform?: DataLakeTransform;
}

/**
 * A data lake of three zones: a private bucket and a Glue database each, typed tables that need no crawler, and one Athena
 * workgroup that bounds what a query may read. Who may do what in a zone is offered as access values.
 */
export class DataLake extends pulumi.ComponentResource {
  /** Bucket and database of each zone: `zones.raw.bucketName`. */
  public readonly zones: Readonly<Record<LakeZone, LakeZoneOutputs>>;
  /** The tables, by name, as transfers and jobs take them. */
  public readonly tables: Readonly<Record<string, LakeTable>>;
  /** Gives a table by its name; a name that the lake does not have is an error. */
  public readonly table: (name: string) => LakeTable;
  /** Name of the Athena workgroup. */
  public readonly workGroupName: pulumi.Output<string>;
  /** ARN of the Athena workgroup. */
  public readonly workGroupArn: pulumi.Output<string>;
  /** Name of the bucket of query results. */
  public readonly resultsBucketName: pulumi.Output<string>;
  /** ARN of the bucket of query results. */
  public readonly resultsBucketArn: pulumi.Output<string>;
  /** ARN of the key that encrypts all of it. */
  public readonly keyArn: pulumi.Output<string>;
  /** Makes an access to read a zone's files and tables. Sets `BUCKET` and `DATABASE`. */
  public readonly read: (zone: LakeZone) => Access;
  /** Makes an access to write a zone's files and partitions. Sets `BUCKET` and `DATABASE`. */
  public readonly write: (zone: LakeZone) => Access;
  /** Makes an access to do both in one zone. Sets `BUCKET` and `DATABASE`. */
  public readonly readWrite: (zone: LakeZone) => Access;
  /** Run queries; goes together with `read` of the zones that they ask. Sets `WORKGROUP`. */
  public readonly query: Access;
  /** The resources themselves. */
  public readonly nodes: DataLakeNodes;

  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:DataLake", name, {}, opts);

    const { restoreDays, lifecycles, resultDays } = settled;
    const zoneBucket = (zone: LakeZone) =>
      createBucket(this, settled, { role: zone, lifecycle: lifecycles[zone], restoreDays });
    const buckets = { raw: zoneBucket("raw"), curated: zoneBucket("curated"), analytics: zoneBucket("analytics") };
    const results = createBucket(this, settled, {
      role: "results",
      lifecycle: { tierAfterDays: undefined, expireAfterDays: resultDays },
      // A result can be had again by its query.
      restoreDays: 1,
    });
    const databases = createDatabases(this, settled, buckets);
    const tables = createTables(this, settled, databases, buckets);
    const optimizing = createOptimizers(this, settled, { databases, tables, buckets });
    const workGroup = createWorkGroup(this, settled, results);
    const governed = createLakeFormation(this, settled, { buckets, databases });

    this.nodes = { buckets, results, databases, tables, ...optimizing, workGroup, ...governed };
    const zone = (each: LakeZone): LakeZoneOutputs => ({
      bucketName: buckets[each].bucket.bucket,
      bucketArn: buckets[each].bucket.arn,
      databaseName: databases[each].name,
    });
    this.zones = { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") };
    this.tables = describeTables(settled, tables, buckets);
    this.table = (each) => tableCalled(name, this.tables, each);
    this.workGroupName = workGroup.name;
    this.workGroupArn = workGroup.arn;
    this.resultsBucketName = results.bucket.bucket;
    this.resultsBucketArn = results.bucket.arn;
    this.keyArn = pulumi.output(args.keyArn);
    const identity: LakeIdentity = {
      name,
      keyArn: args.keyArn,
      lakeFormation: args.lakeFormation !== undefined,
      made: this.nodes,
    };
    this.read = (each) => zoneAccess(identity, each, "read");
    this.write = (each) => zoneAccess(identity, each, "write");
    this.readWrite = (each) => zoneAccess(identity, each, "readWrite");
    this.query = queryAccess(identity);
    this.registerOutputs({
      zones: this.zones,
      workGroupName: this.workGroupName,
      workGroupArn: this.workGroupArn,
      resultsBucketName: this.resultsBucketName,
    });
  }
}
