import * as assert from "node:assert/strict";

import { comparePlans, dangers } from "../../plan/diff/compare";
import { common, diffLines } from "../../plan/diff/render";
import { type PlanDiff } from "../../plan/diff/types";
import { differences } from "../../plan/diff/values";
import { paintFor } from "../../plan/paint";
import { type Plan, type PlannedResource } from "../../plan/run";
import { type Value } from "../../sandbox/values";
import { Platform, type Edit } from "./diff-fixture";

const kindsAndNames = (diff: PlanDiff): string[] => diff.changes.map(({ kind, name }) => `${kind} ${name}`);
const only = (diff: PlanDiff, kind: string): string[] =>
  diff.changes.filter((change) => change.kind === kind).map(({ name }) => name);
const shown = (diff: PlanDiff): string => diffLines(diff, paintFor({})).join("\n");

describe("a plan beside another", function () {
  this.timeout(300_000);
  let platform: Platform;
  const plans = new Map<string, Plan>();
  const base = (stack: string): Plan => plans.get(stack) ?? assert.fail(`no plan of ${stack}`);
  const changed = async (stack: string, ...edits: readonly Edit[]): Promise<PlanDiff> =>
    comparePlans(base(stack), await platform.plan(stack, ...edits), "base");

  before(async () => {
    platform = new Platform();
    for (const stack of ["dev", "stg"]) plans.set(stack, await platform.plan(stack));
  });
  after(() => platform.remove());

  it("is empty where nothing changed", async () => {
    const diff = await changed("stg", ["index.ts", "// Programs.", "// What runs."]);
    assert.deepEqual(diff.changes, []);
    assert.deepEqual(diff.outputs, []);
    assert.match(shown(diff), /^Against base: no change, \d{3} resources as they were$/);
  });

  const rename: Edit = ["index.ts", '"orders",', '"purchases",'];

  it("shows a rename without an alias as data that is lost, with the alias to give", async () => {
    const diff = await changed("stg", rename);
    assert.deepEqual(
      dangers(diff).map(({ kind, name }) => [kind, name]),
      [["delete", "orders-table"]],
    );
    const [danger] = dangers(diff);
    assert.equal(
      danger?.danger?.waysOut[0],
      'a rename? give Table "purchases" the option aliases: [{ name: "orders" }], and it is a move',
    );
    assert.match(danger.danger.waysOut.at(-1) ?? "", /^protect \(kiban:keep\) is on and stops the update/);
    assert.deepEqual(only(diff, "create"), [
      "purchases-table",
      "purchases-system-errors-alarm",
      "purchases-throttles-alarm",
    ]);
  });

  it("shows a rename that an alias on the component covers as moves of its children", async () => {
    const alias: Edit = [
      "index.ts",
      /(sortKey: .*\n {2}},\n {2})opts,/,
      '$1{ ...opts, aliases: [{ name: "orders" }] },',
    ];
    const diff = await changed("stg", rename, alias);
    assert.deepEqual(dangers(diff), []);
    assert.deepEqual([...only(diff, "create"), ...only(diff, "delete")], []);
    const moved = diff.changes.filter(({ movedFrom }) => movedFrom !== undefined);
    assert.deepEqual(
      moved.map(({ kind, name, properties }) => [kind, name, properties.map(({ path }) => path)]),
      [
        ["move", "purchases-table", []],
        // They name the component in their text.
        ["update", "purchases-system-errors-alarm", ["alarmDescription"]],
        ["update", "purchases-throttles-alarm", ["alarmDescription"]],
      ],
    );
    assert.match(shown(diff), / > purchases-table {2}aws:dynamodb\/table:Table {2}was orders-table/);
  });

  it("shows another engine as a database that is lost", async () => {
    const diff = await changed(
      "stg",
      ["index.ts", '"postgresql" as const', '"mysql" as const'],
      [
        "index.ts",
        "...sizes };\n  return { name, cluster",
        '...sizes, engineVersion: "8.0.mysql_aurora.3.10.0" };\n  return { name, cluster',
      ],
    );
    const [danger, ...others] = dangers(diff);
    assert.deepEqual(
      [danger?.kind, danger?.name, danger?.danger?.loses],
      ["replace", "database-main-cluster", "the database"],
    );
    const causes = danger?.properties
      .filter(({ replaces }) => replaces)
      .map(({ path, before, after }) => [path, before, after]);
    assert.deepEqual(causes, [["engine", "aurora-postgresql", "aurora-mysql"]]);
    assert.ok(others.every(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup"));
    assert.ok(only(diff, "replace").includes("database-main-writer"), "instances follow their cluster");
  });

  it("shows another way to sign in as users that are lost", async () => {
    const diff = await changed("dev", [
      "index.ts",
      "    clients: {\n",
      '    transform: { pool: { usernameAttributes: ["phone_number"] } },\n    clients: {\n',
    ]);
    assert.deepEqual(
      dangers(diff).map(({ kind, name, danger }) => [kind, name, danger?.isProtected]),
      [["replace", "users-pool", false]],
    );
    assert.ok(only(diff, "replace").includes("users-client-site"), "clients follow their pool");
  });

  it("shows another key as a table that is lost, and what follows it", async () => {
    const diff = await changed("stg", [
      "index.ts",
      'partitionKey: { name: "customer"',
      'partitionKey: { name: "buyer"',
    ]);
    assert.deepEqual(
      dangers(diff).map(({ kind, name }) => [kind, name]),
      [["replace", "orders-table"]],
    );
    assert.deepEqual(only(diff, "replace").sort(), ["api-task", "nightly-task", "orders-table", "worker-task"]);
    const policy = diff.changes.find(({ name }) => name === "worker-task-policy");
    assert.match(policy?.properties[0]?.knownAfter ?? "", /::orders-table$/);
  });

  it("shows no change where statements and variables come in another order", async () => {
    const diff = await changed("dev", [
      "index.ts",
      "orders.readWrite, clicks.write]",
      "clicks.write, orders.readWrite]",
    ]);
    assert.deepEqual(kindsAndNames(diff), []);
  });

  it("shows the actions that a wider right adds, and those alone", async () => {
    const diff = await changed("dev", ["index.ts", "uses: [orders.read] }", "uses: [orders.readWrite] }"]);
    assert.deepEqual(kindsAndNames(diff), ["update nightly-task-policy"]);
    const actions = ["BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"];
    assert.deepEqual(
      diff.changes[0]?.properties,
      actions.map((action) => ({ path: "policy.Statement[0].Action[]", after: `dynamodb:${action}`, replaces: false })),
    );
  });

  it("shows two resources for another image", async () => {
    const diff = await changed("stg", ["Pulumi.stg.yaml", /(worker:\n\s+image: )[0-9a-f]{4}/, "$1beef"]);
    assert.deepEqual(kindsAndNames(diff), ["replace worker-task", "update worker-service"]);
    assert.match(shown(diff), /containerDefinitions\[worker\]\.image: .*→.*:beef/);
    assert.match(shown(diff), /taskDefinition: follows the new worker-task/);
  });

  it("tells a tag's change once", async () => {
    const diff = await changed("dev", ["Pulumi.dev.yaml", "Owner: platform", "Owner: store"]);
    const [alike = [], ...others] = common(diff.changes);
    assert.deepEqual([alike.length > 50, others], [true, []]);
    // Left are those with tags in other places: the provider's own, a launch template's and what a group hands on.
    const rest = diff.changes.filter((change) => !alike.includes(change));
    assert.deepEqual(
      rest.map(({ name, properties }) => [name, properties.length]),
      [
        ["aws", 1],
        ["network-nat-template", 3],
        ["network-nat-group", 1],
      ],
    );
    const lines = shown(diff).split("\n");
    assert.equal(lines.filter((line) => line.includes("tagsAll.Owner:")).length, 2);
    assert.match(lines.join("\n"), /\n {2}\d+ resources alike {2}\S+, \S+, \S+ and \d+ more\n/);
  });

  it("takes a stack that was not there as new", () => {
    const diff = comparePlans(undefined, base("dev"), "v1");
    assert.ok(diff.isNew && diff.changes.every(({ kind }) => kind === "create"));
    assert.match(shown(diff), /^Against v1, where the stack has no file: \d+ created, 0 as they were/);
  });

  it("keeps what retainOnDelete leaves in the cloud out of the dangers", () => {
    const retained = (resource: PlannedResource): PlannedResource =>
      resource.name === "orders-table"
        ? { ...resource, options: { ...resource.options, retainOnDelete: true } }
        : resource;
    const before = { ...base("stg"), resources: base("stg").resources.map(retained) };
    const after = { ...before, resources: before.resources.filter(({ name }) => name !== "orders-table") };
    const diff = comparePlans(before, after, "base");
    assert.deepEqual(kindsAndNames(diff), ["delete orders-table"]);
    assert.deepEqual([dangers(diff), diff.changes[0]?.retained], [[], true]);
  });

  it("leaves out what ignoreChanges covers, and replaces for replaceOnChanges", () => {
    const edit = (options: Record<string, unknown>): PlanDiff => {
      const edited = (resource: PlannedResource): PlannedResource =>
        resource.name === "worker-service"
          ? {
              ...resource,
              inputs: { ...resource.inputs, desiredCount: 9 },
              options: { ...resource.options, ...options },
            }
          : resource;
      return comparePlans(base("dev"), { ...base("dev"), resources: base("dev").resources.map(edited) }, "base");
    };
    assert.deepEqual(kindsAndNames(edit({ ignoreChanges: ["desiredCount"] })), []);
    assert.deepEqual(kindsAndNames(edit({ ignoreChanges: [] })), ["update worker-service"]);
    assert.deepEqual(only(edit({ ignoreChanges: [], replaceOnChanges: ["desiredCount"] }), "replace"), [
      "worker-service",
    ]);
  });
});

describe("the difference of two values", () => {
  const policy = (...statements: Record<string, Value>[]): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const read = { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "arn:aws:s3:::a" };
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "*" };

  const same: [string, Value, Value][] = [
    ["statements in another order", policy(read, deny), policy(deny, read)],
    ["actions in another order", policy(read), policy({ ...read, Action: ["s3:ListBucket", "s3:GetObject"] })],
    ["one value or a list of one", policy(deny), policy({ ...deny, Action: ["s3:*"] })],
    ["one statement or a list of one", policy(deny), JSON.stringify({ Version: "2012-10-17", Statement: deny })],
    ["keys in another order", '{"a":1,"b":2}', '{ "b": 2, "a": 1 }'],
    [
      "containers and variables in another order",
      '[{"name":"a","environment":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b"}]',
      '[{"name":"b"},{"name":"a","environment":[{"name":"Y","value":"2"},{"name":"X","value":"1"}]}]',
    ],
  ];
  for (const [what, before, after] of same) {
    it(`is none for ${what}`, () => assert.deepEqual(differences("p", before, after), []));
  }

  const different: [string, Value, Value, ReturnType<typeof differences>][] = [
    [
      "a command in another order",
      '{"command":["a","b"]}',
      '{"command":["b","a"]}',
      [{ path: "p.command", before: ["a", "b"], after: ["b", "a"] }],
    ],
    [
      "an effect",
      policy(read),
      policy({ ...read, Effect: "Deny" }),
      [
        { path: "p.Statement[0]", before: { ...read, Resource: ["arn:aws:s3:::a"] } },
        { path: "p.Statement[0]", after: { ...read, Effect: "Deny", Resource: ["arn:aws:s3:::a"] } },
      ],
    ],
    [
      "a condition that is gone",
      policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      policy(deny),
      [{ path: "p.Statement[0].Condition", before: { Bool: { "aws:SecureTransport": ["false"] } } }],
    ],
    [
      "a wider resource",
      policy(read),
      policy({ ...read, Resource: "*" }),
      [
        { path: "p.Statement[0].Resource[]", before: "arn:aws:s3:::a" },
        { path: "p.Statement[0].Resource[]", after: "*" },
      ],
    ],
    [
      "a state machine's state",
      '{"States":{"A":{"Type":"Pass","End":true}}}',
      '{"States":{"A":{"Type":"Wait","End":true}}}',
      [{ path: "p.States.A.Type", before: "Pass", after: "Wait" }],
    ],
    [
      "named items outside documents in another order",
      [{ name: "a" }, { name: "b" }],
      [{ name: "b" }, { name: "a" }],
      [{ path: "p", before: ["a", "b"], after: ["b", "a"] }],
    ],
    ["text that is no document", "{a", "{b", [{ path: "p", before: "{a", after: "{b" }]],
    ["a property that came", { a: 1 }, { a: 1, "b c": 2 }, [{ path: 'p["b c"]', after: 2 }]],
  ];
  for (const [what, before, after, expected] of different) {
    it(`is shown for ${what}`, () => assert.deepEqual(differences("p", before, after), expected));
  }
});
