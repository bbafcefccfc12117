import { Faults } from "../shared/check";
import { checkAlarms, checkIndexes, checkKeys, checkName, checkSizes } from "./check";
import type { TableArgs } from "./table";
import type { Ceiling, GlobalIndex, KeyType, LocalIndex, Projection, TableAlarmThresholds } from "./types";

/** An index, with every default filled in and its keys as lists. */
export interface SettledIndex {
  readonly name: string;
  readonly kind: "global" | "local";
  readonly partitionKey: readonly string[];
  readonly sortKey: readonly string[];
  readonly projection: Projection;
  readonly ceiling: Ceiling | undefined;
}

/** The arguments of one table: checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: TableArgs;
  /** Type of each attribute that a key names. */
  readonly attributes: ReadonlyMap<string, KeyType>;
  readonly indexes: readonly SettledIndex[];
  readonly recoveryDays: number;
  readonly alarms: Required<TableAlarmThresholds>;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: TableArgs): Settled {
  const { partitionKey, sortKey } = args;
  const settled: Settled = {
    name,
    args,
    attributes: new Map([
      ...Object.entries(args.keyAttributes ?? {}),
      ...(sortKey === undefined ? [] : [[sortKey.name, sortKey.type] as const]),
      [partitionKey.name, partitionKey.type],
    ]),
    indexes: [
      ...Object.entries(args.globalIndexes ?? {}).map(([index, given]) => globalIndex(index, given, args.ceiling)),
      ...Object.entries(args.localIndexes ?? {}).map(([index, given]) => localIndex(index, given, partitionKey.name)),
    ],
    // The price is by the size of the table, not by the days.
    recoveryDays: args.recoveryDays ?? 35,
    alarms: { throttles: args.alarms?.throttles ?? 10, systemErrors: args.alarms?.systemErrors ?? 5 },
  };
  const faults = new Faults("Table", name);
  checkName(settled, faults);
  checkKeys(settled, faults);
  checkIndexes(settled, faults);
  checkSizes(settled, faults);
  checkAlarms(settled, faults);
  faults.raise();
  return settled;
}

function globalIndex(name: string, given: GlobalIndex, ceiling: Ceiling | undefined): SettledIndex {
  return {
    name,
    kind: "global",
    partitionKey: [given.partitionKey].flat(),
    sortKey: given.sortKey === undefined ? [] : [given.sortKey].flat(),
    projection: given.projection ?? "all",
    // An index has a ceiling of its own in DynamoDB: without one, the table's would bound half of the bill.
    ceiling: ceiling === undefined ? given.ceiling : { ...ceiling, ...given.ceiling },
  };
}

function localIndex(name: string, given: LocalIndex, partitionKey: string): SettledIndex {
  return {
    name,
    kind: "local",
    partitionKey: [partitionKey],
    sortKey: [given.sortKey],
    projection: given.projection ?? "all",
    ceiling: undefined,
  };
}
