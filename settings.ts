import { readdirSync, readFileSync } from "node:fs";

import { getProject, getStack, RunError, runtime } from "@pulumi/pulumi";
import { parse } from "yaml";
import { z } from "zod";

import { overlaps, parseCidr } from "./components/shared/cidr";
import { aiFaults, budgetFaults } from "./settings/ai";
import { dashboardsFaults, warehouseFaults } from "./settings/data";
import { group, job, keysAt, schema, service, stream, task } from "./settings/schema";

/** Every fault of a stack's settings, in one message; the program prints it without a stack trace. */
export class SettingsError extends RunError {
  override readonly name = "SettingsError";
}

/** One service's settings. */
export type ServiceSettings = z.infer<typeof service>;

/** One scheduled task's settings. */
export type TaskSettings = z.infer<typeof task>;

/** One stream's settings. */
export type StreamSettings = z.infer<typeof stream>;

/** One batch job's settings. */
export type JobSettings = z.infer<typeof job>;

/** What the program makes by name: each has a block of its name in the stack file. */
export interface Names {
  readonly services: readonly string[];
  readonly tasks: readonly string[];
  readonly streams: readonly string[];
  readonly jobs: readonly string[];
}

/** All settings of a stack, checked, with defaults filled in, and frozen; what has a name by the names asked for. */
export type Settings<N extends Names = Names> = Readonly<z.infer<z.ZodObject<typeof schema>>> & {
  readonly project: string;
  readonly stack: string;
  readonly services: Readonly<Record<N["services"][number], ServiceSettings>>;
  readonly tasks: Readonly<Record<N["tasks"][number], TaskSettings>>;
  readonly streams: Readonly<Record<N["streams"][number], StreamSettings>>;
  readonly jobs: Readonly<Record<N["jobs"][number], JobSettings>>;
  /** Tags of every resource, through the provider's default tags. */
  readonly defaultTags: Readonly<Record<string, string>>;
};

/**
 * Reads the stack's configuration (`Pulumi.<stack>.yaml`, keys `kiban:*`). `names` are those of what the program
 * makes: a block for another name is a fault, so that a misspelt one is not passed over.
 *
 * @throws SettingsError with every fault: the key, what was given, what is allowed.
 */
export function readSettings<const N extends Names>(names: N): Settings<N> {
  const stack = getStack();
  const project = getProject();
  const all = z.strictObject({
    ...schema,
    streams: named(names.streams, stream),
    jobs: named(names.jobs, job),
    services: named(names.services, service),
    tasks: named(names.tasks, task),
  });
  const given = configOf();
  const result = all.safeParse(given);
  const faults = result.success ? [] : faultsOf(result.error, given, all);
  faults.push(...acrossKeys(validBlocks(given), stack), ...acrossStacks(stack, given));
  if (!result.success || faults.length > 0) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    throw new SettingsError([`Pulumi.${stack}.yaml has ${count}:`, ...faults.map((line) => `  ${line}`)].join("\n"));
  }
  return deepFreeze({
    ...(result.data as typeof result.data & Pick<Settings<N>, keyof Names>),
    project,
    stack,
    defaultTags: { Project: project, Environment: stack, ManagedBy: "pulumi", ...result.data.tags },
  });
}

/** A block for each name. */
function named<Name extends string, S extends z.ZodType>(names: readonly Name[], block: S) {
  return group(Object.fromEntries(names.map((name) => [name, block])) as Record<Name, S>);
}

type Blocks = Partial<z.infer<z.ZodObject<typeof schema>>>;

/** The blocks that are right in themselves, so that faults between keys come in the same message as those within one. */
function validBlocks(given: Record<string, unknown>): Blocks {
  const blocks = Object.entries(schema).flatMap(([key, block]) => {
    const result = block.safeParse(given[key]);
    return result.success ? [[key, result.data] as const] : [];
  });
  return Object.fromEntries(blocks);
}

/** Rules that need more than one key. */
function acrossKeys(blocks: Blocks, stack: string): string[] {
  const { account, keep, network, domain, edge, warehouse, dashboards, ai, budget } = blocks;
  const faults: string[] = [];
  if (ai !== undefined && account !== undefined) faults.push(...aiFaults({ region: account.region, keep }, ai));
  if (budget !== undefined) faults.push(...budgetFaults(budget));
  if (warehouse !== undefined && network !== undefined) {
    faults.push(...warehouseFaults(network.availabilityZones, warehouse));
  }
  if (dashboards !== undefined) faults.push(...dashboardsFaults(dashboards));
  if (domain === undefined && edge !== undefined && edge.withoutDomain !== true) {
    faults.push(
      `kiban:domain: was not set; allowed: name and zoneId of the stack's hosted zone, or kiban:edge.withoutDomain: true ` +
        `while stack ${stack} has none (HTTP inside the VPC)`,
    );
  }
  if (domain !== undefined && edge?.withoutDomain === true) {
    faults.push("kiban:edge.withoutDomain: was true; allowed: only without kiban:domain; remove one of the two");
  }
  if (network !== undefined && network.availabilityZones.length > network.maxAzs) {
    faults.push(
      `kiban:network.maxAzs: was ${network.maxAzs}; allowed: at least the ${network.availabilityZones.length} zones listed`,
    );
  }
  const { warehouseUser } = dashboards ?? {};
  const users = warehouse?.redshift?.passwordUsers ?? [];
  if (warehouseUser !== undefined && warehouse !== undefined && !users.includes(warehouseUser)) {
    faults.push(
      `kiban:dashboards.warehouseUser: was "${warehouseUser}"; allowed: one of kiban:warehouse.redshift.passwordUsers ` +
        `(${users.join(", ")}), or leave it out: then the dashboards ask the lake alone`,
    );
  }
  for (const zone of network?.availabilityZones ?? []) {
    if (account !== undefined && !zone.startsWith(account.region)) {
      faults.push(
        `kiban:network.availabilityZones: was "${zone}"; allowed: zones of ${account.region} (kiban:account.region)`,
      );
    }
  }
  return faults;
}

/** The rules between stacks, read from the other stack files: one account each, and networks that may be peered one day. */
function acrossStacks(stack: string, given: Record<string, unknown>): string[] {
  const faults: string[] = [];
  const own = identityOf(given);
  for (const file of readdirSync(".").sort()) {
    const other = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
    if (other === undefined || other === stack) continue;
    const theirs = identityOf(fileConfig(file));
    if (own.account !== undefined && own.account === theirs.account) {
      faults.push(
        `kiban:account.id: was "${own.account}"; allowed: an account of its own; stack ${other} (${file}) has it`,
      );
    }
    if (own.cidr !== undefined && theirs.cidr !== undefined && overlaps(own.cidr, theirs.cidr)) {
      faults.push(
        `kiban:network.cidrBlock: was "${own.cidr}"; allowed: no overlap with ${theirs.cidr} of stack ${other} (${file})`,
      );
    }
  }
  return faults;
}

function identityOf(config: Record<string, unknown>): { account?: string; cidr?: string } {
  const read = (block: string, key: string): string | undefined => {
    const value = (config[block] as Record<string, unknown> | null | undefined)?.[key];
    return typeof value === "string" ? value : undefined;
  };
  const account = read("account", "id");
  const cidr = read("network", "cidrBlock");
  return { ...(account !== undefined && { account }), ...(cidr !== undefined && parseCidr(cidr) && { cidr }) };
}

/** Another stack's file; one that cannot be read is that stack's own fault, and its own run reports it. */
function fileConfig(file: string): Record<string, unknown> {
  try {
    const content = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> } | null;
    return ownKeys(content?.config ?? {});
  } catch {
    return {};
  }
}

function configOf(): Record<string, unknown> {
  const strings = ownKeys(runtime.allConfig());
  return Object.fromEntries(Object.entries(strings).map(([key, value]) => [key, fromConfig(String(value))]));
}

/** The keys of this program's namespace, which is fixed like the project's name: it is part of every stack file. */
function ownKeys(config: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith("kiban:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("kiban:".length), value]));
}

/** Pulumi hands every value over as a string: blocks and scalars as JSON, plain text as it is. */
function fromConfig(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function faultsOf(error: z.ZodError, given: unknown, schema: z.ZodType): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map(
        (key) => `${keyName([...path, key])}: is no setting; allowed here: ${keysAt(path, schema, given).join(", ")}`,
      );
    }
    const was = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], given);
    const shown = was === undefined ? "not set" : isSecret(path[0]) ? "[secret]" : JSON.stringify(was);
    return [`${keyName(path)}: was ${shown}; allowed: ${issue.message}`];
  });
}

/** Whether the stack file holds the block encrypted; then no value of it is shown. */
function isSecret(block: string | undefined): boolean {
  const raw = block === undefined ? undefined : fileConfig(`Pulumi.${getStack()}.yaml`)[block];
  return JSON.stringify(raw ?? null).includes('"secure"');
}

const keyName = (path: string[]): string => `kiban:${path.join(".")}`;

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
