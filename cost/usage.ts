import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { UsageError } from "../plan/usage";
import { always, type Range } from "./range";

const ordered = "one number, or three that do not fall: [low, expected, high]";
const figure = z.number({ error: ordered }).min(0, { error: ordered });
const amount = z
  .union([figure, z.tuple([figure, figure, figure])], { error: ordered })
  .refine((value) => typeof value === "number" || (value[0] <= value[1] && value[1] <= value[2]), { error: ordered })
  .transform((value): Range => {
    if (typeof value === "number") return always(value);
    const [low, expected, high] = value;
    return { low, expected, high };
  });

const names = {
  network: ["natGb", "endpointGb", "betweenZonesGb", "outGb", "flowLogGb"],
  web: ["millionRequests", "kilobytesPerResponse", "capacityUnits"],
  tasks: ["spotShareOfPrice", "scaleOut", "minutesPerRun"],
  functions: ["thousandInvocations", "milliseconds"],
  database: ["activeHours", "averageAcu", "storageGb", "millionIo", "backupGb"],
  tables: ["millionReads", "millionWrites", "storageGb"],
  buckets: ["storageGb", "thousandPuts", "thousandGets"],
  images: ["storageGb"],
  keys: ["thousandRequests"],
  secrets: ["thousandRequests"],
  users: ["monthlyActive"],
  logs: ["gbPerGroup", "storedShare"],
  messages: ["thousandPerTopic", "thousandPerQueue", "thousandMails"],
  stream: ["millionEvents", "kilobytesPerEvent", "readers"],
  lake: ["scannedTb", "optimizerDpuHours"],
  etl: ["runs", "minutesPerRun", "transitionsPerRun"],
  warehouse: ["activeHours", "storageGb"],
  dashboards: ["authors", "readers"],
  ai: ["millionInputTokens", "millionOutputTokens", "thousandRequests", "secondsPerRequest", "asyncHours"],
  trail: ["thousandDataEvents"],
} as const;

type Names = typeof names;

/** What a month looks like, by area: the figures of `usage.yaml`. */
export type Usage = { readonly [A in keyof Names]: { readonly [K in Names[A][number]]: Range } };
type PartialUsage = { readonly [A in keyof Names]?: { readonly [K in Names[A][number]]?: Range } };

const areas = Object.entries(names).map(([area, keys]) => {
  return [area, z.strictObject(Object.fromEntries(keys.map((key) => [key, amount])))] as const;
});
const complete = z.strictObject(Object.fromEntries(areas));
const some = z.strictObject(Object.fromEntries(areas.map(([area, shape]) => [area, shape.partial().optional()])));
const file = z.strictObject({
  defaults: complete,
  stacks: z
    .record(z.string(), z.strictObject({ ...some.shape, components: z.record(z.string(), some).default({}) }))
    .default({}),
});

/** The assumptions of one stack. */
export interface StackUsage {
  /** As they hold for a component. */
  of(component: string): Usage;
  /** Names of the components that have figures of their own. */
  readonly components: readonly string[];
}

function merge(base: Usage, over: PartialUsage): Usage {
  const merged = Object.entries(base).map(([area, figures]) => [
    area,
    { ...figures, ...over[area as keyof PartialUsage] },
  ]);
  return Object.fromEntries(merged) as Usage;
}

/** Takes the text of a `usage.yaml`: defaults, over them the stack's, over those its components'. */
export function parseUsage(text: string, stack: string): StackUsage {
  const result = file.safeParse(parse(text));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new UsageError(["usage.yaml has faults:", ...faults].join("\n"));
  }
  const { components = {}, ...own } = result.data.stacks[stack] ?? {};
  const base = merge(result.data.defaults as Usage, own);
  return {
    of: (component) => merge(base, components[component] ?? {}),
    components: Object.keys(components),
  };
}

/** The `usage.yaml` of a project: its own, or the nearest above it, which a project within another shares. */
export function findUsage(from: string): string {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    const path = join(directory, "usage.yaml");
    if (existsSync(path)) return path;
    if (directory === dirname(directory)) {
      throw new UsageError(`no usage.yaml in ${from} or above it: --cost needs to know what a month looks like`);
    }
  }
}

/** Reads a `usage.yaml`. */
export function readUsage(path: string, stack: string): StackUsage {
  return parseUsage(readFileSync(path, "utf8"), stack);
}
