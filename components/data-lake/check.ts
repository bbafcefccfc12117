import type { Faults } from "../shared/check";
import { columnTypes, icebergColumnTypes, icebergType, isColumnType } from "./column-type";
import { inOrder, isDateEnd } from "./projection";
import type { Settled } from "./settle";
import type { LakePartition, LakeTableArgs } from "./types";

const zones: readonly string[] = ["raw", "curated", "analytics"];
const formats: readonly string[] = ["parquet", "json"];
const partitionTypes = ["date", "integer", "enum", "injected", "registered"];
const units = ["MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS"];
const transforms = /^(identity|year|month|day|hour|(bucket|truncate)\[[1-9]\d*\])$/;
const word = /^[a-z_][a-z0-9_]{0,254}$/;

/** Faults of the tables: names, column types, partitions and their ranges. */
export function checkTables(tables: Readonly<Record<string, LakeTableArgs>>, faults: Faults): void {
  const folders: { table: string; zone: string; prefix: string }[] = [];
  for (const [table, given] of Object.entries(tables)) {
    const path = `tables.${table}`;
    if (!word.test(table)) faults.add("tables", table, "small letters, digits and _", "rename it: SQL writes it so");
    checkChoice(`${path}.zone`, given.zone, zones, faults);
    checkChoice(`${path}.format`, given.format ?? "parquet", formats, faults);
    checkColumns(path, given, faults);
    checkPartitions(path, given, faults);
    checkIceberg(path, given, faults);
    const prefix = given.prefix ?? table;
    if (!/^[\w.=-]+(\/[\w.=-]+)*$/.test(prefix)) {
      faults.add(`${path}.prefix`, prefix, "folders of letters, digits, _, -, = and .", "no slash at either end");
    }
    const other = folders.find((one) => one.zone === given.zone && nested(one.prefix, prefix));
    if (other !== undefined) {
      const cure = `Athena would read the files of tables.${other.table} too: set a folder of its own`;
      faults.add(`${path}.prefix`, prefix, "a folder that no other table of the zone is in", cure);
    }
    folders.push({ table, zone: given.zone, prefix });
  }
}

function nested(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

function checkColumns(path: string, given: LakeTableArgs, faults: Faults): void {
  const columns = Object.entries(given.columns);
  if (columns.length === 0) faults.add(`${path}.columns`, {}, "at least one column", "name what the files hold");
  for (const [column, type] of columns) {
    checkWord(`${path}.columns`, column, faults);
    if (given.iceberg !== undefined && icebergType(type) === undefined) {
      const cure = "add columns of other types by ALTER TABLE, once the table is there";
      faults.add(`${path}.columns.${column}`, type, icebergColumnTypes, cure);
    } else if (!isColumnType(type)) {
      faults.add(`${path}.columns.${column}`, type, columnTypes, "in small letters, without spaces");
    }
  }
}

function checkPartitions(path: string, given: LakeTableArgs, faults: Faults): void {
  const partitions = Object.entries(given.partitions ?? {});
  for (const [column, rule] of partitions) {
    checkWord(`${path}.partitions`, column, faults);
    if (column in given.columns) {
      const cure = "the path holds its value: take it out of columns";
      faults.add(`${path}.partitions.${column}`, column, "a name that no column has", cure);
    }
    checkProjection(`${path}.partitions.${column}`, rule, faults);
  }
  const registered = partitions.filter(([, rule]) => rule.type === "registered");
  if (registered.length > 0 && registered.length < partitions.length) {
    const cure = "Athena projects all partition columns of a table or none";
    faults.add(`${path}.partitions`, partitions.map(([, rule]) => rule.type).join(", "), "registered for all", cure);
  }
}

function checkProjection(path: string, rule: LakePartition, faults: Faults): void {
  if (!partitionTypes.includes(rule.type)) {
    faults.add(`${path}.type`, rule.type, partitionTypes.join(", "), "set how its values are known");
    return;
  }
  if (rule.type === "enum") {
    const values = ends(rule.values);
    if (values === undefined || values.length === 0 || values.some((value) => !/^[^,\s]+$/.test(String(value)))) {
      faults.add(`${path}.values`, rule.values, "at least one, without commas and spaces", "list every value");
    }
  }
  if (rule.type !== "date" && rule.type !== "integer") return;
  const range = ends(rule.range);
  if (range?.length !== 2) {
    const cure = `Athena projects no partition without it: set ${rule.type === "date" ? '["2026-01-01", "NOW"]' : "[0, 99]"}`;
    faults.add(`${path}.range`, rule.range, "its first and last value", cure);
    return;
  }
  if (rule.interval !== undefined) faults.integer(`${path}.interval`, rule.interval, 1, 1_000_000);
  if (rule.type === "date") checkDates(path, rule, faults);
  else checkIntegers(path, rule, faults);
}

function checkDates(path: string, rule: Extract<LakePartition, { type: "date" }>, faults: Faults): void {
  const format = rule.format ?? "yyyy-MM-dd";
  for (const end of rule.range) {
    if (isDateEnd(end, format)) continue;
    faults.add(`${path}.range`, end, `${format}, NOW, or such as NOW-2YEARS`, "write both ends so");
  }
  if (!inOrder(rule.range, format)) faults.add(`${path}.range`, rule.range, "first, then last", "exchange them");
  if (rule.unit !== undefined) checkChoice(`${path}.unit`, rule.unit, units, faults);
}

function checkIntegers(path: string, rule: Extract<LakePartition, { type: "integer" }>, faults: Faults): void {
  const [first, last] = rule.range;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first > last) {
    faults.add(`${path}.range`, rule.range, "two whole numbers, the smaller first", "set the first and last value");
  }
  if (rule.digits !== undefined) faults.integer(`${path}.digits`, rule.digits, 1, 18);
}

function checkIceberg(path: string, { iceberg, partitions, format, columns }: LakeTableArgs, faults: Faults): void {
  if (iceberg === undefined) return;
  if (partitions !== undefined) {
    const cure = "Iceberg keeps its own partitions: use iceberg.partitions";
    faults.add(`${path}.partitions`, Object.keys(partitions).join(", "), "none with iceberg", cure);
  }
  if (format === "json") faults.add(`${path}.format`, format, "parquet with iceberg", "leave it out");
  for (const [index, { column, transform }] of (iceberg.partitions ?? []).entries()) {
    const at = `${path}.iceberg.partitions[${index}]`;
    if (!(column in columns)) faults.add(`${at}.column`, column, Object.keys(columns).join(", "), "name a column");
    if (transform !== undefined && !transforms.test(transform)) {
      const allowed = "identity, year, month, day, hour, bucket[n], truncate[n]";
      faults.add(`${at}.transform`, transform, allowed, "set one of them");
    }
  }
}

/** Faults of everything but the tables. */
export function check(s: Settled, faults: Faults): void {
  if (!/^[a-z][a-z0-9-]*$/.test(s.name)) {
    faults.add("name", s.name, "kebab-case, such as lake", "rename it: the accesses carry it");
  }
  // AWS: Glue API reference, Database, Name: 255; the longest zone takes 10 of them.
  if (!/^[a-z][a-z0-9_]{0,200}$/.test(s.databasePrefix)) {
    faults.add("databasePrefix", s.databasePrefix, "small letters, digits and _", "SQL writes it without quotes so");
  }
  for (const [zone, { tierAfterDays, expireAfterDays }] of Object.entries(s.lifecycles)) {
    const path = `lifecycles.${zone}`;
    if (tierAfterDays !== undefined) faults.integer(`${path}.tierAfterDays`, tierAfterDays, 0, 36_500);
    if (expireAfterDays === undefined) continue;
    faults.integer(`${path}.expireAfterDays`, expireAfterDays, 1, 36_500);
    if (tierAfterDays !== undefined && expireAfterDays <= tierAfterDays) {
      const cure = "S3 refuses to move what is gone: expire later, or leave tierAfterDays out";
      faults.add(`${path}.expireAfterDays`, expireAfterDays, `more than ${tierAfterDays}, tierAfterDays`, cure);
    }
  }
  faults.integer("restoreDays", s.restoreDays, 1, 3650);
  faults.integer("resultDays", s.resultDays, 1, 3650);
  // AWS: Athena API reference, WorkGroupConfiguration, BytesScannedCutoffPerQuery: 10 MB at least.
  if (!(s.scanLimitGb >= 0.01 && s.scanLimitGb <= 1_000_000)) {
    faults.add("scanLimitGb", s.scanLimitGb, "0.01 to 1000000", "set how much one query may read");
  }
  for (const [grant, { zone, rights }] of Object.entries(s.args.lakeFormation?.grants ?? {})) {
    checkChoice(`lakeFormation.grants.${grant}.zone`, zone, zones, faults);
    checkChoice(`lakeFormation.grants.${grant}.rights`, rights ?? "read", ["read", "write"], faults);
  }
}

function checkWord(path: string, name: string, faults: Faults): void {
  if (!word.test(name)) faults.add(path, name, "small letters, digits and _, no digit first", "rename the column");
}

function checkChoice(path: string, was: string, allowed: readonly string[], faults: Faults): void {
  if (!allowed.includes(was)) faults.add(path, was, allowed.join(", "), "set one of them");
}

/** A list that the types promise, and a program without types may have left out. */
function ends(list: readonly unknown[] | undefined): readonly unknown[] | undefined {
  return Array.isArray(list) ? list : undefined;
}
