import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { loadParsers } from "./parsers.cjs";
import { sqlFaults } from "./sql";

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs", "data.md"), "utf8");
const queries = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, query]) => query ?? "");

describe("docs/data.md", function () {
  this.timeout(120_000);
  let project: string;
  let plan: Awaited<ReturnType<typeof planStack>>;
  before(async () => {
    project = mkdtempSync(join(tmpdir(), "kiban-document-"));
    symlinkSync(join(root, "index.ts"), join(project, "index.ts"));
    cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    cpSync(join(root, "test/fixtures/stacks"), project, { recursive: true });
    plan = await planStack({ projectDir: project, stack: "dev", policyPack: false });
  });
  after(() => rmSync(project, { recursive: true }));

  it("has SQL that Athena reads, on columns and tables of the lake", async () => {
    const parsers = await loadParsers();
    assert.ok(queries.length >= 4);
    for (const query of queries) assert.deepEqual(sqlFaults(parsers, query), [], query);

    const tables = new Map(
      plan.resources
        .filter(({ type }) => type === "aws:glue/catalogTable:CatalogTable")
        .map(({ inputs }) => [
          `${inputs["databaseName"] as string}.${inputs["name"] as string}`,
          JSON.stringify(inputs),
        ]),
    );
    for (const query of queries) {
      const [table = ""] = /\bkiban_\w+\.\w+/.exec(query) ?? [];
      const [, listed = ""] = /^SELECT (.*?)\s+FROM/s.exec(query) ?? [];
      const columns = listed.split(", ").filter((column) => /^\w+$/.test(column));
      assert.ok(columns.length >= 2, query);
      for (const column of columns) {
        assert.match(tables.get(table) ?? "no such table", new RegExp(`"${column}"`), column);
      }
    }
  });

  it("names outputs that the stack has", () => {
    const named = [...text.matchAll(/\bout (\w+) \.(\w+)/g)];
    assert.ok(named.length >= 8);
    for (const [, output = "", key = ""] of named) {
      assert.ok(Object.keys(plan.outputs[output] as object).includes(key), `${output}.${key}`);
    }
  });
});
