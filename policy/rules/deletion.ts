import type * as aws from "@pulumi/aws";

import { type Subject, on, rule } from "../lib/rule";
import { types } from "../lib/types";

function switchedOn(key: string): (subject: Subject<unknown>) => void {
  return ({ props, report }) => {
    const value = props.dig(key);
    if (value.isNot(true)) report(value, "is not on", "set it to true");
  };
}

export const dbDeletionProtection = rule(
  {
    name: "db-deletion-protection",
    description: "Databases and tables cannot be deleted before their protection is lifted",
    severity: "high",
    levels: "0/A/M",
    fsbp: ["RDS.7", "RDS clusters should have deletion protection enabled"],
    remediationSteps: "Set deletionProtection, on a DynamoDB table deletionProtectionEnabled, to true.",
  },
  on([...types.dbCluster, ...types.dbGlobalCluster, ...types.dbInstance], switchedOn("deletionProtection")),
  on([...types.table, ...types.tableReplica], switchedOn("deletionProtectionEnabled")),
);

export const otherDeletionProtection = rule(
  {
    name: "other-deletion-protection",
    description: "Load balancers, user pools and log groups cannot be deleted before their protection is lifted",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["ELB.6", "Application, Gateway, and Network Load Balancers should have deletion protection enabled"],
    remediationSteps: "Set enableDeletionProtection, deletionProtection ACTIVE or deletionProtectionEnabled.",
  },
  on(types.loadBalancer, switchedOn("enableDeletionProtection")),
  on<aws.cognito.UserPoolArgs>(types.userPool, ({ props, report }) => {
    const protection = props.at("deletionProtection");
    if (protection.isNot("ACTIVE")) report(protection, "is not ACTIVE", "set it to ACTIVE");
  }),
  on(types.logGroup, switchedOn("deletionProtectionEnabled")),
);

export const pulumiProtect = rule(
  {
    name: "pulumi-protect",
    description: "What holds data or decrypts it is protected from deletion by Pulumi itself",
    severity: "medium",
    levels: "0/A/M",
    url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    remediationSteps: "Give the resource the option protect: true.",
  },
  on(
    [
      ...types.bucket,
      ...types.dbCluster,
      ...types.dbGlobalCluster,
      ...types.dbInstance,
      ...types.table,
      ...types.userPool,
      ...types.key,
      ...types.secret,
      ...types.stream,
      ...types.repository,
      ...types.warehouseNamespace,
      ...types.warehouseCluster,
    ],
    ({ protect, report }) => {
      if (!protect) report("protect", "is not on", "give the resource the option protect: true");
    },
  ),
);

function switchedOff(key: string): (subject: Subject<unknown>) => void {
  return ({ props, report }) => {
    const value = props.dig(key);
    if (value.is(true)) report(value, "lets its content go with it", "remove it");
  };
}

export const noForceDestroy = rule(
  {
    name: "no-force-destroy",
    description: "What still holds something is not deleted with it, and deleted secrets can be brought back",
    severity: "high",
    levels: "0/M/M",
    url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    remediationSteps: "Remove forceDestroy or forceDelete; set recoveryWindowInDays to 7 to 30.",
  },
  on(
    [
      ...types.bucket,
      ...types.dbGlobalCluster,
      ...types.athenaDatabase,
      ...types.athenaWorkgroup,
      ...types.backupVault,
    ],
    switchedOff("forceDestroy"),
  ),
  on(types.repository, switchedOff("forceDelete")),
  on<aws.secretsmanager.SecretArgs>(types.secret, ({ props, report }) => {
    const days = props.at("recoveryWindowInDays");
    if (days.is(0)) report(days, "deletes the secret at once", "set it to 7 to 30");
  }),
);

export const kmsDeletionWindow = rule(
  {
    name: "kms-deletion-window",
    description: "A key that is to be deleted can be saved for 30 days",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    remediationSteps: "Set deletionWindowInDays to 30, or leave it: KMS then waits 30 days.",
  },
  on<aws.kms.KeyArgs>([...types.key, ...types.replicaKey], ({ props, report }) => {
    const days = props.at("deletionWindowInDays");
    if (!days.isEmpty() && days.isNot(30)) {
      report(days, "is less than 30", "set it to 30, or remove it");
    }
  }),
);
