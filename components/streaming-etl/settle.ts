import type { Input } from "@pulumi/pulumi";

import { type FoldedAccess, foldAccess } from "../shared/access";
import { Faults } from "../shared/check";
import { check } from "./check";
import type { StreamingEtlArgs } from "./streaming-etl";
import type { StreamAlarmThresholds, StreamBatches, StreamCode, StreamFiles, StreamPartition } from "./types";

/** A partition column with the way to its value, in the order of the path. */
export type SettledPartition = { readonly name: string } & StreamPartition;

/** One copy, with every plain default filled in. */
export interface SettledCopy {
  readonly name: string;
  readonly code: StreamCode | undefined;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly tableName: Input<string>;
  readonly statements: FoldedAccess["statements"];
}

/** The arguments, checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  readonly args: StreamingEtlArgs;
  readonly retentionHours: number;
  readonly partitions: readonly SettledPartition[];
  /** Whether a partition comes from the row. */
  readonly dynamic: boolean;
  readonly code: { readonly environment: Record<string, Input<string>>; memoryMb: number; timeoutSeconds: number };
  readonly uses: FoldedAccess;
  readonly batches: Required<StreamBatches>;
  readonly files: Required<StreamFiles>;
  readonly failureDays: number;
  readonly alarms: Required<StreamAlarmThresholds>;
  readonly copies: readonly SettledCopy[];
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: StreamingEtlArgs): Settled {
  const faults = new Faults("StreamingEtl", name);
  const retentionHours = args.retentionHours ?? 24;
  const partitions = settlePartitions(args);
  const { batches = {}, files = {}, alarms = {}, code } = args;
  const environment: Record<string, Input<string>> = { ...code?.environment };
  const settled: Settled = {
    name,
    args,
    retentionHours,
    partitions,
    dynamic: partitions.some((partition) => "query" in partition),
    code: { environment, memoryMb: code?.memoryMb ?? 256, timeoutSeconds: code?.timeoutSeconds ?? 60 },
    uses: foldAccess(name, args.uses ?? [], { environment }, faults),
    batches: {
      size: batches.size ?? 500,
      windowSeconds: batches.windowSeconds ?? 5,
      parallel: batches.parallel ?? 1,
      retries: batches.retries ?? 10,
      maxAgeHours: batches.maxAgeHours ?? Math.min(retentionHours - 4, 168),
    },
    files: { seconds: files.seconds ?? 300, mebibytes: files.mebibytes ?? 128, timeZone: files.timeZone ?? "UTC" },
    failureDays: args.failureDays ?? 90,
    alarms: {
      lagMinutes: alarms.lagMinutes ?? 15,
      throttles: alarms.throttles ?? 10,
      freshnessMinutes: alarms.freshnessMinutes ?? 15,
    },
    copies: Object.entries(args.copies ?? {}).map(([copy, { into, code: own }]) => ({
      name: copy,
      code: own,
      memoryMb: own?.memoryMb ?? 256,
      timeoutSeconds: own?.timeoutSeconds ?? 60,
      tableName: into.env["NAME"] ?? "",
      statements: into.statements,
    })),
  };
  check(settled, faults);
  faults.raise();
  return settled;
}

/** In the table's order; a date column that nothing is said about is the day of arrival. */
function settlePartitions({ table, partitions = {} }: StreamingEtlArgs): SettledPartition[] {
  return table.partitions.flatMap(({ name, kind }): SettledPartition[] => {
    const given = partitions[name] ?? (kind === "date" ? { arrival: "yyyy-MM-dd" } : undefined);
    return given === undefined ? [] : [{ name, ...given }];
  });
}
