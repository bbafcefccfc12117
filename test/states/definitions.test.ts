import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { type Definition, definitionFaults } from "./definitions";
import { loadParsers } from "./parsers.cjs";
import { queriesOf, sqlFaults } from "./sql";

const root = join(__dirname, "../..");

describe("state machines, by the rules of others", function () {
  this.timeout(120_000);
  let directory: string;
  let parsers: Awaited<ReturnType<typeof loadParsers>>;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "kiban-states-"));
    parsers = await loadParsers();
  });
  after(() => rmSync(directory, { recursive: true }));

  /** The definitions of a plan, by the machine's name. */
  const planned = async (program: string, stack: string, stacks?: string): Promise<Map<string, Definition>> => {
    const project = mkdtempSync(join(directory, "project-"));
    symlinkSync(join(root, program), join(project, "index.ts"));
    cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    if (stacks === undefined) {
      writeFileSync(join(project, "Pulumi.dev.yaml"), "config: { aws:region: ap-northeast-1 }\n");
    } else cpSync(join(root, stacks), project, { recursive: true });
    const { resources } = await planStack({ projectDir: project, stack, policyPack: false });
    const machines = resources.filter(({ type }) => type === "aws:sfn/stateMachine:StateMachine");
    return new Map(
      machines.map(({ name, inputs }) => [name, JSON.parse(inputs["definition"] as string) as Definition]),
    );
  };
  const faultsOf = async (machines: Map<string, Definition>): Promise<string[]> => {
    const faults: string[] = [];
    for (const [machine, definition] of machines) {
      const own = await definitionFaults(definition);
      const queries = await queriesOf(definition);
      const sql = [...queries].flatMap(([state, text]) =>
        sqlFaults(parsers, text).map((fault) => `${state}: ${fault}`),
      );
      faults.push(...[...own, ...sql].map((fault) => `${machine}: ${fault}`));
    }
    return faults;
  };

  for (const stack of ["dev", "stg", "prod"]) {
    it(`stack ${stack}`, async () => {
      const machines = await planned("index.ts", stack, "test/fixtures/stacks");
      assert.deepEqual([...machines.keys()].sort(), [
        "daily-machine",
        "database-to-lake-state-machine",
        "orders-to-lake-state-machine",
      ]);
      assert.deepEqual(await faultsOf(machines), []);
    });
  }

  for (const file of readdirSync(join(root, "examples")).filter((name) =>
    /^(batch-etl|lake-transfer)\.ts$/.test(name),
  )) {
    it(`examples/${file}`, async () => {
      const machines = await planned(`examples/${file}`, "dev");
      assert.ok(machines.size > 0);
      assert.deepEqual(await faultsOf(machines), []);
    });
  }

  describe("finds", () => {
    const call = {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:rds:startExportTask",
      Arguments: {
        ExportTaskIdentifier: "{% $states.input.id %}",
        SourceArn: "arn",
        S3BucketName: "b",
        IamRoleArn: "arn",
        KmsKeyId: "arn",
        ExportOnly: ["app.orders"],
      },
      Next: "Done",
    };
    const machine = (state: object, more: object = {}): Definition => ({
      QueryLanguage: "JSONata",
      StartAt: "Call",
      States: { Call: { ...call, ...state }, Done: { Type: "Succeed" }, ...more },
    });
    const withArguments = (change: object) => machine({ Arguments: { ...call.Arguments, ...change } });

    it("nothing in a machine that is right", async () => assert.deepEqual(await definitionFaults(machine({})), []));

    for (const [what, definition, fault] of [
      ["a field of the other query language", machine({ ResultPath: "$.x" }), /States\/Call is invalid/],
      ["a state that is not there", machine({ Next: "Nowhere" }), /Nowhere|TRANSITION/],
      ["a state that nothing leads to", machine({}, { Lost: { Type: "Succeed" } }), /Lost is not reachable/],
      [
        "an expression that does not parse",
        withArguments({ SourceArn: "{% $states.input. %}" }),
        /Arguments\/SourceArn is invalid/,
      ],
      ["a variable that nothing assigns", withArguments({ SourceArn: "{% $arn %}" }), /^Call: nothing assigns \$arn$/],
      [
        "a call that AWS does not have",
        machine({ Resource: "arn:aws:states:::aws-sdk:rds:exportIt" }),
        /^Call: unknown call/,
      ],
      ["an argument that is missing", withArguments({ KmsKeyId: undefined }), /^Call: lacks KmsKeyId$/],
      ["an argument that is unknown", withArguments({ S3Bucket: "b" }), /^Call: unknown S3Bucket$/],
      ["an argument of another type", withArguments({ ExportOnly: "app.orders" }), /^Call\.ExportOnly: no list$/],
      ["a list's member of another type", withArguments({ ExportOnly: [1] }), /^Call\.ExportOnly\[0\]: 1 for string$/],
      [
        "a field that the call does not answer",
        machine({ Assign: { status: "{% $states.result.Statuses[Kind = 'x'] %}" } }),
        /^Call: the call answers no Statuses$/,
      ],
    ] as [string, Definition, RegExp][]) {
      it(what, async () => {
        const [first] = await definitionFaults(JSON.parse(JSON.stringify(definition)) as Definition);
        assert.match(first ?? "nothing", fault);
      });
    }

    it("SQL that does not parse", () => {
      assert.deepEqual(sqlFaults(parsers, 'SELECT "a"."b" FROM "c"'), []);
      assert.deepEqual(sqlFaults(parsers, "DROP TABLE IF EXISTS `a`.`b`"), []);
      assert.deepEqual(sqlFaults(parsers, 'OPTIMIZE "a"."b" REWRITE DATA USING BIN_PACK'), []);
      for (const wrong of [
        "SELEC 1",
        "SELECT 1 FORM x",
        'MERGE "a" USING "b"',
        "DROP TABLE IF `a`",
        "OPTIMIZE a, b",
        "VACUUM",
      ]) {
        assert.notDeepEqual(sqlFaults(parsers, wrong), [], wrong);
      }
    });

    it("a machine's queries with the day that they are for", async () => {
      const Arguments = { QueryString: `{% "SELECT '" & $day & "'" %}` };
      const Assign = { day: '{% $fromMillis($toMillis($states.input.scheduled_time), "[Y0001]-[M01]-[D01]") %}' };
      const States = { Set: { Type: "Pass", Assign }, Ask: { Type: "Task", Arguments } };
      assert.deepEqual([...(await queriesOf({ StartAt: "Set", States }))], [["Ask", "SELECT '2026-01-31'"]]);
    });
  });
});
