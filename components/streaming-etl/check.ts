import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import { isTimezone } from "../task/schedule";
import type { Settled } from "./settle";

/** Reports every fault of the plain arguments. */
export function check(s: Settled, faults: Faults): void {
  const { args, batches, files, alarms } = s;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(s.name) || s.name.length > 40) {
    faults.add("name", s.name, "kebab-case, at most 40 characters", "AWS limits the names made from it: change it");
  }
  checkTable(s, faults);
  // AWS: Kinesis Data Streams API reference, CreateStream; a new account has 500 shards or fewer in most regions.
  if (args.shards !== undefined) faults.integer("shards", args.shards, 1, 10_000);
  // AWS: Kinesis Data Streams API reference, IncreaseStreamRetentionPeriod.
  faults.integer("retentionHours", s.retentionHours, 24, 8760);
  if (!isLogRetention(args.logRetentionDays)) {
    const allowed = "a number of days that CloudWatch Logs knows";
    faults.add("logRetentionDays", args.logRetentionDays, allowed, "set 30, 90, 365 or another of them");
  }
  faults.integer("failureDays", s.failureDays, 1, 3650);
  checkCode(s, faults);
  checkCopies(s, faults);
  // AWS: Lambda API reference, PutFunctionConcurrency: 0 would stop the function.
  if (args.concurrency !== undefined) faults.integer("concurrency", args.concurrency, 1, 10_000);
  // AWS: Lambda developer guide, "Lambda parameters for Amazon Kinesis Data Streams event source mappings".
  faults.integer("batches.size", batches.size, 1, 10_000);
  faults.integer("batches.windowSeconds", batches.windowSeconds, 0, 300);
  faults.integer("batches.parallel", batches.parallel, 1, 10);
  faults.integer("batches.retries", batches.retries, 0, 10_000);
  // What the stream drops unread is in no bucket.
  faults.integer("batches.maxAgeHours", batches.maxAgeHours, 1, Math.min(s.retentionHours - 1, 168));
  // AWS: Firehose API reference, BufferingHints; developer guide, "Record format conversion" and "Dynamic partitioning".
  faults.integer("files.seconds", files.seconds, s.dynamic ? 60 : 0, 900);
  faults.integer("files.mebibytes", files.mebibytes, 64, 128);
  if (!isTimezone(files.timeZone)) {
    faults.add("files.timeZone", files.timeZone, "an IANA time zone", "write it as Asia/Tokyo");
  }
  faults.integer("alarms.lagMinutes", alarms.lagMinutes, 1, 1440);
  faults.integer("alarms.throttles", alarms.throttles, 1, 1_000_000);
  faults.integer("alarms.freshnessMinutes", alarms.freshnessMinutes, 1, 1440);
  if (alarms.freshnessMinutes * 60 <= files.seconds) {
    const cure = "rows wait that long by design: raise it, or lower files.seconds";
    faults.add("alarms.freshnessMinutes", alarms.freshnessMinutes, `more than files.seconds (${files.seconds})`, cure);
  }
}

function checkTable({ args, partitions, dynamic }: Settled, faults: Faults): void {
  const { table } = args;
  if (table.format !== "parquet") {
    faults.add(
      "table.format",
      table.format,
      "parquet",
      "stream into a Parquet table, and on from there with a BatchEtl",
    );
  }
  for (const { name, kind } of table.partitions) {
    if (kind === "registered") {
      const cure = "Firehose adds no partitions to the catalog: give the table's column a range";
      faults.add(`table.partitions.${name}`, kind, "a projected partition column", cure);
    } else if (!partitions.some((partition) => partition.name === name)) {
      const cure = `set partitions.${name}, such as { query: ".${name}" }`;
      faults.add(`partitions.${name}`, undefined, "{ arrival } or { query }", cure);
    }
  }
  for (const [name, given] of Object.entries(args.partitions ?? {})) {
    if (!table.partitions.some((partition) => partition.name === name)) {
      const known = table.partitions.map((partition) => partition.name).join(", ");
      faults.add(`partitions.${name}`, given, `the table's partition columns (${known})`, "remove it");
    }
    if ("arrival" in given && !/^[yMdHmsD\-_/.]+$/.test(given.arrival)) {
      faults.add(
        `partitions.${name}.arrival`,
        given.arrival,
        "a Java date pattern",
        "set yyyy-MM-dd, yyyy/MM or the like",
      );
    }
    if ("query" in given && !/^\./.test(given.query)) {
      const cure = "set .tenant, or .at[0:10] for a part of a text";
      faults.add(`partitions.${name}.query`, given.query, "a jq expression on the row, beginning with a dot", cure);
    }
  }
  if (dynamic !== (args.dynamicPartitioning ?? false)) {
    const cure = dynamic
      ? "Firehose decides it when it is created: set it true now; a stream that already delivers without it would be replaced"
      : "no partition has a query: add one, or remove it";
    faults.add("dynamicPartitioning", args.dynamicPartitioning, String(dynamic), cure);
  }
}

function checkCode({ args, code, uses }: Settled, faults: Faults): void {
  checkPath("code.path", args.code?.path, faults);
  // AWS: Lambda API reference, CreateFunction.
  faults.integer("code.memoryMb", code.memoryMb, 128, 10_240);
  faults.integer("code.timeoutSeconds", code.timeoutSeconds, 1, 900);
  if (args.uses !== undefined && args.uses.length > 0 && args.code === undefined) {
    faults.add(
      "uses",
      args.uses.map((access) => access.name),
      "none without code",
      "set code, or remove it",
    );
  }
  for (const variable of ["DELIVERY_STREAM", "TRANSFORM"]) {
    if (variable in uses.environment) {
      faults.add("code.environment", variable, "other names: this one is the component's", "rename it");
    }
  }
  for (const { name } of uses.network) {
    faults.add(
      "uses",
      name,
      "what is reached without a VPC",
      "the function is in none: use an API, a table or a bucket",
    );
  }
  for (const variable of Object.keys(uses.secrets)) {
    faults.add("uses", variable, "no secret variables", "Lambda fills none: read the secret in the code");
  }
}

function checkPath(at: string, path: string | undefined, faults: Faults): void {
  if (path === undefined) return;
  const found = existsSync(path) && (!statSync(path).isDirectory() || existsSync(join(path, "index.js")));
  if (!found) faults.add(at, path, "a JavaScript file, or a folder with an index.js", "correct the path");
}

/** Names of their resources would be the component's own. */
const taken = ["function", "delivery", "failures"];

function checkCopies({ args, copies }: Settled, faults: Faults): void {
  for (const { name, code, memoryMb, timeoutSeconds } of copies) {
    const path = `copies.${name}`;
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 20 || taken.includes(name)) {
      const allowed = `kebab-case, at most 20 characters, none of ${taken.join(", ")}`;
      faults.add("copies", name, allowed, "rename it: its function's name is made from it");
    }
    const into = args.copies?.[name]?.into;
    if (into !== undefined && into.env["NAME"] === undefined) {
      faults.add(`${path}.into`, into.name, "write of a Table, which sets NAME", "take orders.write, for example");
    }
    checkPath(`${path}.code.path`, code?.path, faults);
    faults.integer(`${path}.code.memoryMb`, memoryMb, 128, 10_240);
    faults.integer(`${path}.code.timeoutSeconds`, timeoutSeconds, 1, 900);
    for (const variable of ["TABLE_NAME", "TRANSFORM"]) {
      if (code?.environment !== undefined && variable in code.environment) {
        const allowed = "other names: this one is the component's";
        faults.add(`${path}.code.environment`, variable, allowed, "rename it");
      }
    }
  }
}
