import type { Input } from "@pulumi/pulumi";

/** Type of a key attribute; DynamoDB takes these three as keys. */
export type KeyType = "string" | "number" | "binary";

/** An attribute that the table itself is keyed by. */
export interface TableKey {
  /** Name of the attribute, 1 to 255 bytes. */
  name: string;
  /** Type of its values. */
  type: KeyType;
}

/** What of an item an index holds: everything, the keys, or the keys and the attributes of that name. */
export type Projection = "all" | "keys" | string[];

/** The most that requests may use, in request units a second; `"none"` takes a ceiling away that was there. */
export interface Ceiling {
  /** Read request units a second: one reads 4 KB. @default no ceiling */
  readUnits?: number | "none";
  /** Write request units a second: one writes 1 KB. @default no ceiling */
  writeUnits?: number | "none";
}

/** An index with keys of its own, over the whole table. */
export interface GlobalIndex {
  /** Attribute, or up to 4 together, that the index is partitioned by. */
  partitionKey: string | string[];
  /** Attribute, or up to 4 together, that items of a partition are sorted by. @default not sorted */
  sortKey?: string | string[];
  /** What the index holds of each item; a change makes the index anew. @default "all" */
  projection?: Projection;
  /** Ceiling of this index. @default the table's */
  ceiling?: Ceiling;
}

/** Another order of the items within each partition of the table. */
export interface LocalIndex {
  /** Attribute that items of a partition are sorted by. */
  sortKey: string;
  /** What the index holds of each item. @default "all" */
  projection?: Projection;
}

/** When items expire. */
export interface TimeToLive {
  /** Attribute that holds the time, in seconds since 1970, as a number. */
  attribute: string;
  /** Whether items expire; false switches it off where it was on. @default true */
  enabled?: boolean;
}

/** What the stream shows of a changed item: its keys, the item after the change, before it, or both. */
export type StreamView = "keys" | "newImage" | "oldImage" | "newAndOldImages";

/** When the alarms go off, in three of five minutes. */
export interface TableAlarmThresholds {
  /** Throttled reads and writes a minute, of the table or of one of its global indexes. @default 10 */
  throttles?: number;
  /** Requests a minute that DynamoDB failed on. @default 5 */
  systemErrors?: number;
}

/** Values of the partition key that an access is limited to: these alone, or those that begin so. */
export type LeadingKeys = { equals: Input<string>[] } | { startsWith: string[] };

/** What an access may do. */
export type TableRights = "read" | "write" | "readWrite";
