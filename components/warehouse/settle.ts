import type { LakeZone } from "../data-lake/types";
import { Faults } from "../shared/check";
import type { LogRetentionDays } from "../shared/log-retention";
import { defaultMaximum } from "./capacity";
import { checkCommon, checkForeign, checkRedshift } from "./check";
import type { BigQueryOptions, SnowflakeOptions, WarehouseEngine, ZonedNetwork } from "./types";
import type { WarehouseArgs } from "./warehouse";

/** What is plain of the arguments: whether it can be made is known from this alone. */
export type PlainArgs = Pick<
  WarehouseArgs,
  "engine" | "zones" | "redshift" | "bigquery" | "snowflake" | "credentials"
> & {
  readonly network?: Pick<ZonedNetwork, "availabilityZones">;
};

/** Redshift's options with every default filled in. */
export interface SettledRedshift {
  readonly baseRpu: number;
  readonly maxRpu: number;
  readonly dailyRpuHours: number;
  readonly monthlyRpuHours: number;
  readonly databaseName: string;
  readonly queryTimeoutSeconds: number;
  readonly passwordUsers: readonly string[];
  readonly passwordRotationDays: number;
  readonly logRetentionDays: LogRetentionDays;
}

/** The plain arguments of one warehouse, with every default filled in. */
export interface Plain {
  readonly name: string;
  readonly args: PlainArgs;
  readonly engine: WarehouseEngine;
  readonly zones: readonly LakeZone[];
  /** Undefined with another engine. */
  readonly redshift: SettledRedshift | undefined;
  /** Undefined with another engine. */
  readonly snowflake: SnowflakeOptions | undefined;
  /** Undefined with another engine. */
  readonly bigquery: (BigQueryOptions & { reader: "storageTransfer" | "omni" }) | undefined;
}

/** The arguments of one warehouse: checked, with every plain default filled in. */
export interface Settled extends Plain {
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: WarehouseArgs;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: WarehouseArgs): Settled {
  const faults = new Faults("Warehouse", name);
  const plain = settlePlain(name, args, faults);
  faults.raise();
  return { ...plain, args };
}

/** Settles what is plain, and adds what is wrong with it to the faults. */
export function settlePlain(name: string, args: PlainArgs, faults: Faults): Plain {
  const engine = args.engine ?? "athena";
  const settled: Plain = {
    name,
    args,
    engine,
    zones: args.zones ?? ["curated", "analytics"],
    redshift: engine === "redshiftServerless" ? settleRedshift(args) : undefined,
    snowflake: engine === "snowflake" ? (args.snowflake ?? {}) : undefined,
    bigquery: engine === "bigquery" ? { reader: "storageTransfer", ...args.bigquery } : undefined,
  };
  checkCommon(settled, faults);
  checkRedshift(settled, faults);
  checkForeign(settled, faults);
  return settled;
}

function settleRedshift(args: PlainArgs): SettledRedshift {
  const given = args.redshift ?? {};
  const baseRpu = given.baseRpu ?? 8;
  const dailyRpuHours = given.limits?.dailyRpuHours ?? baseRpu * 8;
  return {
    baseRpu,
    maxRpu: given.maxRpu ?? defaultMaximum(baseRpu),
    dailyRpuHours,
    monthlyRpuHours: given.limits?.monthlyRpuHours ?? dailyRpuHours * 15,
    databaseName: given.databaseName ?? "warehouse",
    queryTimeoutSeconds: given.queryTimeoutSeconds ?? 3600,
    passwordUsers: given.passwordUsers ?? [],
    passwordRotationDays: given.passwordRotationDays ?? 30,
    logRetentionDays: given.logRetentionDays ?? 90,
  };
}
