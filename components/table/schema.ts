import type * as aws from "@pulumi/aws";

import type { Settled, SettledIndex } from "./settle";
import type { Ceiling, KeyType, Projection, StreamView } from "./types";

type GlobalIndexArgs = aws.types.input.dynamodb.TableGlobalSecondaryIndex;
type LocalIndexArgs = aws.types.input.dynamodb.TableLocalSecondaryIndex;

const typeCodes: Record<KeyType, string> = { string: "S", number: "N", binary: "B" };

const viewTypes: Record<StreamView, string> = {
  keys: "KEYS_ONLY",
  newImage: "NEW_IMAGE",
  oldImage: "OLD_IMAGE",
  newAndOldImages: "NEW_AND_OLD_IMAGES",
};

/** The table's arguments, in the provider's words. */
export function tableArgs(s: Settled): aws.dynamodb.TableArgs {
  const { partitionKey, sortKey, stream, ttl, ceiling, keyArn, keep } = s.args;
  const global = s.indexes.filter((index) => index.kind === "global");
  const local = s.indexes.filter((index) => index.kind === "local");
  return {
    billingMode: "PAY_PER_REQUEST",
    hashKey: partitionKey.name,
    ...(sortKey !== undefined && { rangeKey: sortKey.name }),
    attributes: [...s.attributes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, type]) => ({ name, type: typeCodes[type] })),
    ...(global.length > 0 && { globalSecondaryIndexes: global.map(globalIndex) }),
    ...(local.length > 0 && { localSecondaryIndexes: local.map(localIndex) }),
    ...(ceiling !== undefined && { onDemandThroughput: throughput(ceiling) }),
    ...(ttl !== undefined && { ttl: { attributeName: ttl.attribute, enabled: ttl.enabled ?? true } }),
    ...(stream !== undefined && { streamEnabled: true, streamViewType: viewTypes[stream] }),
    pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: s.recoveryDays },
    serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
    deletionProtectionEnabled: keep,
  };
}

function globalIndex(index: SettledIndex): GlobalIndexArgs {
  return {
    name: index.name,
    keySchemas: [
      ...index.partitionKey.map((attributeName) => ({ attributeName, keyType: "HASH" })),
      ...index.sortKey.map((attributeName) => ({ attributeName, keyType: "RANGE" })),
    ],
    ...projectionArgs(index.projection),
    ...(index.ceiling !== undefined && { onDemandThroughput: throughput(index.ceiling) }),
  };
}

function localIndex(index: SettledIndex): LocalIndexArgs {
  return { name: index.name, rangeKey: index.sortKey[0] ?? "", ...projectionArgs(index.projection) };
}

function projectionArgs(projection: Projection): { projectionType: string; nonKeyAttributes?: string[] } {
  if (projection === "all") return { projectionType: "ALL" };
  if (projection === "keys") return { projectionType: "KEYS_ONLY" };
  return { projectionType: "INCLUDE", nonKeyAttributes: [...projection] };
}

/** AWS: API reference, OnDemandThroughput: -1 takes a ceiling away; leaving it out changes nothing. */
function throughput({ readUnits, writeUnits }: Ceiling): aws.types.input.dynamodb.TableOnDemandThroughput {
  return {
    ...(readUnits !== undefined && { maxReadRequestUnits: readUnits === "none" ? -1 : readUnits }),
    ...(writeUnits !== undefined && { maxWriteRequestUnits: writeUnits === "none" ? -1 : writeUnits }),
  };
}
