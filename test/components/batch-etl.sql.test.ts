import * as assert from "node:assert/strict";

import { costCeilingUsd } from "../../components/batch-etl/cost";
import { standardOffset } from "../../components/batch-etl/parameters";
import { parseStatements } from "../../components/batch-etl/sql";

const shape = (text: string) => parseStatements(text).map(({ kind, target }) => [kind, target]);

describe("BatchEtl's reading of SQL", () => {
  for (const [text, expected] of [
    ["INSERT INTO ${a} SELECT 1", [["INSERT", "${a}"]]],
    ["insert into ${a}(x) values (1)", [["INSERT", "${a}"]]],
    ["MERGE INTO ${a} t USING ${b} s ON t.x = s.x WHEN MATCHED THEN DELETE", [["MERGE", "${a}"]]],
    ["UPDATE ${a} SET x = 1", [["UPDATE", "${a}"]]],
    ["DELETE FROM ${a}", [["DELETE", "${a}"]]],
    ["CREATE TABLE IF NOT EXISTS ${a} WITH (x = 'y') AS SELECT 1", [["CREATE", "${a}"]]],
    ["CREATE TABLE ${a} (x int) LOCATION 's3://x as y/'", [[undefined, "${a}"]]],
    ["DROP TABLE IF EXISTS ${a}", [["DROP", "${a}"]]],
    ["OPTIMIZE ${a} REWRITE DATA USING BIN_PACK", [["OPTIMIZE", "${a}"]]],
    ["VACUUM ${a}", [["VACUUM", "${a}"]]],
    ["SELECT 1", [[undefined, undefined]]],
    ["INSERT INTO other.t SELECT 1", [["INSERT", "other.t"]]],
    ['INSERT INTO "other"."t" SELECT 1', [["INSERT", '"other"."t"']]],
    ["-- INSERT INTO ${b}\nVACUUM ${a}; /* ; */", [["VACUUM", "${a}"]]],
    ["/* why; not */ VACUUM /* here */ ${a}", [["VACUUM", "${a}"]]],
    [
      "DELETE FROM ${a} WHERE x = 'it''s; --no';\n\n;VACUUM ${a};",
      [
        ["DELETE", "${a}"],
        ["VACUUM", "${a}"],
      ],
    ],
    ['DELETE FROM ${a} WHERE "a;b" = `c;d`', [["DELETE", "${a}"]]],
    ["", []],
    ["-- nothing; to do", []],
  ] as [string, unknown[]][]) {
    it(text === "" ? "an empty file" : text.replaceAll("\n", " "), () => assert.deepEqual(shape(text), expected));
  }

  it("names each placeholder once, and keeps the text", () => {
    const [statement] = parseStatements("INSERT INTO ${a} SELECT '${day}' FROM ${b} WHERE x = '${day}' -- ;\n;");
    assert.deepEqual(statement?.placeholders, ["a", "day", "b"]);
    assert.equal(statement.text, "INSERT INTO ${a} SELECT '${day}' FROM ${b} WHERE x = '${day}' -- ;");
  });
});

describe("BatchEtl's numbers", () => {
  for (const [timezone, minutes] of [
    ["Etc/UTC", 0],
    ["Asia/Tokyo", 540],
    ["America/New_York", -300],
    ["Europe/Berlin", 60],
    ["Australia/Sydney", 600],
    ["Asia/Kolkata", 330],
    ["America/St_Johns", -210],
  ] as const) {
    it(`${timezone} is ${minutes} minutes ahead outside its summer time`, () =>
      assert.equal(standardOffset(timezone), minutes));
  }

  const glue = {
    script: "",
    workerType: "G.1X",
    maxWorkers: 2,
    flex: false,
    bookmarks: true,
    timeoutMinutes: 60,
    retries: 1,
  } as const;
  for (const [what, change, usd] of [
    ["two workers for an hour, twice", {}, 1.76],
    ["one try", { retries: 0 }, 0.88],
    ["larger workers", { workerType: "G.8X", retries: 0 }, 7.04],
    ["spare capacity", { flex: true, retries: 0 }, 0.58],
    ["a part of an hour, rounded up", { timeoutMinutes: 7, retries: 0 }, 0.11],
  ] as const) {
    it(`${what} can cost ${usd} USD`, () => assert.equal(costCeilingUsd({ ...glue, ...change }), usd));
  }
});
