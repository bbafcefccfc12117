import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { type Subject, on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const own = "is not a customer-managed key";

export const rdsAuxKeys = rule(
  {
    name: "rds-aux-keys",
    description: "Performance data and the managed master secret are encrypted with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.access-control.cmk-policy.html",
    remediationSteps: "Set performanceInsightsKmsKeyId and masterUserSecretKmsKeyId to the stack's key.",
  },
  on<aws.rds.ClusterArgs>([...types.dbCluster, ...types.dbInstance], ({ props, report }) => {
    const secret = props.at("masterUserSecretKmsKeyId");
    if (props.at("manageMasterUserPassword").is(true) && lacksCustomerKey(secret)) {
      report(secret, own, "set it to the stack's key");
    }
    insightsKey(props as Value<aws.rds.ClusterInstanceArgs>, report);
  }),
  on<aws.rds.ClusterInstanceArgs>(types.dbClusterInstance, ({ props, report }) => insightsKey(props, report)),
);

function insightsKey(
  props: Value<aws.rds.ClusterInstanceArgs>,
  report: (at: Value, wrong: string, set: string) => void,
): void {
  const key = props.at("performanceInsightsKmsKeyId");
  if (props.at("performanceInsightsEnabled").is(true) && lacksCustomerKey(key)) {
    report(key, own, "set it to the ARN of the stack's key");
  }
}

export const rdsProxyTls = rule(
  {
    name: "rds-proxy-tls",
    description: "Database proxies take TLS connections of IAM users alone",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["RDS.43", "RDS DB proxies should require TLS encryption for connections"],
    remediationSteps:
      "Set requireTls to true, and iamAuth to REQUIRED in each of auths, or defaultAuthScheme to IAM_AUTH.",
  },
  on<aws.rds.ProxyArgs>(types.dbProxy, ({ props, report }) => {
    if (props.at("requireTls").isNot(true)) report(props.at("requireTls"), "is not on", "set it to true");
    for (const auth of props.at("auths").items()) {
      const iam = auth.at("iamAuth");
      if (iam.isNot("REQUIRED", "ENABLED")) report(iam, "lets clients in by password", "set it to REQUIRED");
    }
    const scheme = props.at("defaultAuthScheme");
    const auths = props.at("auths");
    if (!auths.unknown && auths.items().length === 0 && scheme.isNot("IAM_AUTH")) {
      report(scheme, "names no way to sign in", "set it to IAM_AUTH, or give auths with iamAuth REQUIRED");
    }
  }),
);

export const dbManagedPassword = rule(
  {
    name: "db-managed-password",
    description: "AWS itself keeps the password of a database's or warehouse's first user, in Secrets Manager",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html",
    remediationSteps: "Set manageMasterUserPassword, of a warehouse manageAdminPassword, to true; remove the password.",
  },
  on<aws.rds.ClusterArgs>(types.dbCluster, ({ props, report }) => {
    managed(props, { password: "masterPassword", user: "masterUsername", manage: "manageMasterUserPassword" }, report);
  }),
  on<aws.rds.InstanceArgs>(types.dbInstance, ({ props, report }) => {
    managed(props, { password: "password", user: "username", manage: "manageMasterUserPassword" }, report);
  }),
  on<aws.redshiftserverless.NamespaceArgs>(types.warehouseNamespace, ({ props, report }) => {
    managed(props, { password: "adminUserPassword", user: "adminUsername", manage: "manageAdminPassword" }, report);
  }),
  on<aws.redshift.ClusterArgs>(types.warehouseCluster, ({ props, report }) => {
    managed(props, { password: "masterPassword", user: "masterUsername", manage: "manageMasterPassword" }, report);
  }),
);

/** Properties of a first user. */
interface FirstUser {
  readonly password: string;
  readonly user: string;
  /** Whether AWS keeps the password. */
  readonly manage: string;
}

function managed(props: Value, names: FirstUser, report: Subject<unknown>["report"]): void {
  const given = props.dig(names.password);
  const manage = props.dig(names.manage);
  const writeOnly = props.dig(`${names.password}Wo`);
  if (given.unknown || !given.isEmpty()) {
    report(given, "is in the program and the state", `remove it and set ${names.manage} to true`);
  } else if (manage.isNot(true) && writeOnly.isEmpty() && !props.dig(names.user).isEmpty()) {
    // What has no user of its own (a replica, a restored database) has its source's password. A write-only one is
    // neither in the state nor in the plan.
    report(manage, "is not on", "set it to true");
  }
}

/** Names that everyone tries first, AWS's examples and the console's defaults among them. */
const guessed = ["admin", "administrator", "root", "postgres", "master", "mysql", "awsuser", "dbadmin", "user"];

export const dbAdminNameIam = rule(
  {
    name: "db-admin-name-iam",
    description:
      "Databases let users sign in by IAM, and the first user of a database or warehouse has a name of its own",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["RDS.12", "IAM authentication should be configured for RDS clusters"],
    remediationSteps: "Set iamDatabaseAuthenticationEnabled to true; a change of masterUsername replaces the database.",
  },
  on<aws.rds.ClusterArgs>(types.dbCluster, ({ props, report }) => {
    adminAndIam(props, props.at("masterUsername"), report);
  }),
  on<aws.rds.InstanceArgs>(types.dbInstance, ({ props, report }) => {
    adminAndIam(props, props.at("username"), report);
  }),
  // Redshift takes IAM's users always.
  on<aws.redshiftserverless.NamespaceArgs>(types.warehouseNamespace, ({ props, report }) => {
    ownName(props.at("adminUsername"), report);
  }),
  on<aws.redshift.ClusterArgs>(types.warehouseCluster, ({ props, report }) => {
    ownName(props.at("masterUsername"), report);
  }),
);

function ownName(user: Value, report: Subject<unknown>["report"]): void {
  if (guessed.includes((user.text ?? "").toLowerCase())) {
    report(user, "is a name that is tried first", "choose another");
  }
}

function adminAndIam(props: Value, user: Value, report: Subject<unknown>["report"]): void {
  ownName(user, report);
  const iam = props.dig("iamDatabaseAuthenticationEnabled");
  // AWS: Oracle, SQL Server and Db2 have no IAM authentication.
  const engine = props.dig("engine").text ?? "";
  if (/mysql|postgres|mariadb/.test(engine) && iam.isNot(true)) report(iam, "is not on", "set it to true");
}

/** The logs that show who signed in and what failed, by engine. */
const wantedLogs: readonly (readonly [engine: RegExp, logs: readonly string[]])[] = [
  [/postgres/, ["postgresql"]],
  [/mysql/, ["audit", "error"]],
];

export const auroraLogExports = rule(
  {
    name: "aurora-log-exports",
    description: "Database clusters send their logs to CloudWatch Logs",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["RDS.37", "Aurora PostgreSQL DB clusters should publish logs to CloudWatch Logs"],
    remediationSteps:
      "Set enabledCloudwatchLogsExports: postgresql for PostgreSQL; error, and audit with server_audit_logging on, for MySQL.",
  },
  on<aws.rds.ClusterArgs>(types.dbCluster, ({ props, report }) => {
    const exports = props.at("enabledCloudwatchLogsExports");
    if (exports.unknown || exports.items().some((log) => log.unknown)) return;
    for (const [engine, logs] of wantedLogs) {
      if (!engine.test(props.at("engine").text ?? "")) continue;
      const missing = logs.filter((log) => exports.items().every((value) => value.isNot(log))).join(", ");
      if (missing !== "") report(exports, `lacks ${missing}`, `add ${missing}`);
    }
  }),
);

export const auroraBackup = rule(
  {
    name: "aurora-backup",
    description: "Database clusters are backed up, and leave a snapshot and their backups when they are deleted",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["RDS.11", "RDS instances should have automatic backups enabled"],
    remediationSteps:
      "Set backupRetentionPeriod to 7 or more, skipFinalSnapshot to false, deleteAutomatedBackups to false.",
    config: { days: { type: "integer", minimum: 1, maximum: 35, default: 7, description: "least days of backups" } },
  },
  on<aws.rds.ClusterArgs>([...types.dbCluster, ...types.dbInstance], ({ props, environment, config, report }) => {
    const retention = props.at("backupRetentionPeriod");
    const days = config.days as number;
    // A replica is backed up through its source. AWS: a cluster without a period keeps its backups for 1 day.
    const replica = !props.dig("replicateSourceDb").isEmpty();
    if (!replica && !retention.unknown && Number(retention.known ?? 1) < days) {
      report(retention, `is less than ${days} days`, `set it to ${days} or more`);
    }
    // What dev holds can be made again, and a stack that is destroyed for good should leave nothing to pay for.
    if (environment === "dev" || replica) return;
    const skip = props.at("skipFinalSnapshot");
    if (skip.is(true)) {
      report(skip, "lets the data go with the database", "set it to false, with finalSnapshotIdentifier");
    } else if (!skip.unknown && props.at("finalSnapshotIdentifier").isEmpty()) {
      report("finalSnapshotIdentifier", "is not set", "set it: the database cannot be deleted without");
    }
    // AWS deletes them with the database unless it is told otherwise.
    const backups = props.at("deleteAutomatedBackups");
    if (backups.isNot(false)) report(backups, "lets the backups go with the database", "set it to false");
  }),
);

export const minorUpgrades = rule(
  {
    name: "minor-upgrades",
    description: "Databases take minor versions by themselves",
    severity: "medium",
    levels: "A/A/M",
    fsbp: ["RDS.13", "RDS automatic minor version upgrades should be enabled"],
    remediationSteps: "Leave autoMinorVersionUpgrade on.",
  },
  on<aws.rds.InstanceArgs>(
    [...types.dbClusterInstance, ...types.dbInstance, ...types.dbCluster],
    ({ props, report }) => {
      // On where it is not set; a cluster has it for all its instances.
      const upgrade = props.at("autoMinorVersionUpgrade");
      if (upgrade.is(false)) report(upgrade, "is off", "remove it, or set it to true");
    },
  ),
);
