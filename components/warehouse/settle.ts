import type { LakeZone } from "../data-lake/types";
import { Faults } from "../shared/check";
import type { LogRetentionDays } from "../shared/log-retention";
import { defaultMaximum } from "./capacity";
import { checkCommon, checkForeign, checkRedshift } from "./check";
import type { BigQueryOptions, SnowflakeOptions, WarehouseEngine, ZonedNetwork } from "./types";
import type { WarehouseArgs } from "./warehouse";

/** Redshift's options with every default filled in. */
export interface SettledRedshift {
  readonly network: ZonedNetwork;
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

/** The arguments of one warehouse: checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: WarehouseArgs;
  readonly engine: WarehouseEngine;
  readonly zones: readonly LakeZone[];
  /** Undefined with another engine. */
  readonly redshift: SettledRedshift | undefined;
  /** Undefined with another engine. */
  readonly snowflake: SnowflakeOptions | undefined;
  /** Undefined with another engine. */
  readonly bigquery: (BigQueryOptions & { reader: "storageTransfer" | "omni" }) | undefined;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: WarehouseArgs): Settled {
  const engine = args.engine ?? "athena";
  const settled: Settled = {
    name,
    args,
    engine,
    zones: args.zones ?? ["curated", "analytics"],
    redshift: engine === "redshiftServerless" ? settleRedshift(args) : undefined,
    snowflake: engine === "snowflake" ? (args.snowflake ?? {}) : undefined,
    bigquery: engine === "bigquery" ? { reader: "storageTransfer", ...args.bigquery } : undefined,
  };
  const faults = new Faults("Warehouse", name);
  checkCommon(settled, faults);
  checkRedshift(settled, faults);
  checkForeign(settled, faults);
  faults.raise();
  return settled;
}

const noNetwork: ZonedNetwork = {
  vpcId: "",
  publicSubnetIds: [],
  privateSubnetIds: [],
  isolatedSubnetIds: [],
  availabilityZones: [],
};

function settleRedshift(args: WarehouseArgs): SettledRedshift {
  const given = args.redshift ?? {};
  const baseRpu = given.baseRpu ?? 8;
  const dailyRpuHours = given.limits?.dailyRpuHours ?? baseRpu * 8;
  return {
    // A missing network is a fault: nothing is ever made with this one.
    network: args.network ?? noNetwork,
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
