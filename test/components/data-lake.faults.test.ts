import * as assert from "node:assert/strict";

import { icebergType, isColumnType } from "../../components/data-lake/column-type";
import { DataLake, type DataLakeArgs, type LakeTableArgs } from "../../components/data-lake/data-lake";
import { inOrder, isDateEnd } from "../../components/data-lake/projection";
import { run } from "../harness";
import { least } from "./data-lake-fixture";

const fine: LakeTableArgs = { zone: "raw", columns: { id: "string" } };

/** The one fault of these arguments, without the heading; nothing may have been registered. */
async function faultOf(args: Partial<DataLakeArgs>, name = "lake"): Promise<string> {
  const { resources, error } = await run(() => void new DataLake(name, { ...least, ...args }));
  assert.deepEqual(resources, []);
  const [heading, ...lines] = (error?.message ?? "").split("\n");
  assert.equal(heading, `DataLake "${name}":`);
  return lines.map((line) => line.trim()).join("\n");
}
const tableFault = (table: Record<string, unknown>, name = "orders") =>
  faultOf({ tables: { [name]: { ...fine, ...table } } });

const typesText =
  "boolean, tinyint, smallint, int, bigint, float, double, string, binary, date, timestamp, decimal(precision,scale), " +
  "char(length), varchar(length), array<type>, map<type,type>, struct<name:type,...>";

describe("DataLake faults", () => {
  const tables: [string, Record<string, unknown>, string][] = [
    [
      "unknown column type",
      { columns: { id: "integer" } },
      `tables.orders.columns.id: was "integer"; allowed: ${typesText}; in small letters, without spaces`,
    ],
    [
      "no column",
      { columns: {} },
      "tables.orders.columns: was {}; allowed: at least one column; name what the files hold",
    ],
    [
      "column's name",
      { columns: { Id: "string" } },
      'tables.orders.columns: was "Id"; allowed: small letters, digits and _, no digit first; rename the column',
    ],
    [
      "unknown zone",
      { zone: "bronze" },
      'tables.orders.zone: was "bronze"; allowed: raw, curated, analytics; set one of them',
    ],
    ["unknown format", { format: "csv" }, 'tables.orders.format: was "csv"; allowed: parquet, json; set one of them'],
    [
      "date partition without range",
      { partitions: { day: { type: "date" } } },
      "tables.orders.partitions.day.range: was not set; allowed: its first and last value; Athena projects no partition " +
        'without it: set ["2026-01-01", "NOW"]',
    ],
    [
      "integer partition without range",
      { partitions: { shard: { type: "integer" } } },
      "tables.orders.partitions.shard.range: was not set; allowed: its first and last value; Athena projects no " +
        "partition without it: set [0, 99]",
    ],
    [
      "date of another format",
      { partitions: { day: { type: "date", range: ["2026/01/01", "NOW"] } } },
      'tables.orders.partitions.day.range: was "2026/01/01"; allowed: yyyy-MM-dd, NOW, or such as NOW-2YEARS; write both ' +
        "ends so",
    ],
    [
      "dates the wrong way round",
      { partitions: { day: { type: "date", range: ["2026-02-01", "2026-01-01"] } } },
      'tables.orders.partitions.day.range: was ["2026-02-01","2026-01-01"]; allowed: first, then last; exchange them',
    ],
    [
      "integers the wrong way round",
      { partitions: { shard: { type: "integer", range: [9, 0] } } },
      "tables.orders.partitions.shard.range: was [9,0]; allowed: two whole numbers, the smaller first; set the first and " +
        "last value",
    ],
    [
      "enum with a comma",
      { partitions: { site: { type: "enum", values: ["a,b"] } } },
      'tables.orders.partitions.site.values: was ["a,b"]; allowed: at least one, without commas and spaces; list every ' +
        "value",
    ],
    [
      "unknown partition type",
      { partitions: { day: { type: "hash" } } },
      'tables.orders.partitions.day.type: was "hash"; allowed: date, integer, enum, injected, registered; set how its ' +
        "values are known",
    ],
    [
      "unknown unit",
      { partitions: { day: { type: "date", range: ["NOW-1DAY", "NOW"], unit: "days" } } },
      'tables.orders.partitions.day.unit: was "days"; allowed: MINUTES, HOURS, DAYS, WEEKS, MONTHS, YEARS; set one of them',
    ],
    [
      "a partition that is a column",
      { partitions: { id: { type: "injected" } } },
      'tables.orders.partitions.id: was "id"; allowed: a name that no column has; the path holds its value: take it out ' +
        "of columns",
    ],
    [
      "partitions of both kinds",
      { partitions: { a: { type: "registered" }, b: { type: "injected" } } },
      'tables.orders.partitions: was "registered, injected"; allowed: registered for all; Athena projects all partition ' +
        "columns of a table or none",
    ],
    [
      "a prefix with a slash at its end",
      { prefix: "in/" },
      'tables.orders.prefix: was "in/"; allowed: folders of letters, digits, _, -, = and .; no slash at either end',
    ],
    [
      "Iceberg with a nested type",
      { iceberg: {}, columns: { tags: "array<string>" } },
      'tables.orders.columns.tags: was "array<string>"; allowed: boolean, int, bigint, float, double, string, binary, date, ' +
        "timestamp, decimal(precision,scale); add columns of other types by ALTER TABLE, once the table is there",
    ],
    [
      "Iceberg with partitions in the path",
      { iceberg: {}, partitions: { day: { type: "injected" } } },
      'tables.orders.partitions: was "day"; allowed: none with iceberg; Iceberg keeps its own partitions: use ' +
        "iceberg.partitions",
    ],
    [
      "Iceberg of JSON",
      { iceberg: {}, format: "json" },
      'tables.orders.format: was "json"; allowed: parquet with iceberg; leave it out',
    ],
    [
      "Iceberg by a column that is not there",
      { iceberg: { partitions: [{ column: "day" }] } },
      'tables.orders.iceberg.partitions[0].column: was "day"; allowed: id; name a column',
    ],
    [
      "Iceberg by an unknown transform",
      { iceberg: { partitions: [{ column: "id", transform: "week" }] } },
      'tables.orders.iceberg.partitions[0].transform: was "week"; allowed: identity, year, month, day, hour, bucket[n], ' +
        "truncate[n]; set one of them",
    ],
  ];
  for (const [title, table, text] of tables) {
    it(title, async () => assert.equal(await tableFault(table), text));
  }

  it("table's name", async () => {
    const text = 'tables: was "Orders"; allowed: small letters, digits and _; rename it: SQL writes it so';
    assert.equal(await tableFault({}, "Orders"), text);
  });

  it("tables in one folder", async () => {
    const args = { tables: { orders: fine, returns: { ...fine, prefix: "orders/returns" } } };
    const text =
      'tables.returns.prefix: was "orders/returns"; allowed: a folder that no other table of the zone is in; Athena would ' +
      "read the files of tables.orders too: set a folder of its own";
    assert.equal(await faultOf(args), text);
  });

  const others: [string, Partial<DataLakeArgs>, string][] = [
    [
      "restoreDays",
      { restoreDays: 0 },
      "restoreDays: was 0; allowed: a whole number from 1 to 3650; set one in that range",
    ],
    [
      "resultDays",
      { resultDays: 1.5 },
      "resultDays: was 1.5; allowed: a whole number from 1 to 3650; set one in that range",
    ],
    [
      "scanLimitGb",
      { scanLimitGb: 0 },
      "scanLimitGb: was 0; allowed: 0.01 to 1000000; set how much one query may read",
    ],
    [
      "expiry before tiering",
      { lifecycles: { raw: { tierAfterDays: 90, expireAfterDays: 90 } } },
      "lifecycles.raw.expireAfterDays: was 90; allowed: more than 90, tierAfterDays; S3 refuses to move what is gone: " +
        "expire later, or leave tierAfterDays out",
    ],
    [
      "databasePrefix",
      { databasePrefix: "my-lake" },
      'databasePrefix: was "my-lake"; allowed: small letters, digits and _; SQL writes it without quotes so',
    ],
    [
      "Lake Formation's rights",
      { lakeFormation: { grants: { a: { principalArn: "arn", zone: "raw", rights: "own" as "read" } } } },
      'lakeFormation.grants.a.rights: was "own"; allowed: read, write; set one of them',
    ],
  ];
  for (const [title, args, text] of others) {
    it(title, async () => assert.equal(await faultOf(args), text));
  }

  it("the lake's name", async () => {
    const text = 'name: was "Lake"; allowed: kebab-case, such as lake; rename it: the accesses carry it';
    assert.equal(await faultOf({ databasePrefix: "lake" }, "Lake"), text);
  });
});

describe("column types", () => {
  const good = [
    ...["string", "bigint", "decimal(38,0)", "char(1)", "varchar(65535)", "array<array<int>>", "map<string,date>"],
    ...["struct<a:string,b_2:array<struct<c:int>>>", "map<int,map<string,double>>"],
  ];
  const bad = [
    ...[
      "",
      "text",
      "String",
      "integer",
      "decimal",
      "decimal(39,0)",
      "decimal(2,3)",
      "char(0)",
      "varchar(65536)",
      "array",
    ],
    ...["array<>", "array<text>", "array<int", "array<int>>", "map<string>", "map<array<int>,int>", "struct<>"],
    ...["struct<a>", "struct<A:int>", "struct<a:int,>", "struct<a: int>", "int ", "bigint,int"],
  ];
  for (const type of good) it(`takes ${type}`, () => assert.equal(isColumnType(type), true));
  for (const type of bad) it(`refuses "${type}"`, () => assert.equal(isColumnType(type), false));
  it("knows Iceberg's names", () => {
    const pairs = [
      ["bigint", "long"],
      ["decimal(10,2)", "decimal(10,2)"],
      ["tinyint", undefined],
      ["decimal(0,0)", undefined],
    ];
    for (const [type, iceberg] of pairs) assert.equal(icebergType(type ?? ""), iceberg);
  });
});

describe("date ranges", () => {
  const ends: [string, string, boolean][] = [
    ["NOW", "yyyy-MM-dd", true],
    ["NOW-2YEARS", "yyyy-MM-dd", true],
    ["NOW+9HOURS", "yyyy-MM-dd", true],
    ["NOW - 2YEARS", "yyyy-MM-dd", false],
    ["now", "yyyy-MM-dd", false],
    ["2026-01-01", "yyyy-MM-dd", true],
    ["2026-1-1", "yyyy-MM-dd", false],
    ["2026/01/01/00", "yyyy/MM/dd/HH", true],
    ["2026-01-01T00", "yyyy-MM-dd'T'HH", true],
  ];
  for (const [end, format, fits] of ends) {
    it(`${end} as ${format}: ${fits ? "yes" : "no"}`, () => assert.equal(isDateEnd(end, format), fits));
  }
  it("compares what can be compared as text", () => {
    assert.equal(inOrder(["2026-01-02", "2026-01-01"], "yyyy-MM-dd"), false);
    assert.equal(inOrder(["02-2026", "01-2027"], "MM-yyyy"), true);
    assert.equal(inOrder(["NOW", "2020-01-01"], "yyyy-MM-dd"), true);
  });
});
