import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DataLake } from "../../components/data-lake/data-lake";
import { LakeTransfer, snapshotTable, tableExport } from "../../components/lake-transfer/lake-transfer";
import { resource, run } from "../harness";
import { least, textOf } from "./data-lake-fixture";

// What AWS's calls take: extract of botocore's model, with the names as Step Functions writes them.
interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Shape>>;
  readonly member?: Shape;
  readonly enum?: readonly string[];
}
const api = JSON.parse(readFileSync(join(__dirname, "..", "fixtures", "lake-transfer", "api.json"), "utf8")) as {
  readonly actions: Readonly<Record<string, Shape>>;
};

type State = Record<string, unknown> & { Type: string };
interface Definition {
  readonly StartAt: string;
  readonly QueryLanguage: string;
  readonly TimeoutSeconds: number;
  readonly States: Record<string, State>;
}

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
      ...{ ...rest, schedule: { expression: "rate(1 day)" }, staleAfterHours: 30, timeoutHours: 6 },
      source: {
        ...{ kind: "aurora", cluster },
        tables: { "public.customers": lake.table("customers"), addresses: lake.table("addresses") },
      },
    });
    new LakeTransfer("table", {
      ...{ ...rest, schedule: { expression: "rate(1 day)" } },
      source: {
        ...{ kind: "table", table: { tableName: "orders", arn: "arn:aws:dynamodb:r:1:table/orders" } },
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

/** Fields that Amazon States Language knows for the types of states that are used here, with JSONata. */
const fields: Record<string, readonly string[]> = {
  Task: ["Resource", "Arguments", "Output", "Assign", "Retry", "Catch", "Next", "End"],
  Choice: ["Choices", "Default", "Output", "Assign"],
  Wait: ["Seconds", "Next", "End"],
  Succeed: ["Output"],
  Fail: ["Error", "Cause"],
};

/** Where a state may lead. */
function nextOf(state: State): string[] {
  const branches = [...((state["Choices"] ?? []) as State[]), ...((state["Catch"] ?? []) as State[])];
  return [state, ...branches]
    .flatMap((each) => [each["Next"], each["Default"]])
    .filter((next) => next !== undefined) as string[];
}

function faultsOf(definition: Definition): string[] {
  const faults: string[] = [];
  const names = Object.keys(definition.States);
  for (const [name, state] of Object.entries(definition.States)) {
    if (name.length > 80) faults.push(`${name}: more than 80 characters`);
    const known = fields[state.Type];
    if (known === undefined) faults.push(`${name}: type ${state.Type}`);
    for (const field of Object.keys(state)) {
      if (field !== "Type" && known?.includes(field) === false) faults.push(`${name}: field ${field}`);
    }
    for (const next of nextOf(state)) if (!names.includes(next)) faults.push(`${name}: leads to ${next}`);
    const ends = [state["Next"], state["End"]].filter((each) => each !== undefined).length;
    if (["Task", "Wait"].includes(state.Type) && ends !== 1) faults.push(`${name}: Next or End, one of them`);
  }
  const reached = new Set([definition.StartAt]);
  for (const name of reached) for (const next of nextOf(definition.States[name] ?? { Type: "" })) reached.add(next);
  for (const name of names) if (!reached.has(name)) faults.push(`${name}: never reached`);
  return faults;
}

/** What of the arguments AWS's model refuses. An expression stands for any scalar. */
function mismatches(path: string, value: unknown, shape: Shape): string[] {
  if (typeof value === "string" && value.startsWith("{%")) {
    return ["structure", "list", "map"].includes(shape.type) ? [`${path}: an expression for a ${shape.type}`] : [];
  }
  if (shape.type === "structure") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path}: no structure`];
    const missing = (shape.required ?? []).filter((name) => !(name in value));
    return [
      ...missing.map((name) => `${path}: lacks ${name}`),
      ...Object.entries(value).flatMap(([name, inner]) => {
        const member = shape.members?.[name];
        return member === undefined ? [`${path}: unknown ${name}`] : mismatches(`${path}.${name}`, inner, member);
      }),
    ];
  }
  if (shape.type === "list") {
    const member = shape.member;
    if (!Array.isArray(value) || member === undefined) return [`${path}: no list`];
    return value.flatMap((inner, index) => mismatches(`${path}[${index}]`, inner, member));
  }
  if (shape.type === "map") return typeof value === "object" ? [] : [`${path}: no map`];
  const types: Record<string, string> = {
    string: "string",
    boolean: "boolean",
    integer: "number",
    timestamp: "string",
  };
  if (typeof value !== types[shape.type]) return [`${path}: ${typeof value} for ${shape.type}`];
  return shape.enum !== undefined && !shape.enum.includes(textOf(value)) ? [`${path}: ${textOf(value)}`] : [];
}

function callFaults({ States }: Definition): string[] {
  return Object.entries(States).flatMap(([name, state]) => {
    if (state.Type !== "Task") return [];
    const action = /^arn:aws:states:::aws-sdk:(.+)$/.exec(textOf(state["Resource"]))?.[1] ?? "";
    const shape = api.actions[action];
    return shape === undefined ? [`${name}: unknown ${action}`] : mismatches(name, state["Arguments"], shape);
  });
}

describe("LakeTransfer definitions", () => {
  let all: Awaited<ReturnType<typeof definitions>>;
  before(async () => (all = await definitions()));

  for (const kind of ["aurora", "table"] as const) {
    it(`${kind}: every state is well formed, leads somewhere, and is reached`, () => {
      assert.equal(all[kind].QueryLanguage, "JSONata");
      assert.deepEqual(faultsOf(all[kind]), []);
    });

    it(`${kind}: every call fits AWS's model`, () => assert.deepEqual(callFaults(all[kind]), []));

    it(`${kind}: every call is tried again, and every expression is closed`, () => {
      for (const [name, state] of Object.entries(all[kind].States)) {
        if (state.Type !== "Task") continue;
        const retries = state["Retry"] as { ErrorEquals: string[]; MaxAttempts: number }[];
        const last = retries.at(-1);
        assert.deepEqual([last?.ErrorEquals, (last?.MaxAttempts ?? 0) > 0], [["States.ALL"], true], name);
      }
      for (const [text] of JSON.stringify(all[kind]).matchAll(/"(\{%[^"]*)"/g)) assert.match(text, /^"\{% .+ %\}"$/);
    });
  }

  it("the checks can fail", () => {
    const broken = structuredClone(all.aurora);
    const start = broken.States["StartExport"] ?? { Type: "" };
    (start["Arguments"] as Record<string, unknown>)["S3Bucket"] = "b";
    delete (start["Arguments"] as Record<string, unknown>)["SourceArn"];
    assert.deepEqual(callFaults(broken), ["StartExport: lacks SourceArn", "StartExport: unknown S3Bucket"]);
    start["Next"] = "Nowhere";
    start["Parameters"] = {};
    assert.deepEqual(faultsOf(broken).slice(0, 2), ["StartExport: field Parameters", "StartExport: leads to Nowhere"]);
  });

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
    assert.deepEqual(nextOf(States["Is public.customers registered"] ?? { Type: "" })[1], "Register addresses");
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
