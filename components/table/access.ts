import type * as aws from "@pulumi/aws";
import { type Input, interpolate, type Output, output } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { Faults } from "../shared/check";
import type { SettledIndex } from "./settle";
import type { KeyType, LeadingKeys, TableRights } from "./types";

/** The table that rights are given on. */
export interface TableIdentity {
  /** Name of the component: that of the accesses. */
  readonly name: string;
  readonly tableName: Output<string>;
  readonly arn: Output<string>;
  readonly keyArn: Input<string>;
  readonly partitionKey: { readonly name: string; readonly type: KeyType };
  readonly indexes: readonly SettledIndex[];
}

const itemReads = ["BatchGetItem", "GetItem", "Query"];
// ConditionCheckItem belongs to transactions that write.
const itemWrites = ["BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"];
const itemActions: Record<TableRights, readonly string[]> = {
  read: itemReads,
  write: itemWrites,
  readWrite: [...itemReads, ...itemWrites].sort(),
};

/** Rights on the whole table. Sets `NAME`. */
export function tableAccess(table: TableIdentity, rights: TableRights): Access {
  const reads = rights !== "write";
  const actions = [...itemActions[rights], "DescribeTable", ...(reads ? ["Scan"] : [])].sort();
  return {
    name: table.name,
    env: { NAME: table.tableName },
    statements: [
      allow(actions, table.arn),
      ...(reads && table.indexes.length > 0 ? [allow(["Query", "Scan"], interpolate`${table.arn}/index/*`)] : []),
      keyStatement(table),
    ],
  };
}

/** Rights to read the stream. Sets `STREAM_ARN`, and so goes together with an access to the table. */
export function streamAccess(table: TableIdentity, streamArn: Output<string>): Access {
  return {
    name: table.name,
    env: { STREAM_ARN: streamArn },
    statements: [
      allow(["DescribeStream", "GetRecords", "GetShardIterator"], streamArn),
      {
        Effect: "Allow",
        Action: "dynamodb:ListStreams",
        Resource: "*", // The action knows no resource; Lambda calls it before it reads a stream.
      },
      keyStatement(table),
    ],
  };
}

/**
 * Rights on the items whose partition key has one of these values: one tenant's rows. `Scan` is left out, since it reads
 * every partition, and so are indexes with another partition key, whose values stand for something else.
 */
export function leadingKeyAccess(table: TableIdentity, keys: LeadingKeys, rights: TableRights): Access {
  checkLeadingKeys(table, keys);
  const own = table.indexes.filter(
    ({ partitionKey }) => partitionKey.length === 1 && partitionKey[0] === table.partitionKey.name,
  );
  const condition = {
    ...("equals" in keys
      ? { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": keys.equals } }
      : { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys.startsWith.map((prefix) => `${prefix}*`) } }),
    // ForAllValues is true of a request without the key (AWS: IAM user guide, "Multivalued context keys").
    Null: { "dynamodb:LeadingKeys": "false" },
  };
  return {
    name: table.name,
    env: { NAME: table.tableName },
    statements: [
      { ...allow(itemActions[rights], table.arn), Condition: condition },
      ...(rights !== "write" && own.length > 0
        ? [
            {
              ...allow(
                ["Query"],
                own.map((index) => interpolate`${table.arn}/index/${index.name}`),
              ),
              Condition: condition,
            },
          ]
        : []),
      keyStatement(table),
    ],
  };
}

function checkLeadingKeys({ name, partitionKey }: TableIdentity, keys: LeadingKeys): void {
  const faults = new Faults("Table", name);
  if (partitionKey.type !== "string") {
    const cure = "IAM compares leading keys as text: give tenants a table with such a key";
    faults.add("forLeadingKeys", partitionKey.type, "a partition key of type string", cure);
  }
  const values = "equals" in keys ? keys.equals : keys.startsWith;
  const path = "equals" in keys ? "forLeadingKeys.equals" : "forLeadingKeys.startsWith";
  if (values.length === 0) faults.add(path, values, "at least one value", "name the tenant's keys");
  for (const value of values) {
    if (value === "") faults.add(path, value, "no empty value", "it would stand for every key or for none");
    if ("startsWith" in keys && typeof value === "string" && /[*?]/.test(value)) {
      faults.add(path, value, "a prefix without * and ?", "leave the wildcard out: it is added at the end");
    }
  }
  faults.raise();
}

/**
 * AWS: DynamoDB developer guide, "DynamoDB encryption at rest usage notes": of the calls to KMS, decrypting the table's key
 * is the one made as the caller; those for writing are made with DynamoDB's own grants. Through DynamoDB alone, since the
 * stack's other data share the key.
 */
function keyStatement(table: TableIdentity): aws.iam.PolicyStatement {
  const region = output(table.arn).apply((arn) => arn.split(":")[3] ?? "");
  return {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: table.keyArn,
    Condition: { StringEquals: { "kms:ViaService": interpolate`dynamodb.${region}.amazonaws.com` } },
  };
}

function allow(actions: readonly string[], resource: Input<string> | Input<string>[]): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions.map((action) => `dynamodb:${action}`), Resource: resource };
}
