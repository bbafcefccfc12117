/** What a resource holds that nobody can make again, and how to keep a copy of it. */
export interface Holding {
  readonly what: string;
  readonly copy: string;
}

const cluster: Holding = {
  what: "the database",
  copy: "aws rds create-db-cluster-snapshot; or add a second cluster with restoreFrom beside it and let this one go later",
};
const bucket: Holding = {
  what: "the objects",
  copy: "aws s3 sync to another bucket, old versions by S3 Batch Replication",
};
const logs: Holding = { what: "the log events", copy: "aws logs create-export-task" };

/**
 * Types that hold data, or the key to it. Those of the policy `pulumi-protect`, and logs and messages besides.
 */
const holdings: Readonly<Record<string, Holding>> = {
  "aws:backup/vault:Vault": { what: "the backups", copy: "aws backup start-copy-job to another vault" },
  "aws:cloudwatch/logGroup:LogGroup": logs,
  "aws:cognito/userPool:UserPool": {
    what: "the users with their passwords, which cannot be exported",
    copy: "a second pool that takes users over as they sign in (migration trigger)",
  },
  "aws:docdb/cluster:Cluster": { ...cluster, copy: "aws docdb create-db-cluster-snapshot" },
  "aws:dynamodb/globalTable:GlobalTable": { what: "the items", copy: "aws dynamodb create-backup" },
  "aws:dynamodb/table:Table": {
    what: "the items",
    copy: "aws dynamodb create-backup; or a second table beside it, filled by export and import",
  },
  "aws:ecr/repository:Repository": {
    what: "the images, rollbacks among them",
    copy: "copy the images to another repository",
  },
  "aws:efs/fileSystem:FileSystem": { what: "the files", copy: "aws backup start-backup-job" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { what: "the entries", copy: "aws elasticache create-snapshot" },
  "aws:fsx/lustreFileSystem:LustreFileSystem": { what: "the files", copy: "aws fsx create-backup" },
  "aws:glue/catalogDatabase:CatalogDatabase": {
    what: "the catalog's tables",
    copy: "the objects in S3 stay; note the tables",
  },
  "aws:kinesis/stream:Stream": { what: "the records not read yet", copy: "let the consumers catch up first" },
  "aws:kms/key:Key": {
    what: "the key, and so everything that it encrypts",
    copy: "keep the key until nothing is encrypted with it; aws kms cancel-key-deletion brings it back for a time",
  },
  "aws:kms/replicaKey:ReplicaKey": {
    what: "the key in this region, and what it encrypts there",
    copy: "keep the replica until nothing is encrypted with it",
  },
  "aws:neptune/cluster:Cluster": { ...cluster, copy: "aws neptune create-db-cluster-snapshot" },
  "aws:opensearch/domain:Domain": { what: "the indices", copy: "a manual snapshot to a bucket" },
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/globalCluster:GlobalCluster": cluster,
  "aws:rds/instance:Instance": { ...cluster, copy: "aws rds create-db-snapshot" },
  "aws:redshift/cluster:Cluster": { what: "the warehouse", copy: "aws redshift create-cluster-snapshot" },
  "aws:redshiftserverless/namespace:Namespace": {
    what: "the warehouse",
    copy: "aws redshift-serverless create-snapshot",
  },
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3tables/tableBucket:TableBucket": { what: "the tables", copy: "write them to another table bucket" },
  "aws:secretsmanager/secret:Secret": { what: "the secret's value", copy: "note where the value comes from" },
  "aws:sqs/queue:Queue": { what: "the messages not handled yet", copy: "let the consumers empty it first" },
};

export function holdingOf(type: string): Holding | undefined {
  return holdings[type];
}

/** Data that a change would lose, and the ways round that. */
export interface Danger {
  readonly loses: string;
  /** Each a thing to do instead, the cheapest first. */
  readonly waysOut: readonly string[];
  /** Pulumi's own protection, which stops the update before it deletes. */
  readonly isProtected: boolean;
}
