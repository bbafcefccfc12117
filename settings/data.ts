import { z } from "zod";

import { checkBlocks, checkExternal, checkPeople, checkSecretsRole } from "../components/dashboards/check";
import { Faults } from "../components/shared/check";
import { isSchedule, isTimezone } from "../components/task/schedule";
import { settlePlain } from "../components/warehouse/settle";
import { checked, choice, flag, group, region, retention, text, whole } from "./builders";

/** When something runs by the clock. */
export const clock = group({
  expression: checked(isSchedule, "cron(...) or rate(...) as EventBridge Scheduler takes them"),
  timezone: checked(isTimezone, "an IANA time zone such as Asia/Tokyo").exactOptional(),
  enabled: flag.exactOptional(),
});
const days = whole(1, 3650, " days").exactOptional();

/** The lake: what a query may read, how long files stay, and when it takes the database and the table. */
export const lake = group({
  scanLimitGb: whole(1, 10_000, " gigabytes a query"),
  rawDays: days,
  restoreDays: days,
  resultDays: days,
  nightly: clock,
  logRetentionDays: retention,
});

/** One stream: how much it takes in, and how long it remembers. */
export const stream = group({
  shards: whole(1, 10_000, " shards; leave it out for on demand").exactOptional(),
  retentionHours: whole(24, 8760, " hours").exactOptional(),
  concurrency: whole(1, 10_000, " batches at one time").exactOptional(),
  keepRaw: flag.exactOptional(),
  logRetentionDays: retention,
});

/** One batch job: when it runs. */
export const job = group({ schedule: clock.exactOptional(), logRetentionDays: retention });

// Capacities, steps, ARNs and ids are the component's to check: it knows what they are for.
const rpu = z.int({ error: "a whole number of RPU" }).exactOptional();
const rpuHours = z.int({ error: "a whole number of RPU-hours" }).exactOptional();
const words = z.string({ error: "text" }).exactOptional();
const names = z.array(z.string({ error: "a name" }), { error: "a list of names" }).exactOptional();

/** What answers SQL over the lake. */
export const warehouse = group({
  engine: choice("athena", "redshiftServerless", "bigquery", "snowflake"),
  zones: z.array(choice("raw", "curated", "analytics"), { error: "a list of zones" }).exactOptional(),
  redshift: group({
    baseRpu: rpu,
    maxRpu: rpu,
    limits: group({ dailyRpuHours: rpuHours, monthlyRpuHours: rpuHours }).exactOptional(),
    passwordUsers: names,
    logRetentionDays: retention.exactOptional(),
  }).exactOptional(),
  bigquery: group({
    reader: choice("storageTransfer", "omni").exactOptional(),
    subjectId: words,
    prefix: words,
  }).exactOptional(),
  snowflake: group({ userArn: words, externalId: words, prefix: words, snowpipeQueueArn: words }).exactOptional(),
});

/** Who shows what the lake and the warehouse answer. */
export const dashboards = group({
  tool: choice("quicksight", "external"),
  warehouseUser: words,
  quicksight: group({
    identityRegion: region.exactOptional(),
    secretsRoleName: words,
    authors: names,
    readers: names,
    refreshAt: text(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of the day, HH:MM").exactOptional(),
    timezone: checked(isTimezone, "an IANA time zone such as Asia/Tokyo").exactOptional(),
  }).exactOptional(),
  external: group({
    principalArn: words,
    externalId: words,
    cidrs: names,
    bridgeSecurityGroupId: words,
  }).exactOptional(),
});

/** What the component would say of the warehouse in the stack's zones, in terms of the stack file. */
export function warehouseFaults(availabilityZones: readonly string[], settings: z.infer<typeof warehouse>): string[] {
  const faults = new Faults("Warehouse", "warehouse");
  settlePlain("warehouse", { ...settings, network: { availabilityZones } }, faults);
  return faults.all.map((line) => `kiban:${line.startsWith("network.") ? "" : "warehouse."}${line}`);
}

/** What the component would say of who looks at the dashboards, in terms of the stack file. */
export function dashboardsFaults({ tool, warehouseUser, quicksight, external }: z.infer<typeof dashboards>): string[] {
  const faults = new Faults("Dashboards", "dashboards");
  const { identityRegion: _, secretsRoleName, refreshAt: __, timezone: ___, ...people } = quicksight ?? {};
  const subscription = { ...(secretsRoleName !== undefined && { secretsRoleName }) };
  const args = {
    ...(quicksight && { quicksight: { ...people, subscription } }),
    ...(external && { external }),
  };
  checkBlocks(tool, args, faults);
  checkPeople(args, faults);
  checkExternal(args, faults);
  if (tool === "quicksight" && warehouseUser !== undefined) checkSecretsRole("warehouse", args, faults);
  return faults.all.map((line) => `kiban:dashboards.${line.replace("quicksight.subscription.", "quicksight.")}`);
}
