import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { collect } from "../lib/tags";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const backupVaultKms = rule(
  {
    name: "backup-vault-kms",
    description: "Backup vaults encrypt with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["Backup.1", "AWS Backup recovery points should be encrypted at rest"],
    remediationSteps: "Set kmsKeyArn to the stack's key; a change replaces the vault.",
  },
  on<aws.backup.VaultArgs>(types.backupVault, ({ props, report }) => {
    const key = props.at("kmsKeyArn");
    if (lacksCustomerKey(key)) report(key, "is not a customer-managed key", "set it to the ARN of the stack's key");
  }),
);

interface Store {
  readonly types: readonly string[];
  /** Start of the part of the ARN that follows region and account. */
  readonly arn: readonly [service: string, resource: string];
  /** Whether it keeps continuous backups of its own, or may. */
  readonly continuous?: (props: Value) => boolean;
}

const stores: readonly Store[] = [
  {
    types: [...types.dbCluster, ...types.dbInstance],
    arn: ["rds", ""],
    continuous: (props) => {
      const days = props.dig("backupRetentionPeriod");
      // AWS: a cluster keeps its backups for a day where nothing is said. A replica has its source's.
      return days.unknown || Number(days.known ?? 1) > 0 || !props.dig("replicateSourceDb").isEmpty();
    },
  },
  {
    types: types.table,
    arn: ["dynamodb", "table/"],
    continuous: (props) => !props.dig("pointInTimeRecovery", "enabled").isNot(true),
  },
  { types: types.volume, arn: ["ec2", "volume/"] },
  { types: types.fileSystem, arn: ["elasticfilesystem", "file-system/"] },
];

export const backupPlan = stackRule(
  {
    name: "backup-plan",
    description: "What holds data and keeps no continuous backups of its own is in a backup plan",
    severity: "medium",
    levels: "0/0/A",
    fsbp: ["RDS.26", "RDS DB instances should be protected by a backup plan"],
    remediationSteps: "Add an aws.backup.Selection that names it in resources or selectionTags.",
    config: {
      always: { type: "boolean", default: false, description: "ask for a plan beside continuous backups too" },
    },
  },
  stores.flatMap((store) => store.types),
  ({ stack, config, report }) => {
    for (const { types: kinds, arn, continuous } of stores) {
      for (const store of stack.ofType(kinds)) {
        if (config.always !== true && continuous?.(store.props) === true) continue;
        if (isSelected(stack, store, arn)) continue;
        report(store, "backup plan", "does not name it", "add it to an aws.backup.Selection");
      }
    }
  },
);

function isSelected(stack: Stack, store: Node, [service, resource]: Store["arn"]): boolean {
  if (stack.referrers(store, "resources", types.backupSelection).length > 0) return true;
  const tags = collect([store.props.dig("tagsAll"), store.props.dig("tags")]);
  return stack.ofType(types.backupSelection).some((selection) => {
    const resources = selection.props.dig("resources");
    const byName = resources.items();
    const byTag = selection.props.dig("selectionTags").items();
    // What is unknown is known by what it depends on, where it says so.
    const open = resources.unknown || byName.some((name) => name.unknown);
    if (open && (selection.resource.propertyDependencies.resources ?? []).length === 0) return true;
    if (selection.props.dig("selectionTags").unknown) return true;
    return (
      byName.some((name) => covers(name.text ?? "", service, resource)) ||
      byTag.some((tag) => {
        const value = tags.values.get(tag.dig("key").text ?? "");
        if (tag.dig("key").unknown) return true;
        if (value === undefined) return !tags.complete;
        return value.unknown || !tag.dig("value").isNot(value.text ?? "");
      })
    );
  });
}

/** `*`, or an ARN that ends in one for all of a kind: `arn:aws:dynamodb:*:*:table/*`. */
function covers(pattern: string, service: string, resource: string): boolean {
  if (pattern === "*") return true;
  const [, , of, , , ...rest] = pattern.split(":");
  const what = rest.join(":");
  return of === service && what.endsWith("*") && what.startsWith(resource);
}
