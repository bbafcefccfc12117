import * as assert from "node:assert/strict";

import { DataLake } from "../../components/data-lake/data-lake";
import { LakeTransfer, snapshotTable, tableExport } from "../../components/lake-transfer/lake-transfer";
import { resource, run } from "../harness";
import { type Definition, definitionFaults, nextOf } from "../states/definitions";
import { least, textOf } from "./data-lake-fixture";

async function definitions(): Promise<Record<"aurora" | "table", Definition>> {
  const result = await run(() => {
    const tables = {
      customers: snapshotTable({ id: "bigint", name: "string" }),
      addresses: snapshotTable({ id: "bigint" }),
      orders: tableExport({ keys: { customer: "string" }, others: { total: "number" } }),
    };
    const lake = new DataLake("lake", { ...least, tables, databasePrefix: "shop" });
    const rest = { lake, logRetentionDays: 30 as const, keep: false, alarmTopicArn: "arn:aws:sns:r:1:alarms" };
    const cluster = { clusterIdentifier: "main", arn: "arn:aws:rds:r:1:cluster:main", databaseName: "app" };
    new LakeTransfer("aurora", {
      ...rest,
      schedule: { expression: "rate(1 day)" },
      staleAfterHours: 30,
      timeoutHours: 6,
      source: {
        kind: "aurora",
        cluster,
        tables: { "public.customers": lake.table("customers"), addresses: lake.table("addresses") },
      },
    });
    new LakeTransfer("table", {
      ...rest,
      schedule: { expression: "rate(1 day)" },
      source: {
        kind: "table",
        table: { tableName: "orders", arn: "arn:aws:dynamodb:r:1:table/orders" },
        into: lake.table("orders"),
      },
    });
  });
  if (result.error !== undefined) throw result.error;
  const of = (name: string) => {
    const { inputs } = resource(result, "aws:sfn/stateMachine:StateMachine", `${name}-state-machine`);
    return JSON.parse(textOf(inputs["definition"])) as Definition;
  };
  return { aurora: of("aurora"), table: of("table") };
}

describe("LakeTransfer definitions", () => {
  let all: Awaited<ReturnType<typeof definitions>>;
  before(async () => (all = await definitions()));

  for (const kind of ["aurora", "table"] as const) {
    it(`${kind}: is valid by the rules of others`, async () => assert.deepEqual(await definitionFaults(all[kind]), []));

    it(`${kind}: asks in JSONata and tries every call again`, () => {
      assert.equal(all[kind].QueryLanguage, "JSONata");
      for (const [name, state] of Object.entries(all[kind].States)) {
        if (state.Type !== "Task") continue;
        const retries = state["Retry"] as { ErrorEquals: string[]; MaxAttempts: number }[];
        const last = retries.at(-1);
        assert.deepEqual([last?.ErrorEquals, (last?.MaxAttempts ?? 0) > 0], [["States.ALL"], true], name);
      }
    });
  }

  it("aurora: refuses old snapshots, exports the tables alone, and registers one after the other", () => {
    const { States, TimeoutSeconds } = all.aurora;
    assert.equal(TimeoutSeconds, 6 * 3600);
    assert.deepEqual(States["IsThereNewData"]?.["Choices"], [
      { Condition: "{% $count($snapshots) = 0 %}", Next: "NoSnapshot" },
      {
        Condition: "{% $toMillis($states.context.State.EnteredTime) - $toMillis($snapshots[0].at) > 108000000 %}",
        Next: "SnapshotTooOld",
      },
      { Condition: "{% $snapshots[0].arn = $done %}", Next: "UpToDate" },
    ]);
    const { ExportOnly, S3Prefix } = States["StartExport"]?.["Arguments"] as Record<string, unknown>;
    assert.deepEqual([ExportOnly, S3Prefix], [["app.public.customers", "app.addresses"], "transfers/aurora"]);
    assert.equal(States["Is public.customers registered"]?.["Default"], "NotRegistered");
    assert.deepEqual(nextOf(States["Is public.customers registered"])[1], "Register addresses");
    const register = (name: string) => {
      const [partition] = (States[`Register ${name}`]?.["Arguments"] as { PartitionInputList: unknown[] })
        .PartitionInputList;
      return partition as { Values: string[]; StorageDescriptor: { Location: string; Columns: unknown } };
    };
    assert.deepEqual(register("public.customers").Values, ["{% $snapshotAt %}"]);
    assert.deepEqual(register("public.customers").StorageDescriptor.Columns, [
      { Name: "id", Type: "bigint" },
      { Name: "name", Type: "string" },
    ]);
    const folder = /^\{% 's3:\/\/lake-raw-bucket-\w+\/transfers\/aurora\/' & \$exportId & '(.+)' %\}$/;
    assert.equal(folder.exec(register("public.customers").StorageDescriptor.Location)?.[1], "/app/public.customers/");
    // MySQL has no schemas: the database stands in their place.
    assert.equal(folder.exec(register("addresses").StorageDescriptor.Location)?.[1], "/app/app.addresses/");
  });

  it("table: whole at first and where the table has forgotten, then changes of 15 minutes to a day", () => {
    const { States } = all.table;
    assert.deepEqual(States["ChooseExport"], {
      Type: "Choice",
      Choices: [
        { Condition: "{% $done = 'none' %}", Next: "StartFullExport" },
        { Condition: "{% $toMillis($done) < $toMillis($earliest) %}", Next: "StartFullExport" },
        { Condition: "{% $toMillis($latest) - $toMillis($done) < 900000 %}", Next: "UpToDate" },
      ],
      Default: "StartChangesExport",
    });
    const changes = States["StartChangesExport"]?.["Arguments"] as Record<string, unknown>;
    assert.deepEqual(changes["IncrementalExportSpecification"], {
      ExportFromTime: "{% $done %}",
      ExportToTime: "{% $fromMillis($min([$toMillis($done) + 86400000, $toMillis($latest)])) %}",
      ExportViewType: "NEW_IMAGE",
    });
    assert.deepEqual([changes["S3SseAlgorithm"], changes["S3SseKmsKeyId"]], ["KMS", least.keyArn]);
    // The next step begins where this one ended, with the same end of the window: a run comes to an end.
    assert.equal(States["WriteProgress"]?.["Next"], "ChooseExport");
    assert.deepEqual(States["WriteProgress"]?.["Assign"], { done: "{% $until %}" });
  });
});
