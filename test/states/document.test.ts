import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Plan, type PlannedResource, planStack } from "../../plan/run";
import { commandFaults } from "../commands/commands";
import { loadParsers } from "./parsers.cjs";
import { sqlFaults } from "./sql";

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs", "data.md"), "utf8");
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, block = ""]) => block);
const queries = blocks("sql");
const shell = blocks("sh").join("");
/** Applies a change of the document, whose lines begin as in a diff, to a file of the project. */
function apply(change: string, project: string): void {
  const [head = "", ...lines] = change.trimEnd().split("\n");
  const side = (sign: string): string =>
    lines
      .filter((line) => line.startsWith(" ") || line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const file = join(project, head.replace("--- ", ""));
  const before = readFileSync(file, "utf8").split(side("-"));
  assert.equal(before.length, 2, `${head}: its lines stand there once`);
  writeFileSync(file, before.join(side("+")));
}

describe("docs/data.md", function () {
  this.timeout(240_000);
  const made: string[] = [];
  let dev: Plan;
  let prod: Plan;

  /** The platform with changes of the document; each resource by its name. */
  async function changed(stack: string, changes: readonly string[]): Promise<Plan> {
    const project = mkdtempSync(join(tmpdir(), "kiban-document-"));
    made.push(project);
    cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    cpSync(join(root, "test/fixtures/stacks"), project, { recursive: true });
    if (changes.some((change) => change.startsWith("--- platform/"))) {
      for (const copied of ["account", "index.ts", "platform"]) {
        cpSync(join(root, copied), join(project, copied), { recursive: true });
      }
      for (const shared of [
        "components",
        "dashboards",
        "etl",
        "node_modules",
        "settings",
        "settings.ts",
        "startup.ts",
      ]) {
        symlinkSync(join(root, shared), join(project, shared));
      }
    } else {
      symlinkSync(join(root, "index.ts"), join(project, "index.ts"));
    }
    for (const change of changes) apply(change, project);
    return planStack({ projectDir: project, stack, policyPack: false });
  }
  const called = ({ resources }: Plan, type: string, name: string): PlannedResource =>
    resources.find((each) => each.type === type && each.name === name) ?? assert.fail(`no ${type} ${name}`);

  before(async () => {
    dev = await changed("dev", []);
    prod = await changed("prod", []);
  });
  after(() => made.forEach((project) => rmSync(project, { recursive: true })));

  it("has SQL that Athena reads, on columns and tables of the lake", async () => {
    const parsers = await loadParsers();
    assert.ok(queries.length >= 4);
    for (const query of queries) assert.deepEqual(sqlFaults(parsers, query), [], query);

    const tables = new Map(
      dev.resources
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
      assert.ok(Object.keys(dev.outputs[output] as object).includes(key), `${output}.${key}`);
    }
  });

  it("has commands that run, and calls AWS with flags that its CLI has", function () {
    if (spawnSync("jq", ["--version"]).status !== 0) {
      console.log("      skipped: no jq on PATH");
      return this.skip();
    }
    const home = mkdtempSync(join(tmpdir(), "kiban-document-"));
    made.push(home);
    const stand = (name: string, body: string): void => {
      writeFileSync(join(home, name), `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}`);
      chmodSync(join(home, name), 0o755);
    };
    const outputs = { dev: dev.outputs, prod: prod.outputs };
    stand(
      "pulumi",
      `const fs = require("node:fs");
      const stack = ${JSON.stringify(join(home, "stack"))};
      if (args[1] === "select") fs.writeFileSync(stack, args[2]);
      else console.log(JSON.stringify((${JSON.stringify(outputs)})[fs.readFileSync(stack, "utf8")][args[2]]));`,
    );
    stand(
      "aws",
      `require("node:fs").appendFileSync(${JSON.stringify(join(home, "calls"))}, JSON.stringify(args) + "\\n");
      const answers = { "get-query-execution": "SUCCEEDED", "describe-execution": "SUCCEEDED", "list-objects-v2": "None" };
      console.log(answers[args[1]] ?? "an-id");`,
    );
    // The commands that stand within a sentence come last: the functions are there by then.
    const within = [...text.matchAll(/`(bash -c [^`]+)`/g)].map(([, command = ""]) => command);
    assert.ok(within.length >= 3);
    const script = `set -euo pipefail\n${shell}\npulumi stack select dev\n${within.join("\n")}\n`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, HOME: home, PATH: `${home}:${process.env["PATH"] ?? ""}`, pause: "0" },
    });
    assert.equal(status, 0, stderr);

    const calls = readFileSync(join(home, "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
    const names = new Set(calls.map(([service, name]) => `${service} ${name}`));
    for (const name of ["kinesis put-record", "redshift-data execute-statement", "s3api list-objects-v2"]) {
      assert.ok(names.has(name), name);
    }
    for (const [service, name, ...rest] of calls) {
      assert.deepEqual(commandFaults([service ?? "", name ?? "", ...rest]), []);
      for (const word of rest) assert.doesNotMatch(word, /^(null|undefined|)$/, `${service} ${name}`);
    }
  });

  it("says when things run", () => {
    const [, table = ""] = /^## What runs when\n(.*?)\n\n[^|]/ms.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| (\d\d:\d\d) +\| `([\w-]+)`/gm)].map(([, at, what]) => `${at} ${what}`);
    const clocks = prod.resources.flatMap(({ type, name, inputs }) => {
      if (type === "aws:quicksight/refreshSchedule:RefreshSchedule") {
        const { scheduleFrequency } = inputs["schedule"] as { scheduleFrequency: { timeOfTheDay: string } };
        return [`${scheduleFrequency.timeOfTheDay} ${name.replace(/^dashboards-(.*)-refresh$/, "$1")}`];
      }
      const target = JSON.stringify(inputs["target"] ?? "");
      if (type !== "aws:scheduler/schedule:Schedule" || !target.includes(":stateMachine:")) return [];
      assert.equal(inputs["scheduleExpressionTimezone"], "Asia/Tokyo");
      const [, minute = "", hour = ""] =
        /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(inputs["scheduleExpression"] as string) ?? [];
      return [`${hour.padStart(2, "0")}:${minute.padStart(2, "0")} ${name.replace(/-schedule$/, "")}`];
    });
    assert.equal(rows.length, 4);
    assert.deepEqual(rows.sort(), clocks.sort());
  });

  it("names alarms that prod has, and files that there are", () => {
    const alarms = prod.resources
      .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name }) => name);
    const named = [...text.matchAll(/`(?:\.\.\.)?([a-z-]+-alarm)`/g)].map(([, name = ""]) => name);
    assert.ok(named.length >= 8);
    for (const name of named) {
      assert.ok(
        alarms.some((alarm) => alarm.endsWith(name)),
        name,
      );
    }
    for (const [, target = ""] of text.matchAll(/\]\((\.\.\/[^)#]+)/g)) {
      assert.ok(existsSync(join(root, "docs", target)), target);
    }
  });

  describe("has changes that do what it says:", () => {
    const changes = blocks("diff");
    const ofStacks = changes.filter((change) => change.startsWith("--- Pulumi."));
    const ofPlatform = changes.filter((change) => change.startsWith("--- platform/"));
    const [zones = "", redshift = "", first = "", second = "", bigquery = ""] = ofStacks;
    const trustOf = (plan: Plan): unknown => {
      const { inputs } = called(plan, "aws:iam/role:Role", "warehouse-lake-role");
      return (JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: unknown[] }).Statement;
    };

    it("every one of them", () => assert.deepEqual([ofStacks.length, ofPlatform.length], [5, changes.length - 5]));

    it("staging on Redshift, with a third zone or not at all", async () => {
      await assert.rejects(changed("stg", [redshift]), /kiban:network\.availabilityZones: .* at least three zones/);
      const plan = await changed("stg", [zones, redshift]);
      const limit = called(plan, "aws:redshiftserverless/usageLimit:UsageLimit", "warehouse-daily-limit");
      assert.deepEqual([limit.inputs["amount"], limit.inputs["breachAction"]], [16, "deactivate"]);
    });

    it("Snowflake's two steps", async () => {
      const one = await changed("stg", [first]);
      assert.deepEqual(trustOf(one), [{ Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }]);
      const { createIntegration, nextStep } = (one.outputs["dataPlatform"] as { warehouse: Record<string, string> })
        .warehouse;
      assert.match(createIntegration ?? "", /STORAGE_ALLOWED_LOCATIONS = \('s3:\/\/lake-raw-bucket-\w+\/clicks\/'\);/);
      assert.match(nextStep ?? "", /^Step 1 of 2 is done/);
      assert.deepEqual(trustOf(await changed("stg", [second])), [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::444444444444:user/abcd-s-efgh1234" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "ABC12345_SFCRole=2_a1B2c3D4" } },
        },
      ]);
      const half = second.replace(/\+ +externalId: .*\n/, "");
      await assert.rejects(changed("stg", [half]), /kiban:warehouse\.snowflake\.externalId: was not set/);
    });

    it("BigQuery's second step", async () => {
      assert.deepEqual(trustOf(await changed("stg", [bigquery])), [
        {
          Effect: "Allow",
          Principal: { Federated: "accounts.google.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { "accounts.google.com:sub": "100000000000000000000" } },
        },
      ]);
    });

    it("a table of the database and a second consumer of the stream", async () => {
      const plan = await changed("dev", ofPlatform);
      const table = called(plan, "aws:glue/catalogTable:CatalogTable", "lake-invoices-table");
      assert.match(JSON.stringify(table.inputs), /"decimal\(12,2\)"/);
      const transfer = called(plan, "aws:sfn/stateMachine:StateMachine", "database-to-lake-state-machine");
      assert.match(transfer.inputs["definition"] as string, /\.public\.invoices"/);
      const last = called(plan, "aws:lambda/function:Function", "clicks-last-function");
      assert.match(JSON.stringify(last.inputs["environment"]), /"TABLE_NAME":"last-clicks-table-\w+"/);
    });
  });
});
