import type * as aws from "@pulumi/aws";

import { dataStores, isSensitive } from "../lib/data";
import { lacksCustomerKey } from "../lib/keys";
import { isLogTarget } from "../lib/logs";
import { type Case, type Subject, on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { allowedTagValues, effectiveTags } from "../lib/tags";
import { types } from "../lib/types";
import { Value } from "../lib/value";

export const tagDataClass = rule(
  {
    name: "tag-data-class",
    description: "What holds data says how sensitive it is: public, internal, confidential or restricted",
    severity: "medium",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/whitepapers/latest/data-classification/data-classification.html",
    remediationSteps: "Set DataClass in the provider's defaultTags, or in the tags of what differs.",
  },
  on(dataStores, ({ props, provider, report }) => {
    const tags = effectiveTags(props, provider);
    const value = tags.values.get("DataClass");
    const classes = allowedTagValues.DataClass ?? [];
    const wrong = value === undefined ? tags.complete : value.isNot(...classes);
    if (wrong) report("tags.DataClass", "does not say how sensitive the data is", `set it to ${classes.join(" or ")}`);
  }),
);

/** Where each kind of store names its key. */
const keys: readonly (readonly [types: readonly string[], path: readonly (string | number)[]])[] = [
  [[...types.dbCluster, ...types.dbInstance], ["kmsKeyId"]],
  [types.table, ["serverSideEncryption", "kmsKeyArn"]],
  [[...types.queue, ...types.topic], ["kmsMasterKeyId"]],
  [[...types.stream, ...types.secret, ...types.logGroup, ...types.volume, ...types.fileSystem], ["kmsKeyId"]],
  [types.repository, ["encryptionConfigurations", 0, "kmsKey"]],
  [[...types.warehouseNamespace, ...types.warehouseCluster, ...types.cache], ["kmsKeyId"]],
];

export const cmkByDataClass = stackRule(
  {
    name: "cmk-by-data-class",
    description: "Confidential and restricted data is encrypted with a key of ours, whatever holds it",
    severity: "high",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt",
    remediationSteps:
      "Set the store's KMS key to the stack's key, or lower its DataClass if the data is not sensitive.",
  },
  [...types.bucket, ...keys.flatMap(([kinds]) => kinds)],
  ({ stack, report }) => {
    const set = "set it to the stack's key, or lower DataClass";
    for (const [kinds, path] of keys) {
      for (const store of stack.ofType(kinds)) {
        const key = store.props.dig(...path);
        if (!isSensitive(store.props, providerOf(store)) || !lacksCustomerKey(key)) continue;
        report(store, key, "is not a key of ours, and the data is sensitive", set);
      }
    }
    for (const bucket of stack.ofType(types.bucket)) {
      if (!isSensitive(bucket.props, providerOf(bucket)) || isLogTarget(stack, bucket)) continue;
      if (hasKey(stack, bucket)) continue;
      report(bucket, "kmsMasterKeyId", "is not a key of ours, and the data is sensitive", set);
    }
  },
);

function providerOf({ urn, resource }: Node): Value<aws.ProviderArgs> {
  const { provider } = resource;
  return provider === undefined ? Value.unknown("provider", urn) : Value.of(provider.props, "provider", urn);
}

/** Whether a bucket's encryption names a key of ours, inside it or beside it, or may. */
function hasKey(stack: Stack, bucket: Node): boolean {
  const inside = ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"].map((key) =>
    bucket.props.dig(key),
  );
  const beside = stack.referrers(bucket, "bucket", types.bucketEncryption).map((node) => node.props);
  return [...inside, ...beside].some((configuration) => {
    if (configuration.unknown) return true;
    const rules = configuration
      .items()
      .flatMap((one) =>
        one.dig("rules").unknown ? [one.dig("rules")] : [one.dig("rule"), ...one.dig("rules").items()],
      );
    return rules.some((one) => !lacksCustomerKey(one.dig("applyServerSideEncryptionByDefault", "kmsMasterKeyId")));
  });
}

const residencyConfig = {
  regions: {
    type: "array" as const,
    items: { type: "string" as const },
    default: [],
    description: "regions beside the provider's where sensitive data may be",
  },
};

/** What the provider's region, and those of the configuration, do not hold. */
function abroad({ provider, config }: Subject<unknown>, region: Value): boolean {
  const allowed = [provider.dig("region").text, ...(config.regions as string[])];
  return region.text !== undefined && !region.isEmpty() && allowed[0] !== undefined && !allowed.includes(region.text);
}

const leaves = "takes sensitive data out of its region";
const stay = "remove it, or name the region in the rule's regions";

/** A case that looks at sensitive data alone. */
function sensitive(kinds: readonly string[], check: (subject: Subject<unknown>) => void): Case {
  return on<unknown>(kinds, (subject) => {
    if (isSensitive(subject.props, subject.provider)) check(subject);
  });
}

const placed = [
  ...types.bucket,
  ...types.dbCluster,
  ...types.dbInstance,
  ...types.stream,
  ...types.queue,
  ...types.fileSystem,
  ...types.warehouseNamespace,
  ...types.catalogDatabase,
];

function atHome(subject: Subject<unknown>): void {
  const region = subject.props.dig("region");
  if (abroad(subject, region)) subject.report(region, leaves, stay);
}

export const dataResidency = rule(
  {
    name: "data-residency",
    description: "Confidential and restricted data stays in its region, with its copies and its keys",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/prescriptive-guidance/latest/strategy-aws-semicon-workloads/meeting-data-residency-requirements.html",
    remediationSteps: "Remove the copy, or name its region in the rule's regions after those who own the data agreed.",
    config: residencyConfig,
  },
  sensitive(placed, atHome),
  sensitive(types.table, (subject) => {
    atHome(subject);
    for (const replica of subject.props.dig("replicas").items()) {
      const region = replica.dig("regionName");
      if (abroad(subject, region)) subject.report(region, leaves, stay);
    }
  }),
  sensitive(types.secret, (subject) => {
    atHome(subject);
    for (const replica of subject.props.dig("replicas").items()) {
      const region = replica.dig("region");
      if (abroad(subject, region)) subject.report(region, leaves, stay);
    }
  }),
  sensitive(types.key, ({ props, config, report }) => {
    const multi = props.dig("multiRegion");
    if (multi.is(true) && (config.regions as string[]).length === 0) {
      report(multi, "lets the key be copied out of its region", "remove it, or name the regions in the rule's regions");
    }
  }),
  sensitive([...types.dbGlobalCluster, ...types.tableReplica, ...types.bucketReplication], ({ config, report }) => {
    // These say nothing of the region that they copy to, which is that of another resource.
    if ((config.regions as string[]).length === 0) report("copy", leaves, stay);
  }),
);
