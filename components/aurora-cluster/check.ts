import type { Faults } from "../shared/check";
import { isLogRetention, logRetentionDays } from "../shared/log-retention";
import { isAcu, largestAcu } from "./capacity";
import { masterUsername } from "./engine";
import type { Settled } from "./settle";
import type { AccessLevel } from "./types";
import { allUsers } from "./user";

/** `${name}-monitoring-role-1234567` names a role, which IAM limits to 64 characters. */
const nameLength = 64 - "-monitoring-role-1234567".length;
/** `${identifier}-1a2b3c4d-reader-15` names an instance, which RDS limits to 63 characters. */
const identifierLength = 63 - "-1a2b3c4d-reader-15".length;

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const levels: readonly AccessLevel[] = ["read", "readWrite", "owner"];

export function checkName(s: Settled, faults: Faults): void {
  if (!kebabCase.test(s.name) || s.name.length > nameLength) {
    const allowed = `kebab-case, at most ${nameLength} characters`;
    faults.add("name", s.name, allowed, "AWS limits the names made from it: change it");
  } else if (!/^[a-z]/.test(s.identifier) || s.identifier.length > identifierLength) {
    const allowed = `with project and stack, a letter first and at most ${identifierLength} characters`;
    faults.add("name", s.identifier, allowed, "RDS limits the identifiers made from it: shorten one of the three");
  }
  if (s.args.accessName !== undefined && !kebabCase.test(s.accessName)) {
    faults.add("accessName", s.accessName, "kebab-case", "it names the variables and rules of the cluster's users");
  }
}

export function checkDatabase(s: Settled, faults: Faults): void {
  const { engineVersion: version, parameters = {} } = s.args;
  if (s.engine.family(version) === undefined) {
    // With a major version alone the provider sends it with each change, which AWS may take for a downgrade.
    faults.add("engineVersion", version, s.engine.versions, `write it out, such as ${s.engine.versionExample}`);
  }
  // The names of the three roles end in _owner, and PostgreSQL cuts names at 63 characters.
  if (!/^[a-z][a-z0-9_]{0,56}$/.test(s.databaseName) || reservedDatabases.has(s.databaseName)) {
    const allowed =
      "a letter, then letters, digits and underscores in lower case, at most 57; no name of the engine's own";
    faults.add("databaseName", s.databaseName, allowed, "choose another name");
  }
  for (const extension of s.extensions) {
    if (s.args.engine !== "postgresql") {
      faults.add("extensions", extension, "none, with engine mysql", "leave them out: MySQL has no extensions");
    } else if (!/^[a-z][a-z0-9_-]*$/.test(extension)) {
      faults.add("extensions", extension, "an extension's name, such as pg_trgm", "correct the name");
    }
  }
  const { tls } = s.engine;
  if (tls.name in parameters) {
    const cure = "leave it out: connections without TLS are always refused";
    faults.add(`parameters.${tls.name}`, parameters[tls.name], "not set", cure);
  }
}

export function checkAcu(s: Settled, faults: Faults): void {
  const { min, max } = s.args.acu;
  const cure = "set a capacity that Aurora offers";
  if (!isAcu(min)) faults.add("acu.min", min, `0 to ${largestAcu} in steps of 0.5`, cure);
  if (!isAcu(max) || max < 1) faults.add("acu.max", max, `1 to ${largestAcu} in steps of 0.5`, cure);
  if (min > max) faults.add("acu.min", min, `at most acu.max (${max})`, "swap them, or raise max");
}

/**
 * What keeps an instance awake, so that `min` 0 would promise a saving that never comes. AWS: Aurora user guide, "Scaling
 * to zero ACUs", prerequisites and limitations; aws/agent-toolkit-for-aws, "Scale-to-Zero", lists the same for both
 * engines: RDS Proxy, logical replication or binary logging, global databases, zero-ETL, Babelfish.
 */
export function checkPause(s: Settled, faults: Faults): void {
  const { acu, parameters = {} } = s.args;
  if (acu.min > 0) {
    if (acu.secondsUntilAutoPause === undefined) return;
    const cure = "leave it out, or set min to 0: only there an instance pauses";
    faults.add("acu.secondsUntilAutoPause", acu.secondsUntilAutoPause, "not set, with acu.min over 0", cure);
    return;
  }
  // AWS: RDS API reference, ServerlessV2ScalingConfiguration.
  integer(faults, "acu.secondsUntilAutoPause", acu.secondsUntilAutoPause ?? 300, 300, 86400);
  if (s.proxy !== undefined) {
    const cure =
      "the proxy holds connections open, so that the cluster never pauses: leave it out, or set acu.min to 0.5";
    faults.add("proxy", s.args.proxy, "not set, with acu.min 0", cure);
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = typeof parameter === "string" ? parameter : parameter.value;
    if (!s.engine.replicates(name, value)) continue;
    const cure = "a source of replication never pauses: leave it out, or set acu.min to 0.5";
    faults.add(`parameters.${name}`, value, "off, with acu.min 0", cure);
  }
}

export function checkReaders(s: Settled, faults: Faults): void {
  // AWS: Aurora user guide, "Replication with Amazon Aurora": up to 15 Aurora Replicas.
  const most = 15;
  if (s.readers.length > most) {
    faults.add("readers", s.readers.length, `0 to ${most}`, "remove some: a cluster takes no more");
  }
  s.readers.forEach(({ promotionTier }, i) => integer(faults, `readers[${i}].promotionTier`, promotionTier, 0, 15));
  if (s.readerScaling === undefined) return;
  const { min, max, cpuPercent, connections } = s.readerScaling;
  // Without a reader nothing reports the load that would ask for one.
  integer(faults, "readerScaling.min", min, 1, most);
  integer(faults, "readerScaling.max", max, 1, most);
  if (min > max) faults.add("readerScaling.min", min, `at most readerScaling.max (${max})`, "swap them, or raise max");
  if (max < s.readers.length) {
    const cure = "raise it: the readers of `readers` count";
    faults.add("readerScaling.max", max, `at least the number of readers (${s.readers.length})`, cure);
  }
  if (cpuPercent !== undefined && connections !== undefined) {
    faults.add("readerScaling.connections", connections, "not set, with cpuPercent", "scale by one of them");
  }
  if (cpuPercent !== undefined) integer(faults, "readerScaling.cpuPercent", cpuPercent, 1, 100);
  if (connections !== undefined) integer(faults, "readerScaling.connections", connections, 1, 6000);
}

export function checkUsers(s: Settled, faults: Faults): void {
  const given = [...Object.keys(s.args.users ?? {}), ...(s.args.passwordUsers ?? [])];
  const allowed = `letters and digits in lower case, a letter first, parted by single _, at most ${s.engine.userLength}`;
  for (const name of given) {
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > s.engine.userLength) {
      faults.add("users", name, allowed, "choose another name");
    } else if (isReservedUser(name, s)) {
      faults.add(
        "users",
        name,
        "a name that neither the engine, RDS nor the cluster itself uses",
        "choose another name",
      );
    }
  }
  const names = allUsers(s).map((user) => user.name);
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i))) {
    faults.add("users", name, "each user once, in users or in passwordUsers", "rename or remove one");
  }
  for (const { name, level } of s.more) {
    if (!levels.includes(level)) faults.add(`users.${name}`, level, levels.join(", "), "set one of them");
  }
  // AWS: Secrets Manager API reference, RotationRulesType.
  integer(faults, "masterRotationDays", s.masterRotationDays, 1, 1000);
  integer(faults, "passwordRotationDays", s.passwordRotationDays, 1, 1000);
}

export function checkProxy(s: Settled, faults: Faults): void {
  if (s.proxy === undefined) return;
  integer(faults, "proxy.maxConnectionsPercent", s.proxy.maxConnectionsPercent, 1, 100);
  // AWS: RDS Proxy, "Creating a proxy": at most 8 hours.
  integer(faults, "proxy.idleClientTimeoutSeconds", s.proxy.idleClientTimeoutSeconds, 1, 28800);
}

export function checkLogs(s: Settled, faults: Faults): void {
  for (const log of s.logs) {
    if (s.engine.logs.includes(log)) continue;
    faults.add("logs", log, `${s.engine.logs.join(", ")}, with engine ${s.args.engine}`, "remove it");
  }
  const { logRetentionDays: days, insights, enhancedMonitoringSeconds: seconds } = s.args;
  if (!isLogRetention(days)) {
    faults.add("logRetentionDays", days, logRetentionDays.join(", "), "set one that CloudWatch Logs takes");
  }
  if (insights !== undefined && !["standard", "advanced"].includes(insights)) {
    faults.add("insights", insights, "standard, advanced", "set one of them");
  }
  // AWS: RDS API reference, CreateDBInstance, `MonitoringInterval`.
  if (seconds !== undefined && ![1, 5, 10, 15, 30, 60].includes(seconds)) {
    faults.add("enhancedMonitoringSeconds", seconds, "1, 5, 10, 15, 30, 60", "set one of them, or leave it out");
  }
}

export function checkBackups(s: Settled, faults: Faults): void {
  // AWS: RDS API reference, CreateDBCluster, `BackupRetentionPeriod`.
  integer(faults, "backupRetentionDays", s.backupRetentionDays, 1, 35);
  const { backupWindow, maintenanceWindow } = s.args;
  const time = "([01]\\d|2[0-3]):[0-5]\\d";
  if (backupWindow !== undefined && !new RegExp(`^${time}-${time}$`).test(backupWindow)) {
    faults.add("backupWindow", backupWindow, "hh:mm-hh:mm, in UTC", "write it as 18:00-18:30");
  }
  const day = "(mon|tue|wed|thu|fri|sat|sun)";
  if (maintenanceWindow !== undefined && !new RegExp(`^${day}:${time}-${day}:${time}$`).test(maintenanceWindow)) {
    faults.add(
      "maintenanceWindow",
      maintenanceWindow,
      "ddd:hh:mm-ddd:hh:mm, in UTC",
      "write it as sun:19:00-sun:19:30",
    );
  }
}

export function checkRestore(s: Settled, faults: Faults): void {
  const from = s.args.restoreFrom;
  if (from === undefined) return;
  const kinds = Object.keys(from);
  if (kinds.length !== 1 || !["snapshotIdentifier", "pointInTime"].includes(kinds[0] ?? "")) {
    faults.add("restoreFrom", kinds, "snapshotIdentifier or pointInTime", "set exactly one of them");
  }
  if (!("pointInTime" in from)) return;
  const { sourceClusterIdentifier, sourceClusterResourceId, restoreToTime, copyOnWrite } = from.pointInTime;
  if ((sourceClusterIdentifier === undefined) === (sourceClusterResourceId === undefined)) {
    const allowed = "sourceClusterIdentifier or sourceClusterResourceId";
    faults.add("restoreFrom.pointInTime", Object.keys(from.pointInTime), allowed, "set exactly one of them");
  }
  if (restoreToTime === undefined) return;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(restoreToTime) || Number.isNaN(Date.parse(restoreToTime))) {
    const cure = "write it as 2026-04-01T09:30:00Z";
    faults.add("restoreFrom.pointInTime.restoreToTime", restoreToTime, "a time in UTC", cure);
  }
  // AWS: RDS API reference, RestoreDBClusterToPointInTime, `RestoreToTime`.
  if (copyOnWrite === true) {
    const cure = "leave it out: a clone shows the source as it is now";
    faults.add("restoreFrom.pointInTime.restoreToTime", restoreToTime, "not set, with copyOnWrite", cure);
  }
}

export function checkAlarms(s: Settled, faults: Faults): void {
  for (const [name, value] of Object.entries(s.alarms)) {
    const most = name.endsWith("Percent") ? 100 : Number.MAX_SAFE_INTEGER;
    if (value > 0 && value <= most) continue;
    const allowed = most === 100 ? "more than 0, at most 100 percent" : "more than 0";
    faults.add(`alarms.${name}`, value, allowed, "set a threshold that can be reached");
  }
}

const reservedDatabases: ReadonlySet<string> = new Set([
  ...["postgres", "template0", "template1", "rdsadmin", "public"],
  ...["mysql", "sys", "information_schema", "performance_schema"],
]);

/** Names that exist already, or that the cluster makes itself. */
function isReservedUser(name: string, s: Settled): boolean {
  const roles = ["read", "write", "owner"].map((role) => `${s.databaseName}_${role}`);
  const own = Object.values(s.own).map((user) => user.name);
  // The words at the end would give an access or a resource the name of one of ours.
  const others = ["public", "postgres", "root", "admin", "mysql", masterUsername, "dataapi"];
  const taken = [...others, ...own, ...roles, "read", "migrate", "data", "master"];
  return taken.includes(name) || /^(pg_|rds|mysql_|aws_)/.test(name);
}

function integer(faults: Faults, path: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  faults.add(path, value, `a whole number from ${min} to ${max}`, "set one in that range");
}
