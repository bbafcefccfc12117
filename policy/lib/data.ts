import type * as aws from "@pulumi/aws";

import { effectiveTags } from "./tags";
import { types } from "./types";
import type { Value } from "./value";

/** Types that hold data of users or of the business, by which tag-data-class goes. */
export const dataStores: readonly string[] = [
  ...types.bucket,
  ...types.table,
  ...types.dbCluster,
  ...types.dbInstance,
  ...types.warehouseNamespace,
  ...types.stream,
  ...types.catalogDatabase,
  ...types.queue,
  ...types.topic,
];

/** Classes whose data may harm somebody if it gets out. */
const sensitiveClasses = ["confidential", "restricted"];

/** Known to hold such data, by its tag DataClass or the provider's. */
export function isSensitive(props: Value, provider: Value<aws.ProviderArgs>): boolean {
  return (
    effectiveTags(props, provider)
      .values.get("DataClass")
      ?.is(...sensitiveClasses) === true
  );
}
