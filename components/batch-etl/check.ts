import { existsSync } from "node:fs";

import { exportPartitions, snapshotPartition } from "../lake-transfer/tables";
import type { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import { isSchedule, isTimezone } from "../task/schedule";
import { costCeilingUsd } from "./cost";
import { plannedTime, textPattern } from "./parameters";
import { isNew, type Settled, type SqlFile } from "./settle";
import { type Statement, statementKinds } from "./sql";

/** Reports every fault of the plain arguments. */
export function check(s: Settled, faults: Faults): void {
  const { args } = s;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(s.name) || s.name.length > 40) {
    faults.add("name", s.name, "kebab-case, at most 40 characters", "AWS limits the names made from it: change it");
  }
  if ((args.athena === undefined) === (args.glue === undefined)) {
    const was = args.athena === undefined ? undefined : "both";
    faults.add("athena", was, "either athena or glue", "set the one that does the work");
  }
  checkNames(s, faults);
  checkInputs(s, faults);
  checkOutputs(s, faults);
  checkParameters(s, faults);
  checkSql(s, faults);
  checkGlue(s, faults);
  checkSchedule(s, faults);
  if (!isLogRetention(args.logRetentionDays)) {
    const allowed = "a number of days that CloudWatch Logs knows";
    faults.add("logRetentionDays", args.logRetentionDays, allowed, "set 30, 90, 365 or another of them");
  }
  // AWS: CloudWatch API reference, PutMetricAlarm: seven days at most for periods of an hour.
  if (s.freshnessHours !== undefined) faults.integer("alarms.freshnessHours", s.freshnessHours, 1, 168);
  // AWS: Athena API reference, WorkGroupConfiguration: 10 MB at least.
  if (!(s.scanLimitGb >= 0.01)) {
    faults.add("scanLimitGb", s.scanLimitGb, "0.01 or more", "set how much one query may read");
  }
}

/** Placeholders, state variables and script arguments share one set of names. */
function checkNames({ inputs, outputs, parameters }: Settled, faults: Faults): void {
  const seen = new Map<string, string>();
  for (const [path, group] of Object.entries({ inputs, outputs, parameters })) {
    for (const name of Object.keys(group)) {
      if (!/^[a-z][A-Za-z0-9_]*$/.test(name) || name === plannedTime || name === "states") {
        faults.add(`${path}.${name}`, name, "letters, digits and _, beginning with a small letter", "rename it");
      }
      const other = seen.get(name);
      if (other !== undefined) {
        const cure = `${other} has one of that name too: rename one`;
        faults.add(`${path}.${name}`, name, "each name once among inputs, outputs and parameters", cure);
      }
      seen.set(name, path);
    }
  }
}

/** Of tables that a LakeTransfer fills, it alone knows where the files are: without rights on them every run would fail. */
function checkInputs({ inputs }: Settled, faults: Faults): void {
  for (const [name, { partitions, files }] of Object.entries(inputs)) {
    const transferred = partitions.some((column) => column.name === snapshotPartition || column.name === kindPartition);
    if (transferred && files === undefined) {
      const cure = "take the table of the LakeTransfer that fills it: transfer.table(...)";
      faults.add(`inputs.${name}.files`, undefined, "where the transfer writes", cure);
    }
  }
}

const [kindPartition] = exportPartitions;

function checkOutputs({ args, outputs }: Settled, faults: Faults): void {
  if (Object.keys(outputs).length === 0) {
    faults.add("outputs", {}, "at least one table", "name the tables that the job writes: its role is made from them");
  }
  const zones = Object.keys(args.lake.zones);
  for (const [name, table] of Object.entries(outputs)) {
    if (!zones.includes(table.zone)) {
      faults.add(
        `outputs.${name}.zone`,
        table.zone,
        zones.join(", "),
        "an ETL writes to the lake: name one of its zones",
      );
    }
    if (isNew(table) && !/^[a-z][a-z0-9_]{0,127}$/.test(table.tableName)) {
      const allowed = "lower-case letters, digits and _, beginning with a letter";
      faults.add(`outputs.${name}.tableName`, table.tableName, allowed, "rename the table");
    }
    if (!isNew(table) && typeof table.location === "string" && !/^s3:\/\/[^/]+\/[^/]/.test(table.location)) {
      const cure = "give a table of the lake, lake.tables[...]: the role's rights are on that folder";
      faults.add(`outputs.${name}.location`, table.location, "a folder, s3://bucket/folder/", cure);
    }
    if (isNew(table) && args.glue !== undefined) {
      const cure = "declare the table in the lake, so that its schema is known";
      faults.add(`outputs.${name}`, table.tableName, "tables of the lake, with glue", cure);
    }
  }
  const own = [
    ...new Set(
      Object.values(outputs)
        .filter(isNew)
        .map(({ zone }) => zone),
    ),
  ];
  if (own.length > 1) {
    const cure = "Athena puts them where the workgroup says: make a BatchEtl for each zone";
    faults.add("outputs", own, "one zone for the tables that the job makes itself", cure);
  }
}

function checkParameters({ parameters }: Settled, faults: Faults): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const path = `parameters.${name}`;
    if (parameter.type === "date") faults.integer(`${path}.daysBefore`, parameter.daysBefore, 0, 3650);
    if (parameter.type === "integer" && !Number.isSafeInteger(parameter.default)) {
      faults.add(`${path}.default`, parameter.default, "a whole number", "set one");
    }
    if (parameter.type === "text" && !textPattern.test(parameter.default)) {
      faults.add(`${path}.default`, parameter.default, "letters, digits, spaces and ._:/-, at most 200", "change it");
    }
  }
}

function checkSql(s: Settled, faults: Faults): void {
  if (s.args.athena !== undefined) {
    if (s.files.length === 0) faults.add("athena.files", [], "at least one file", "name the files, in order");
    // AWS: Athena user guide, "Service quotas": DML may be raised to 240 minutes, DDL to 600.
    faults.integer("athena.timeoutMinutes", s.statementMinutes, 1, 240);
  }
  checkFiles("athena.files", s, s.files, faults, (statement, path) => checkStatement(s, statement, path, faults));
  for (const [i, { path, statements = [] }] of s.checks.entries()) {
    if (statements.length > 1) {
      faults.add(`checks[${i}]`, path, "a file with one statement", "make a file of each, or add the numbers up");
    }
  }
  checkFiles("checks", s, s.checks, faults, (statement, path) => {
    if (!/^(SELECT|WITH)\b/i.test(statement.text.replace(/^(\s|--[^\n]*\n|\/\*[^]*?\*\/)*/, ""))) {
      faults.add(
        path,
        firstLine(statement),
        "a SELECT of one number: the rows that are wrong",
        "count what must not be",
      );
    }
  });
}

function checkFiles(
  argument: string,
  s: Settled,
  files: readonly SqlFile[],
  faults: Faults,
  checkOne: (statement: Statement, path: string) => void,
): void {
  const names = { ...s.inputs, ...s.outputs, ...s.parameters };
  for (const [i, { path, name, statements }] of files.entries()) {
    if (files.findIndex((file) => file.name === name) !== i) {
      faults.add(`${argument}[${i}]`, path, "files of different names", "the steps are named after them: rename one");
    }
    if (statements === undefined || statements.length === 0) {
      const allowed = statements === undefined ? "a file that is there" : "a file with a statement";
      faults.add(`${argument}[${i}]`, path, allowed, "correct the path or the file");
    }
    for (const [j, statement] of (statements ?? []).entries()) {
      const at = `${path}, statement ${j + 1}`;
      checkOne(statement, at);
      for (const unknown of statement.placeholders.filter((used) => !Object.hasOwn(names, used))) {
        const allowed = `inputs, outputs and parameters (${Object.keys(names).join(", ")})`;
        faults.add(at, `\${${unknown}}`, allowed, "declare it, or correct the name");
      }
      // AWS: Athena user guide, "Service quotas": a query's text.
      if (Buffer.byteLength(statement.text) > 200_000) {
        faults.add(at, Buffer.byteLength(statement.text), "at most 200000 bytes", "split the statement");
      }
    }
  }
}

function checkStatement(s: Settled, statement: Statement, path: string, faults: Faults): void {
  const { kind, target } = statement;
  if (kind === undefined) {
    const allowed = `${statementKinds.join(", ")}; CREATE TABLE with AS`;
    faults.add(path, firstLine(statement), allowed, "leave to the lake what else there is to do");
    return;
  }
  const name = /^\$\{([^}]*)\}$/.exec(target ?? "")?.[1];
  const output = name !== undefined && Object.hasOwn(s.outputs, name) ? s.outputs[name] : undefined;
  if (output === undefined) {
    const allowed = Object.keys(s.outputs)
      .map((known) => `\${${known}}`)
      .join(", ");
    const cure = "an ETL writes to its outputs alone, which are tables of the lake: declare it there and use its name";
    faults.add(path, target, allowed, cure);
  } else if ((kind === "CREATE" || kind === "DROP") && !isNew(output)) {
    const cure = "Pulumi owns that table: INSERT or MERGE into it, or declare the output as { zone, tableName }";
    faults.add(path, `${kind} ${target ?? ""}`, "CREATE and DROP of tables that the job makes itself", cure);
  } else if (["MERGE", "UPDATE", "DELETE", "OPTIMIZE", "VACUUM"].includes(kind) && "format" in output) {
    if (output.format !== "iceberg") {
      const cure = "Athena changes rows of Iceberg tables alone: make it one in the lake, or INSERT";
      faults.add(path, `${kind} ${target ?? ""}`, "an Iceberg table", cure);
    }
  }
}

function firstLine({ text }: Statement): string {
  return text.split("\n")[0] ?? "";
}

function checkGlue({ args, glue }: Settled, faults: Faults): void {
  if (glue === undefined) return;
  if (!existsSync(glue.script)) {
    faults.add("glue.script", glue.script, "a Python file that is there", "correct the path");
  }
  // AWS: Glue API reference, CreateJob.
  faults.integer("glue.maxWorkers", glue.maxWorkers, 2, 299);
  faults.integer("glue.timeoutMinutes", glue.timeoutMinutes, 1, 2880);
  faults.integer("glue.retries", glue.retries, 0, 10);
  if (glue.flex && !["G.1X", "G.2X"].includes(glue.workerType)) {
    faults.add("glue.workerType", glue.workerType, "G.1X or G.2X, with flex", "set one of them, or leave flex out");
  }
  const limit = args.glue?.maxCostUsd;
  const ceiling = costCeilingUsd(glue);
  if (limit !== undefined && ceiling > limit) {
    const cure = "lower maxWorkers, timeoutMinutes or retries, or raise the limit";
    faults.add("glue.maxCostUsd", limit, `${ceiling} or more, for what the job may take`, cure);
  }
}

function checkSchedule({ schedule }: Settled, faults: Faults): void {
  if (schedule === undefined) return;
  if (!isSchedule(schedule.expression) || schedule.expression.startsWith("at(")) {
    const allowed =
      "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, or rate(value unit)";
    faults.add("schedule.expression", schedule.expression, allowed, "write it as cron(0 3 * * ? *)");
  }
  if (!isTimezone(schedule.timezone)) {
    faults.add("schedule.timezone", schedule.timezone, "an IANA time zone", "write it as Asia/Tokyo");
  }
}
