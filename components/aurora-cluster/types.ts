import type { Input } from "@pulumi/pulumi";

/** Capacity of each instance, in Aurora capacity units (ACU): 2 GiB of memory each, with CPU and network to match. */
export interface AcuRange {
  /** Least capacity, 0 to 256 in steps of 0.5; 0 lets an idle instance pause. */
  min: number;
  /** Most capacity, 1 to 256 in steps of 0.5. */
  max: number;
  /** With `min` 0: time without a connection until an instance pauses, in seconds, 300 to 86400. @default 300 */
  secondsUntilAutoPause?: number;
}

/** A reader: its load is its own, its data the writer's. */
export interface Reader {
  /**
   * Order in which readers take over from a writer that failed, 0 (first) to 15. Readers of tiers 0 and 1 are as large
   * as the writer at any time, and pause with it; the others scale and pause on their own. @default 1
   */
  promotionTier?: number;
}

/** Adds readers under load and takes away those that it added. */
export interface ReaderScaling {
  /** Fewest readers, those of `readers` included. */
  min: number;
  /** Most readers, those of `readers` included. */
  max: number;
  /** Average CPU use of the readers to hold, in percent of their largest capacity. @default 70 without `connections` */
  cpuPercent?: number;
  /** Average connections of a reader to hold; instead of `cpuPercent`. @default not tracked */
  connections?: number;
}

/** Connections kept open to the database and shared by many clients. */
export interface Proxy {
  /** Most connections that it opens, in percent of what the database allows, 1 to 100. @default 90 */
  maxConnectionsPercent?: number;
  /** Time after which an idle client is disconnected, in seconds, 1 to 28800. @default 1800 */
  idleClientTimeoutSeconds?: number;
}

/**
 * What a database user may do: read; change data too; or own the schema too, which is to create, alter and drop what is
 * in it. What one owner makes, all others may use.
 */
export type AccessLevel = "read" | "readWrite" | "owner";

/** A log that the engine writes. AWS: API reference, CreateDBCluster, `EnableCloudwatchLogsExports`. */
export type LogType = "audit" | "error" | "general" | "iam-db-auth-error" | "instance" | "postgresql" | "slowquery";

/** A database parameter; `pendingReboot` for a static one, which takes effect when its instance starts again. */
export type Parameter = string | { value: string; apply: "immediate" | "pendingReboot" };

/** A moment in the life of another cluster. */
export interface PointInTime {
  /** Identifier of the cluster; instead of `sourceClusterResourceId`. */
  sourceClusterIdentifier?: Input<string>;
  /** Resource id of a cluster that is deleted and whose automated backups were retained. */
  sourceClusterResourceId?: Input<string>;
  /** Time to restore to, in UTC: `2026-04-01T09:30:00Z`. @default the latest restorable time */
  restoreToTime?: string;
  /** Shares the storage with the source until one of them writes: at once, and paid by what differs. @default false */
  copyOnWrite?: boolean;
}

/** Where a cluster that is made for the first time takes its data from. */
export type RestoreFrom =
  /** Identifier or ARN of a cluster snapshot. */
  | { snapshotIdentifier: Input<string> }
  /** A moment in the life of another cluster. */
  | { pointInTime: PointInTime };

/** When the alarms go off. */
export interface AlarmThresholds {
  /** Capacity of the busiest instance, in percent of `acu.max`. @default 90 */
  capacityPercent?: number;
  /** CPU of the writer, in percent of what `acu.max` gives. @default 90 */
  cpuPercent?: number;
  /** Connections to the busiest instance, in percent of what the engine allows by default at `acu.max`. @default 80 */
  connectionsPercent?: number;
  /** How far a reader is behind the writer, in milliseconds. @default 1000 */
  replicaLagMilliseconds?: number;
  /** Size of the data, in GiB: storage grows by itself, and so does the bill. @default 100 */
  storageGiB?: number;
}
