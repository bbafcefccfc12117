import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { getProject, getStack, RunError, runtime } from "@pulumi/pulumi";
import { parse } from "yaml";
import { z } from "zod";

import { type LogRetentionDays, isLogRetention, logRetentionDays } from "../components/shared/log-retention";
import { keysAt, schema as platform } from "../settings/schema";

const text = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
const flag = z.boolean({ error: "true or false" });
const group = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape, { error: "a block of keys" });
const number = (min: number, error: string) => z.number({ error }).min(min, { error });
const id = z.int({ error: "a whole number above 0" }).min(1, { error: "a whole number above 0" }).exactOptional();
const days = z
  .int({ error: "90 to 3650 days" })
  .min(90, { error: "90 to 3650 days" })
  .max(3650, { error: "90 to 3650 days" });
const retention = z.custom<LogRetentionDays>((value) => typeof value === "number" && isLogRetention(value), {
  error: `a retention that CloudWatch Logs knows, in days: ${logRetentionDays.join(", ")}`,
});
const arn = (service: string, allowed: string) =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:.+$`), allowed).exactOptional();

/** Blocks of the account's own stack file, `kiban-account:*`. */
const own = {
  /** Data that the account holds outlives a mistake; to let the account go, see the README. */
  keep: flag.default(true),
  github: group({
    owner: text(/^[A-Za-z0-9-]+$/, "an account or organization of GitHub"),
    name: text(/^[A-Za-z0-9._-]+$/, "a repository's name without its owner"),
    ownerId: id,
    repositoryId: id,
    previewFrom: z.enum(["pullRequests", "reviewedEnvironment"], { error: "one of pullRequests, reviewedEnvironment" }),
    branch: text(/^\S+$/, "a branch").exactOptional(),
    providerArn: arn("iam:", "ARN of the account's OIDC provider for GitHub"),
  }),
  audit: group({ days }),
  guardDuty: flag.default(false),
  budget: group({
    limitUsd: number(1, "USD a month, 1 or more"),
    anomaliesFromUsd: number(0, "USD, 0 or more"),
    monitorArn: arn("ce:", "ARN of the account's monitor of services"),
  }),
  invocationLog: group({ days: retention, content: flag.default(false) }).exactOptional(),
  quickSight: group({
    accountName: text(/^[A-Za-z0-9-]{1,62}$/, "letters, digits and -, at most 62"),
    notificationEmail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"),
  }).exactOptional(),
  lakeFormation: flag.default(false),
};
/** Blocks of the platform's stack file, beside it, which say whose account it is. */
const shared = { account: platform.account, tags: platform.tags, notifications: platform.notifications };

const [ownSchema, sharedSchema] = [z.strictObject(own), z.object(shared)];

/** All settings of an account, checked, with defaults filled in. */
export type AccountSettings = Readonly<z.infer<typeof ownSchema> & z.infer<typeof sharedSchema>> & {
  readonly stack: string;
  /** Tags of every resource, through the provider's default tags. */
  readonly defaultTags: Readonly<Record<string, string>>;
};

/** Every fault of an account's settings, in one message; the program prints it without a stack trace. */
export class AccountSettingsError extends RunError {
  override readonly name = "SettingsError";
}

/**
 * Reads the account's stack file, and of the platform's beside it the blocks `account`, `tags` and `notifications`: what an
 * account is stands in one place.
 *
 * @throws AccountSettingsError with every fault: the key, what was given, what is allowed.
 */
export function readAccountSettings(): AccountSettings {
  const stack = getStack();
  const theirs = platformFile(stack);
  const mine = keysOf(runtime.allConfig(), "kiban-account", fromConfig);
  const [ours, others] = [ownSchema.safeParse(mine), sharedSchema.safeParse(theirs)];
  const faults = [
    ...(others.success
      ? sharedAccounts(stack, others.data.account.id)
      : faultsOf(others.error, theirs, "kiban", sharedSchema)),
    ...(ours.success ? [] : faultsOf(ours.error, mine, "kiban-account", ownSchema)),
  ];
  if (!ours.success || !others.success || faults.length > 0) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    const files = `account/Pulumi.${stack}.yaml (kiban-account:) and Pulumi.${stack}.yaml (kiban:) have`;
    throw new AccountSettingsError([`${files} ${count}:`, ...faults.map((line) => `  ${line}`)].join("\n"));
  }
  const defaultTags = { Project: getProject(), Environment: stack, ManagedBy: "pulumi", ...others.data.tags };
  return { ...ours.data, ...others.data, stack, defaultTags };
}

/** Another stack with the same account would share its state, its roles and its budget. */
function sharedAccounts(stack: string, account: string): string[] {
  return readdirSync("..").flatMap((file) => {
    const other = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
    if (other === undefined || other === stack) return [];
    const theirs = platformFile(other)["account"] as { id?: unknown } | undefined;
    if (theirs?.id !== account) return [];
    return [`kiban:account.id: was "${account}"; allowed: an account of its own; stack ${other} (${file}) has it`];
  });
}

/** The platform's stack file; what cannot be read has no blocks, and each missing one is a fault. */
function platformFile(stack: string): Record<string, unknown> {
  try {
    const content = parse(readFileSync(join("..", `Pulumi.${stack}.yaml`), "utf8")) as {
      config?: Record<string, unknown>;
    } | null;
    return keysOf(content?.config ?? {}, "kiban", (value) => value);
  } catch {
    return {};
  }
}

function keysOf<T>(config: Record<string, T>, namespace: string, read: (value: T) => unknown): Record<string, unknown> {
  const prefix = `${namespace}:`;
  const entries = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), read(value)]));
}

/** Pulumi hands every value over as a string: blocks and scalars as JSON, plain text as it is. */
function fromConfig(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function faultsOf(error: z.ZodError, given: unknown, namespace: string, schema: z.ZodType): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const named = (more: string[]): string => `${namespace}:${[...path, ...more].join(".")}`;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map(
        (key) => `${named([key])}: is no setting; allowed here: ${keysAt(path, schema, given).join(", ")}`,
      );
    }
    const was = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], given);
    return [`${named([])}: was ${was === undefined ? "not set" : JSON.stringify(was)}; allowed: ${issue.message}`];
  });
}
