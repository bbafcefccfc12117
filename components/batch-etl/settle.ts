import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

import type { LakeTable } from "../data-lake/types";
import { Faults } from "../shared/check";
import { isTimezone } from "../task/schedule";
import type { BatchEtlArgs } from "./batch-etl";
import { check } from "./check";
import { type SettledParameter, settleParameter, standardOffset } from "./parameters";
import { parseStatements, type Statement } from "./sql";
import type { EtlNewTable, EtlOutput, EtlSchedule, GlueJob } from "./types";

/** A file of SQL, read and cut into statements. */
export interface SqlFile {
  readonly path: string;
  /** Name of the file without its ending, for the states. */
  readonly name: string;
  /** Undefined where the file is not there. */
  readonly statements: readonly Statement[] | undefined;
}

/** The arguments, checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  readonly args: BatchEtlArgs;
  readonly inputs: Readonly<Record<string, LakeTable>>;
  readonly outputs: Readonly<Record<string, EtlOutput>>;
  readonly parameters: Readonly<Record<string, SettledParameter>>;
  readonly files: readonly SqlFile[];
  readonly checks: readonly SqlFile[];
  readonly statementMinutes: number;
  readonly glue: Required<Omit<GlueJob, "maxCostUsd">> | undefined;
  readonly schedule: Required<EtlSchedule> | undefined;
  /** Minutes that the schedule's time zone is ahead of UTC outside its summer time. */
  readonly offsetMinutes: number;
  readonly freshnessHours: number | undefined;
  readonly scanLimitGb: number;
  readonly keep: boolean;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: BatchEtlArgs): Settled {
  const faults = new Faults("BatchEtl", name);
  const timezone = args.schedule?.timezone ?? "Etc/UTC";
  const settled: Settled = {
    name,
    args,
    inputs: args.inputs ?? {},
    outputs: args.outputs,
    parameters: Object.fromEntries(Object.entries(args.parameters ?? {}).map(([key, p]) => [key, settleParameter(p)])),
    files: (args.athena?.files ?? []).map(readSql),
    checks: (args.checks ?? []).map(readSql),
    statementMinutes: args.athena?.timeoutMinutes ?? 30,
    glue: args.glue === undefined ? undefined : settleGlue(args.glue),
    schedule:
      args.schedule === undefined
        ? undefined
        : { expression: args.schedule.expression, timezone, enabled: args.schedule.enabled ?? true },
    offsetMinutes: isTimezone(timezone) ? standardOffset(timezone) : 0,
    freshnessHours: args.alarms?.freshnessHours ?? (isRunByTheClock(args) ? 26 : undefined),
    scanLimitGb: args.scanLimitGb ?? 100,
    keep: args.keep ?? false,
  };
  check(settled, faults);
  faults.raise();
  return settled;
}

/** Whether a clock starts it, so that a day without a run is news. */
function isRunByTheClock({ schedule }: BatchEtlArgs): boolean {
  return schedule !== undefined && (schedule.enabled ?? true);
}

function settleGlue(glue: GlueJob): NonNullable<Settled["glue"]> {
  return {
    script: glue.script,
    workerType: glue.workerType ?? "G.1X",
    maxWorkers: glue.maxWorkers ?? 2,
    flex: glue.flex ?? false,
    bookmarks: glue.bookmarks ?? true,
    timeoutMinutes: glue.timeoutMinutes ?? 60,
    retries: glue.retries ?? 1,
  };
}

function readSql(path: string): SqlFile {
  const name = basename(path).replace(/\.[^.]*$/, "");
  return { path, name, statements: existsSync(path) ? parseStatements(readFileSync(path, "utf8")) : undefined };
}

/** Whether the job makes this table itself. */
export function isNew(table: EtlOutput): table is EtlNewTable {
  return !("location" in table);
}

/** The zone whose bucket holds what the job makes itself: that of its first table, and by the checks of all of them. */
export function ownZone(s: Settled): EtlNewTable["zone"] | undefined {
  return Object.values(s.outputs).find(isNew)?.zone;
}
