import type { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import { capacitySteps, isCapacity } from "./capacity";
import type { Plain } from "./settle";
import { lakeZones, type WarehouseEngine } from "./types";

/** Name of the administrator, which nobody signs in as but the function that sets the database up. */
export const adminName = "kiban_admin";

const engines: readonly WarehouseEngine[] = ["athena", "redshiftServerless", "bigquery", "snowflake"];

export function checkCommon({ name, args, engine, zones }: Plain, faults: Faults): void {
  // It prefixes variables, and with a suffix names the workgroup. AWS: API reference, CreateWorkgroup: at most 64 characters.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 50) {
    faults.add("name", name, "kebab-case of at most 50 characters, such as warehouse", "rename the component");
  }
  if (!engines.includes(engine)) faults.add("engine", engine, engines.join(", "), "take one of these");
  if (zones.length === 0) faults.add("zones", zones, "at least one zone", "name the zones that it answers from");
  for (const [i, zone] of zones.entries()) {
    if (!lakeZones.includes(zone)) faults.add(`zones[${i}]`, zone, lakeZones.join(", "), "take one of these");
    if (zones.indexOf(zone) !== i) faults.add(`zones[${i}]`, zone, "each zone once", "remove it");
  }
  const blocks = { redshift: "redshiftServerless", bigquery: "bigquery", snowflake: "snowflake" } as const;
  for (const [block, owner] of Object.entries(blocks) as [keyof typeof blocks, WarehouseEngine][]) {
    if (args[block] !== undefined && engine !== owner) {
      faults.add(block, args[block], `only with engine ${owner}`, `engine is ${engine}: remove it, or set the engine`);
    }
  }
  if (args.credentials !== undefined && engine !== "bigquery" && engine !== "snowflake") {
    faults.add("credentials", "set", "only with engine bigquery or snowflake", "others sign in by IAM: remove it");
  }
}

export function checkRedshift({ args, redshift }: Plain, faults: Faults): void {
  if (redshift === undefined) return;
  checkNetwork(args.network?.availabilityZones, faults);
  for (const path of ["baseRpu", "maxRpu"] as const) {
    if (!isCapacity(redshift[path])) {
      faults.add(`redshift.${path}`, redshift[path], capacitySteps, "set one of these capacities");
    }
  }
  if (redshift.maxRpu < redshift.baseRpu) {
    faults.add("redshift.maxRpu", redshift.maxRpu, `baseRpu (${redshift.baseRpu}) or more`, "raise it");
  }
  const { dailyRpuHours, monthlyRpuHours } = redshift;
  for (const [path, value] of Object.entries({ dailyRpuHours, monthlyRpuHours })) {
    if (!Number.isInteger(value) || value < 1) {
      faults.add(`redshift.limits.${path}`, value, "a whole number from 1", "set the most RPU-hours that it may use");
    }
  }
  if (monthlyRpuHours < dailyRpuHours) {
    const cure = "the daily limit would never be reached: raise one, or lower the other";
    faults.add("redshift.limits.monthlyRpuHours", monthlyRpuHours, `dailyRpuHours (${dailyRpuHours}) or more`, cure);
  }
  // AWS: Redshift management guide, "Query monitoring metrics for Amazon Redshift Serverless".
  faults.integer("redshift.queryTimeoutSeconds", redshift.queryTimeoutSeconds, 1, 86_399);
  // AWS: Secrets Manager API reference, RotationRulesType.
  faults.integer("redshift.passwordRotationDays", redshift.passwordRotationDays, 1, 1000);
  if (!isLogRetention(redshift.logRetentionDays)) {
    const cure = "take the next that is not shorter";
    faults.add("redshift.logRetentionDays", redshift.logRetentionDays, "a retention that CloudWatch Logs has", cure);
  }
  // AWS: Redshift developer guide, "Names and identifiers"; capitals and other characters would need quotes in every query.
  if (!identifier.test(redshift.databaseName)) {
    faults.add("redshift.databaseName", redshift.databaseName, "a-z, 0-9 and _, a letter first", "rename it");
  }
  for (const [i, user] of redshift.passwordUsers.entries()) {
    const path = `redshift.passwordUsers[${i}]`;
    if (!identifier.test(user)) faults.add(path, user, "a-z, 0-9 and _, a letter first", "rename it");
    if ([adminName, "public"].includes(user)) faults.add(path, user, "no name that is taken", "rename it");
    if (redshift.passwordUsers.indexOf(user) !== i) faults.add(path, user, "each user once", "remove it");
  }
}

const identifier = /^[a-z][a-z0-9_]{0,62}$/;

/** AWS: Redshift management guide, "Considerations when using Amazon Redshift Serverless": subnets in three zones. */
function checkNetwork(zones: readonly string[] | undefined, faults: Faults): void {
  if (zones === undefined) {
    faults.add(
      "network",
      zones,
      "a network with subnets in three availability zones",
      "Redshift lives in it: give one",
    );
  } else if (new Set(zones).size < 3) {
    const cure = "Redshift Serverless wants subnets in three: give the network a third, or take engine athena";
    faults.add("network.availabilityZones", zones, "at least three zones", cure);
  }
}

export function checkForeign({ snowflake, bigquery }: Plain, faults: Faults): void {
  checkPrefix("snowflake.prefix", snowflake?.prefix, faults);
  checkPrefix("bigquery.prefix", bigquery?.prefix, faults);
  if (snowflake !== undefined) {
    const { userArn, externalId, snowpipeQueueArn } = snowflake;
    const both = "both of userArn and externalId (second step) or none (first step)";
    const from = "run DESC INTEGRATION in Snowflake and set what it shows";
    if (userArn !== undefined && externalId === undefined) {
      faults.add("snowflake.externalId", externalId, both, `anyone's Snowflake could read the lake: ${from}`);
    }
    if (userArn === undefined && externalId !== undefined) faults.add("snowflake.userArn", userArn, both, from);
    if (userArn !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:user\/\S+$/.test(userArn)) {
      faults.add("snowflake.userArn", userArn, "the ARN of an IAM user", from);
    }
    // AWS: STS API reference, AssumeRole, ExternalId.
    if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
      faults.add("snowflake.externalId", externalId, "2 to 1224 letters, digits and +=,.@:/-_", from);
    }
    if (snowpipeQueueArn !== undefined && !/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:\S+$/.test(snowpipeQueueArn)) {
      const cure = "set notification_channel of SHOW PIPES";
      faults.add("snowflake.snowpipeQueueArn", snowpipeQueueArn, "the ARN of an SQS queue", cure);
    }
  }
  const subject = bigquery?.subjectId;
  if (subject !== undefined && !/^\d{10,30}$/.test(subject)) {
    const cure = "set subjectId of googleServiceAccounts.get, or the identity of the connection";
    faults.add("bigquery.subjectId", subject, "10 to 30 digits", cure);
  }
}

/** A star would widen the rights, and without a slash `orders` would be `orders-secret` too. */
function checkPrefix(path: string, prefix: string | undefined, faults: Faults): void {
  if (prefix !== undefined && !/^[\w!'().=-][\w!'()./=-]*\/$/.test(prefix)) {
    faults.add(path, prefix, "a key prefix such as orders/, without wildcards", "end it with a slash");
  }
}
