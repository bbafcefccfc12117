import assert from "node:assert/strict";

import type { AuroraClusterArgs, LogType } from "../../components/aurora-cluster/aurora-cluster";
import { AuroraCluster } from "../../components/aurora-cluster/aurora-cluster";
import { run } from "../harness";
import { mysql, postgresql } from "./aurora-cluster-fixture";

/** Every line of the one error, without its head; nothing may have been registered. */
async function faults(args: AuroraClusterArgs, name = "db"): Promise<string[]> {
  const result = await run(() => void new AuroraCluster(name, args));
  assert.deepEqual(result.resources, []);
  assert.ok(result.error, "an error");
  assert.equal((result.error as { __pulumiRunError?: boolean }).__pulumiRunError, true);
  const [head, ...lines] = result.error.message.split("\n");
  assert.equal(head, `AuroraCluster "${name}":`);
  return lines.map((line) => line.trim());
}

const range = (path: string, was: unknown, from: number, to: number) =>
  `${path}: was ${JSON.stringify(was)}; allowed: a whole number from ${from} to ${to}; set one in that range`;
const acu = (min: number, max: number, more: object = {}) => postgresql({ acu: { min, max, ...more } });
const minAcu = (was: number | null) =>
  `acu.min: was ${was}; allowed: 0 to 256 in steps of 0.5; set a capacity that Aurora offers`;
const maxAcu = (was: number) =>
  `acu.max: was ${was}; allowed: 1 to 256 in steps of 0.5; set a capacity that Aurora offers`;
const postgresqlVersion = (was: string) =>
  `engineVersion: was "${was}"; allowed: a full version of at least 15.7, 16.3, 17.4 or 18; write it out, such as 17.7`;
const mysqlVersion = (was: string) =>
  `engineVersion: was "${was}"; allowed: a full version of at least 8.0.mysql_aurora.3.08.0; ` +
  "write it out, such as 8.0.mysql_aurora.3.10.0";
const databaseName = (was: string) =>
  `databaseName: was "${was}"; allowed: a letter, then letters, digits and underscores in lower case, at most 57; ` +
  "no name of the engine's own; choose another name";
const userForm = (was: string, most = 63) =>
  `users: was "${was}"; allowed: letters and digits in lower case, a letter first, parted by single _, ` +
  `at most ${most}; choose another name`;
const reservedUser = (was: string) =>
  `users: was "${was}"; allowed: a name that neither the engine, RDS nor the cluster itself uses; choose another name`;
const pause = (seconds: number) => acu(0, 1, { secondsUntilAutoPause: seconds });
const scaling = (readerScaling: NonNullable<AuroraClusterArgs["readerScaling"]>, readers = 0) =>
  postgresql({ readerScaling, readers: Array.from({ length: readers }, () => ({})) });
const restore = (restoreFrom: unknown) =>
  postgresql({ restoreFrom: restoreFrom as NonNullable<AuroraClusterArgs["restoreFrom"]> });
const source = { sourceClusterIdentifier: "source" };
const time = "restoreFrom.pointInTime.restoreToTime";
const threshold = (name: string, was: number, percent: boolean) =>
  `alarms.${name}: was ${was}; allowed: more than 0${percent ? ", at most 100 percent" : ""}; ` +
  "set a threshold that can be reached";
const retentions =
  "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const proxyCure =
  "the proxy holds connections open, so that the cluster never pauses: leave it out, or set acu.min to 0.5";
const replicationCure = "a source of replication never pauses: leave it out, or set acu.min to 0.5";

const cases: [what: string, args: AuroraClusterArgs, expected: string[]][] = [
  [
    "an unknown engine",
    postgresql({ engine: "oracle" as "mysql" }),
    ['engine: was "oracle"; allowed: postgresql, mysql; set one of them'],
  ],
  ["a range that is inverted", acu(4, 2), ["acu.min: was 4; allowed: at most acu.max (2); swap them, or raise max"]],
  ["a minimum between two steps", acu(0.7, 2), [minAcu(0.7)]],
  ["a negative minimum", acu(-0.5, 2), [minAcu(-0.5)]],
  ["a maximum between two steps", acu(1, 2.2), [maxAcu(2.2)]],
  ["a maximum under 1", acu(0.5, 0.5), [maxAcu(0.5)]],
  ["a maximum over 256", acu(1, 256.5), [maxAcu(256.5)]],
  ["a pause that is too short", pause(299), [range("acu.secondsUntilAutoPause", 299, 300, 86400)]],
  ["a pause that is too long", pause(86401), [range("acu.secondsUntilAutoPause", 86401, 300, 86400)]],
  [
    "a pause of a cluster that never pauses",
    acu(0.5, 1, { secondsUntilAutoPause: 300 }),
    [
      "acu.secondsUntilAutoPause: was 300; allowed: not set, with acu.min over 0; " +
        "leave it out, or set min to 0: only there an instance pauses",
    ],
  ],
  [
    "pause with the proxy",
    postgresql({ acu: { min: 0, max: 1 }, proxy: {} }),
    [`proxy: was {}; allowed: not set, with acu.min 0; ${proxyCure}`],
  ],
  [
    "pause with logical replication",
    postgresql({
      acu: { min: 0, max: 1 },
      parameters: { "rds.logical_replication": { value: "1", apply: "pendingReboot" } },
    }),
    [`parameters.rds.logical_replication: was "1"; allowed: off, with acu.min 0; ${replicationCure}`],
  ],
  [
    "pause with the binary log",
    mysql({ acu: { min: 0, max: 1 }, parameters: { binlog_format: "ROW" } }),
    [`parameters.binlog_format: was "ROW"; allowed: off, with acu.min 0; ${replicationCure}`],
  ],
  [
    "more than 15 readers",
    postgresql({ readers: Array.from({ length: 16 }, () => ({})) }),
    ["readers: was 16; allowed: 0 to 15; remove some: a cluster takes no more"],
  ],
  [
    "a promotion tier that is none",
    postgresql({ readers: [{}, { promotionTier: 16 }] }),
    [range("readers[1].promotionTier", 16, 0, 15)],
  ],
  ["scaling from no reader", scaling({ min: 0, max: 2 }), [range("readerScaling.min", 0, 1, 15)]],
  ["scaling beyond 15 readers", scaling({ min: 1, max: 16 }), [range("readerScaling.max", 16, 1, 15)]],
  [
    "scaling that is inverted",
    scaling({ min: 3, max: 2 }),
    ["readerScaling.min: was 3; allowed: at most readerScaling.max (2); swap them, or raise max"],
  ],
  [
    "scaling under the readers that are there",
    scaling({ min: 1, max: 1 }, 2),
    ["readerScaling.max: was 1; allowed: at least the number of readers (2); raise it: the readers of `readers` count"],
  ],
  [
    "scaling by two measures",
    scaling({ min: 1, max: 2, cpuPercent: 60, connections: 100 }),
    ["readerScaling.connections: was 100; allowed: not set, with cpuPercent; scale by one of them"],
  ],
  [
    "scaling by too much CPU",
    scaling({ min: 1, max: 2, cpuPercent: 101 }),
    [range("readerScaling.cpuPercent", 101, 1, 100)],
  ],
  [
    "scaling by no connection",
    scaling({ min: 1, max: 2, connections: 0 }),
    [range("readerScaling.connections", 0, 1, 6000)],
  ],
  ...["17", "17.3", "14.20", "8.0"].map((was): (typeof cases)[number] => [
    `PostgreSQL ${was}`,
    postgresql({ engineVersion: was }),
    [postgresqlVersion(was)],
  ]),
  ...["8.0", "8.0.mysql_aurora.3.07.1", "17.7"].map((was): (typeof cases)[number] => [
    `MySQL ${was}`,
    mysql({ engineVersion: was }),
    [mysqlVersion(was)],
  ]),
  ...["Orders", "1st", "my-db", "postgres", "rdsadmin", "mysql", "a".repeat(58)].map((was): (typeof cases)[number] => [
    `database "${was}"`,
    postgresql({ databaseName: was }),
    [databaseName(was)],
  ]),
  [
    "extensions of MySQL",
    mysql({ extensions: ["vector"] }),
    ['extensions: was "vector"; allowed: none, with engine mysql; leave them out: MySQL has no extensions'],
  ],
  [
    "an extension that is none",
    postgresql({ extensions: ['x"; DROP'] }),
    ['extensions: was "x\\"; DROP"; allowed: an extension\'s name, such as pg_trgm; correct the name'],
  ],
  [
    "TLS turned off in PostgreSQL",
    postgresql({ parameters: { "rds.force_ssl": "0" } }),
    ['parameters.rds.force_ssl: was "0"; allowed: not set; leave it out: connections without TLS are always refused'],
  ],
  [
    "TLS turned off in MySQL",
    mysql({ parameters: { require_secure_transport: "OFF" } }),
    [
      'parameters.require_secure_transport: was "OFF"; allowed: not set; ' +
        "leave it out: connections without TLS are always refused",
    ],
  ],
  ...["Tableau", "bi-tool", "1a", "a__b", "a_", "a'b", "a".repeat(64)].map((was): (typeof cases)[number] => [
    `user "${was}"`,
    postgresql({ users: { [was]: "read" } }),
    [userForm(was)],
  ]),
  [
    "a user's name that is too long for MySQL",
    mysql({ passwordUsers: ["a".repeat(33)] }),
    [userForm("a".repeat(33), 32)],
  ],
  ...[
    ...["app", "reader", "migrator", "dataapi", "kibanadmin", "app_owner", "read", "migrate", "data", "master"],
    ...["postgres", "admin", "root", "pg_monitor", "rds_iam", "rdsadmin"],
  ].map((was): (typeof cases)[number] => [
    `user "${was}"`,
    postgresql({ passwordUsers: [was], dataApi: false }),
    [
      reservedUser(was),
      ...(["app", "reader", "migrator"].includes(was)
        ? [`users: was "${was}"; allowed: each user once, in users or in passwordUsers; rename or remove one`]
        : []),
    ],
  ]),
  [
    "a user of both kinds",
    postgresql({ users: { etl: "read" }, passwordUsers: ["etl"] }),
    ['users: was "etl"; allowed: each user once, in users or in passwordUsers; rename or remove one'],
  ],
  [
    "an unknown level",
    postgresql({ users: { etl: "admin" as "read" } }),
    ['users.etl: was "admin"; allowed: read, readWrite, owner; set one of them'],
  ],
  ["a master rotation of no days", postgresql({ masterRotationDays: 0 }), [range("masterRotationDays", 0, 1, 1000)]],
  [
    "a password rotation of too many days",
    postgresql({ passwordRotationDays: 1001 }),
    [range("passwordRotationDays", 1001, 1, 1000)],
  ],
  [
    "a proxy without connections",
    postgresql({ proxy: { maxConnectionsPercent: 0 } }),
    [range("proxy.maxConnectionsPercent", 0, 1, 100)],
  ],
  [
    "a proxy with clients that stay for ever",
    postgresql({ proxy: { idleClientTimeoutSeconds: 28801 } }),
    [range("proxy.idleClientTimeoutSeconds", 28801, 1, 28800)],
  ],
  [
    "a log of the other engine",
    postgresql({ logs: ["audit"] }),
    ['logs: was "audit"; allowed: postgresql, iam-db-auth-error, instance, with engine postgresql; remove it'],
  ],
  [
    "an unknown log",
    mysql({ logs: ["slow" as LogType] }),
    [
      'logs: was "slow"; allowed: audit, error, general, slowquery, iam-db-auth-error, instance, with engine mysql; ' +
        "remove it",
    ],
  ],
  [
    "a retention that CloudWatch has not",
    postgresql({ logRetentionDays: 31 as 30 }),
    [`logRetentionDays: was 31; allowed: ${retentions}; set one that CloudWatch Logs takes`],
  ],
  [
    "an unknown mode of insights",
    postgresql({ insights: "on" as "standard" }),
    ['insights: was "on"; allowed: standard, advanced; set one of them'],
  ],
  [
    "an interval that enhanced monitoring has not",
    postgresql({ enhancedMonitoringSeconds: 20 as 30 }),
    ["enhancedMonitoringSeconds: was 20; allowed: 1, 5, 10, 15, 30, 60; set one of them, or leave it out"],
  ],
  ["no backups", postgresql({ backupRetentionDays: 0 }), [range("backupRetentionDays", 0, 1, 35)]],
  ["backups for too long", postgresql({ backupRetentionDays: 36 }), [range("backupRetentionDays", 36, 1, 35)]],
  [
    "a backup window that is none",
    postgresql({ backupWindow: "25:00-26:00" }),
    ['backupWindow: was "25:00-26:00"; allowed: hh:mm-hh:mm, in UTC; write it as 18:00-18:30'],
  ],
  [
    "a maintenance window that is none",
    postgresql({ maintenanceWindow: "sunday" }),
    ['maintenanceWindow: was "sunday"; allowed: ddd:hh:mm-ddd:hh:mm, in UTC; write it as sun:19:00-sun:19:30'],
  ],
  [
    "a restore from nothing",
    restore({}),
    ["restoreFrom: was []; allowed: snapshotIdentifier or pointInTime; set exactly one of them"],
  ],
  [
    "a restore from both",
    restore({ snapshotIdentifier: "s", pointInTime: source }),
    [
      'restoreFrom: was ["snapshotIdentifier","pointInTime"]; allowed: snapshotIdentifier or pointInTime; ' +
        "set exactly one of them",
    ],
  ],
  [
    "a restore without a source",
    restore({ pointInTime: {} }),
    [
      "restoreFrom.pointInTime: was []; allowed: sourceClusterIdentifier or sourceClusterResourceId; " +
        "set exactly one of them",
    ],
  ],
  [
    "a restore to a time that is none",
    restore({ pointInTime: { ...source, restoreToTime: "yesterday" } }),
    [`${time}: was "yesterday"; allowed: a time in UTC; write it as 2026-04-01T09:30:00Z`],
  ],
  [
    "a clone of the past",
    restore({ pointInTime: { ...source, copyOnWrite: true, restoreToTime: "2026-04-01T09:30:00Z" } }),
    [
      `${time}: was "2026-04-01T09:30:00Z"; allowed: not set, with copyOnWrite; ` +
        "leave it out: a clone shows the source as it is now",
    ],
  ],
  ...(["capacityPercent", "cpuPercent", "connectionsPercent"] as const).flatMap((name): typeof cases => [
    [`${name} 0`, postgresql({ alarms: { [name]: 0 } }), [threshold(name, 0, true)]],
    [`${name} 101`, postgresql({ alarms: { [name]: 101 } }), [threshold(name, 101, true)]],
  ]),
  ...(["replicaLagMilliseconds", "storageGiB"] as const).map((name): (typeof cases)[number] => [
    `${name} 0`,
    postgresql({ alarms: { [name]: 0 } }),
    [threshold(name, 0, false)],
  ]),
  [
    "a name of accesses that is no word",
    postgresql({ accessName: "Orders DB" }),
    ['accessName: was "Orders DB"; allowed: kebab-case; it names the variables and rules of the cluster\'s users'],
  ],
];

describe("AuroraCluster refuses", () => {
  for (const [what, args, expected] of cases) {
    it(what, async () => assert.deepEqual(await faults(args), expected));
  }

  for (const name of ["Orders", "my_db", "db-", "a".repeat(41)]) {
    it(`the name "${name}"`, async () => {
      const allowed = "kebab-case, at most 40 characters; AWS limits the names made from it: change it";
      assert.deepEqual(await faults(postgresql(), name), [`name: was "${name}"; allowed: ${allowed}`]);
    });
  }

  it("a name that is too long together with project and stack", async () => {
    const name = "a".repeat(36);
    assert.deepEqual(await faults(postgresql(), name), [
      `name: was "kiban-dev-${name}"; allowed: with project and stack, a letter first and at most 44 characters; ` +
        "RDS limits the identifiers made from it: shorten one of the three",
    ]);
  });

  it("everything that is wrong at once", async () => {
    const args = postgresql({ acu: { min: 3, max: 2 }, readers: [{ promotionTier: -1 }], backupRetentionDays: 40 });
    assert.equal((await faults(args)).length, 3);
  });
});
