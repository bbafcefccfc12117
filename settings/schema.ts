import { z } from "zod";

import type { PoolRecord } from "../components/auth-pool/types";
import { parseCidr } from "../components/shared/cidr";
import { fargateSizes, memoryChoices } from "../components/task/fargate-sizes";
import { isSchedule, isTimezone } from "../components/task/schedule";
import { ai, budget } from "./ai";
import { checked, choice, flag, group, list, pinned, region, retention, text, whole } from "./builders";
import { dashboards, lake, warehouse } from "./data";

export { group } from "./builders";
export { job, stream } from "./data";

const kebab = text(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "kebab-case");
const accountId = text(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes ("012345678901")');
const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");
const domainName = text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain name in lower case");
const tag = text(
  /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u,
  "1 to 256 letters, digits, spaces or _ . : / = + - @ (AWS tag value)",
);
const cidr = z.string({ error: "an IPv4 CIDR" }).refine((value) => parseCidr(value) !== undefined, {
  error: "an IPv4 CIDR without host bits, such as 10.10.0.0/16",
});

const scaling = group({
  min: whole(0, 5000),
  max: whole(1, 5000),
  cpuPercent: whole(1, 100).exactOptional(),
  memoryPercent: whole(1, 100).exactOptional(),
  requestsPerTarget: whole(1, 1_000_000).exactOptional(),
  schedules: list(
    group({
      name: kebab,
      expression: checked(isSchedule, "cron(...), at(...) or rate(...) as Application Auto Scaling takes them"),
      timezone: checked(isTimezone, "an IANA time zone such as Asia/Tokyo").exactOptional(),
      min: whole(0, 5000),
      max: whole(0, 5000),
    }),
    "a list of schedules",
  ).exactOptional(),
});

const cpuUnits = [...fargateSizes.keys()];
/** What every container on Fargate has. */
const container = {
  image: pinned,
  cpu: z.literal(cpuUnits, { error: `CPU units of Fargate: ${cpuUnits.join(", ")}` }),
  memory: whole(512, 249_856, " MiB"),
  capacity: choice("onDemand", "spot").default("onDemand"),
  exec: flag.default(false),
  logRetentionDays: retention,
};
const pair: [(task: { cpu: number; memory: number }) => boolean, Parameters<z.ZodObject["refine"]>[1]] = [
  ({ cpu, memory }) => fargateSizes.get(cpu)?.includes(memory) === true,
  {
    path: ["memory"],
    error: ({ input }) => {
      const { cpu } = input as { cpu: number };
      return `MiB that Fargate offers with cpu ${cpu}: ${memoryChoices(cpu)}`;
    },
  },
];

export const service = group({
  ...container,
  desiredCount: whole(0, 5000).exactOptional(),
  scaling: scaling.exactOptional(),
}).refine(...pair);

export const task = group({
  ...container,
  schedule: group({
    expression: checked(isSchedule, "cron(...), at(...) or rate(...) as EventBridge Scheduler takes them"),
    timezone: checked(isTimezone, "an IANA time zone such as Asia/Tokyo").exactOptional(),
    enabled: flag.exactOptional(),
  }).exactOptional(),
}).refine(...pair);

const acu = (min: number) =>
  z.number({ error: "a number of ACU" }).refine((value) => value >= min && value <= 256 && value % 0.5 === 0, {
    error: `ACU from ${min} to 256 in steps of 0.5`,
  });

const moment = text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "a moment in UTC such as 2026-04-01T09:00:00Z");
const databaseCluster = group({
  engineVersion: text(/^\d+\.\d+$/, "a PostgreSQL version of Aurora such as 17.7, in quotes"),
  acu: group({
    min: acu(0),
    max: acu(1),
    secondsUntilAutoPause: whole(300, 86_400, " seconds").exactOptional(),
  }),
  readers: z.array(group({ promotionTier: whole(0, 15).exactOptional() }), { error: "a list of readers" }).default([]),
  insights: choice("standard", "advanced").default("standard"),
  logRetentionDays: retention,
  keep: flag.exactOptional(),
  finalSnapshot: flag.exactOptional(),
  restoreFrom: z
    .union(
      [
        group({ snapshotIdentifier: z.string() }),
        group({ pointInTime: group({ sourceClusterIdentifier: z.string(), restoreToTime: moment.exactOptional() }) }),
      ],
      { error: "snapshotIdentifier, or pointInTime with sourceClusterIdentifier and perhaps restoreToTime" },
    )
    .exactOptional(),
});
const database = group({
  active: kebab,
  clusters: z.record(kebab, databaseCluster, { error: "clusters by name" }),
}).refine(({ active, clusters }) => Object.hasOwn(clusters, active), {
  path: ["active"],
  error: ({ input }) => `one of the clusters: ${Object.keys((input as { clusters: object }).clusters).join(", ")}`,
});

const units = whole(1, 1_000_000, " request units a second").exactOptional();
const table = group({
  ceiling: group({ readUnits: units, writeUnits: units }).exactOptional(),
  recoveryDays: whole(1, 35, " days").exactOptional(),
});

const auth = group({
  tier: choice("LITE", "ESSENTIALS", "PLUS").exactOptional(),
  mfa: choice("off", "optional", "required").exactOptional(),
  threatProtection: choice("off", "audit", "enforced").exactOptional(),
  selfSignUp: flag.exactOptional(),
  passkeys: flag.exactOptional(),
  email: z.literal("cognito", { error: "cognito, or leave it out for SES with the domain" }).exactOptional(),
  recorded: group({
    signInAttributes: list(z.string({ error: "a sign-in attribute" }), "a list of sign-in attributes"),
    caseSensitive: flag,
    relyingPartyId: domainName.exactOptional(),
    attributes: z.custom<PoolRecord["attributes"]>((value) => typeof value === "object" && value !== null, {
      error: "the attributes as output authRecord shows them",
    }),
  }).exactOptional(),
});

const gigabytes = "gigabytes that may be written to logs within an hour, above 0";

export const schema = {
  account: group({
    id: accountId,
    region,
    assumeRoleArn: text(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "an IAM role's ARN").exactOptional(),
    boundary: text(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/, "path and name of a policy of the account").exactOptional(),
  }),
  tags: group({
    Owner: tag,
    CostCenter: tag,
    DataClass: choice("public", "internal", "confidential", "restricted"),
  }),
  keep: flag,
  network: group({
    cidrBlock: cidr,
    availabilityZones: list(text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a zone such as ap-northeast-1a"), "a list of zones"),
    maxAzs: whole(1, 6),
    nat: choice("none", "instance", "single", "perAz"),
    interfaceEndpoints: z
      .array(text(/^[a-z0-9.-]+$/, "a service suffix such as ecr.api"), { error: "a list" })
      .default([]),
    flowLogs: group({
      traffic: choice("reject", "accept", "all"),
      aggregationSeconds: z.literal([60, 600], { error: "60 or 600" }).exactOptional(),
    }).exactOptional(),
  }),
  domain: group({
    name: domainName,
    zoneId: text(/^Z[A-Z0-9]{5,31}$/, "the hosted zone's id (Z...)"),
    aliases: z.array(domainName, { error: "a list of domain names" }).default([]),
  }).exactOptional(),
  database,
  table,
  lake,
  warehouse,
  dashboards,
  ai: ai.exactOptional(),
  budget,
  auth,
  edge: group({
    withoutDomain: z.literal(true, { error: "true, or leave it out and set kiban:domain" }).exactOptional(),
    priceClass: choice("PriceClass_100", "PriceClass_200", "PriceClass_All").default("PriceClass_200"),
    waf: flag.default(false),
  }),
  logs: group({
    archiveDays: whole(1, 3650, " days"),
    gbPerHour: z.number({ error: gigabytes }).positive({ error: gigabytes }).default(1),
  }),
  images: group({ keep: whole(1, 1000, " images for each repository") }),
  cluster: group({ insights: choice("disabled", "enabled", "enhanced") }),
  notifications: group({
    emails: list(email, "a list of at least one e-mail address"),
    slack: group({
      workspaceId: text(/^T[A-Z0-9]{5,}$/, "a Slack workspace id (T...)"),
      channelId: text(/^[CG][A-Z0-9]{5,}$/, "a Slack channel id (C... or G...)"),
    }).exactOptional(),
  }),
};

/** The keys that the schema knows at a path of what was given, for the message about one that it does not. */
export function keysAt(path: readonly string[], schema: z.ZodType, given: unknown): string[] {
  let at: unknown = schema;
  let value = given;
  for (const key of [...path, undefined]) {
    while (at instanceof z.ZodExactOptional || at instanceof z.ZodDefault) at = at.unwrap();
    if (at instanceof z.ZodDiscriminatedUnion) at = formOf(at, value);
    value = (value as Record<string, unknown> | undefined)?.[key ?? ""];
    if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else if (at instanceof z.ZodObject && key !== undefined) at = (at.shape as Record<string, unknown>)[key];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** Of several forms of a block the one that was given: the first, unless the key that tells them apart says otherwise. */
function formOf({ def, options }: z.ZodDiscriminatedUnion, given: unknown): unknown {
  const said = (given as Record<string, unknown> | undefined)?.[def.discriminator];
  const forms = options as readonly z.ZodObject<Record<string, z.ZodType>>[];
  return forms.find(({ shape }) => shape[def.discriminator]?.safeParse(said).success === true) ?? forms[0];
}
