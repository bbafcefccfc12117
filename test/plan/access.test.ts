import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import * as accesses from "../../components/shared/access";
import { accessMatrix } from "../../plan/access/matrix";
import { newReach } from "../../plan/access/reach";
import { accessLines, newReachLines } from "../../plan/access/render";
import { type Reach } from "../../plan/access/types";
import { comparePlans } from "../../plan/diff/compare";
import { paintFor } from "../../plan/paint";
import { type Plan, type PlannedResource } from "../../plan/run";
import { type Values } from "../../sandbox/values";
import { Platform, type Edit } from "./diff-fixture";

type Fold = typeof accesses.foldAccess;

/** Rights and network paths that a consumer took by its `uses`, as the owners of the data declare them. */
interface Declared {
  readonly consumer: string;
  readonly statements: { readonly Action: string | string[]; readonly Resource: string | string[] }[];
  readonly network: { readonly securityGroupId: string; readonly port: number }[];
}

function settled<T>(value: T): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void pulumi.output(value).apply(resolve));
}

/** Hears what consumers fold while something runs. */
async function listening<T>(run: () => Promise<T>): Promise<[result: T, declared: Declared[]]> {
  const module: { foldAccess: Fold } = accesses;
  const original = module.foldAccess;
  const heard: [string, ReturnType<Fold>][] = [];
  Reflect.set(module, "foldAccess", (...args: Parameters<Fold>) => {
    const folded = original(...args);
    heard.push([args[0], folded]);
    return folded;
  });
  try {
    const result = await run();
    const declared = heard.map(async ([consumer, { statements, network }]): Promise<Declared> => {
      const given = await settled({ statements, network });
      return { consumer, ...(given as unknown as Omit<Declared, "consumer">) };
    });
    return [result, await Promise.all(declared)];
  } finally {
    Reflect.set(module, "foldAccess", original);
  }
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** The resource that an ARN of a statement is about: by its own ARN, what is inside it, or the id that a database's users have. */
function owner(resources: readonly PlannedResource[], arn: string): string | undefined {
  const texts = ({ computed = {} }: PlannedResource): unknown[] => [
    computed["arn"],
    computed["guardrailArn"],
    computed["clusterResourceId"],
  ];
  const found = resources.filter((resource) =>
    texts(resource).some(
      (text) =>
        typeof text === "string" && text !== "" && `${arn}/`.includes(text.startsWith("arn:") ? text : `${text}/`),
    ),
  );
  return found.find(({ type }) => !type.includes("Instance"))?.name;
}

type Row = readonly [role: string, target: string, actions: string, path: string];
const ordered = (rows: readonly Row[]): string[] => rows.map((row) => row.join(" | ")).sort();

function rowsOf({ resources }: Plan, declared: readonly Declared[]): Row[] {
  const groups = new Map(resources.map((resource) => [resource.id, resource.name]));
  return declared.flatMap(({ consumer, statements, network }) => {
    const actions = new Map<string, Set<string>>();
    for (const { Action: names, Resource: arns } of statements) {
      for (const target of list(arns).flatMap((arn) => owner(resources, arn) ?? [])) {
        actions.set(target, new Set([...(actions.get(target) ?? []), ...list(names)]));
      }
    }
    return [...actions].map(([target, names]): Row => {
      const isNetworked = target.startsWith("database");
      const [way] = isNetworked ? network : [];
      const path = way && `${consumer}-security-group > ${groups.get(way.securityGroupId)} : ${way.port}`;
      return [`${consumer}-task-role`, target, [...names].sort().join(), path ?? ""];
    });
  });
}

describe("the access matrix", function () {
  this.timeout(300_000);
  let platform: Platform;
  const plans = new Map<string, [Plan, Declared[]]>();
  const base = (stack: string): Plan => (plans.get(stack) ?? assert.fail(`no plan of ${stack}`))[0];

  before(async () => {
    platform = new Platform();
    for (const stack of ["dev", "stg", "prod"]) plans.set(stack, await listening(() => platform.plan(stack)));
  });
  after(() => platform.remove());

  for (const stack of ["dev", "stg", "prod"]) {
    it(`has in ${stack} for each program what its access values declare, and nothing more`, () => {
      const [plan, declared] = plans.get(stack) ?? assert.fail();
      const roles = new Set(plan.resources.map(({ name }) => name));
      const tasks = declared.filter(({ consumer }) => roles.has(`${consumer}-task-role`));
      const rows = accessMatrix(plan)
        .filter(({ principal, target }) => principal.kind === "task" && target.category !== "operations")
        .map(({ principal, target, actions, path }): Row => {
          const way = path === undefined ? "" : `${path.groups.join(" > ")} : ${path.ports[0]}`;
          return [principal.name, target.name, actions.join(), way];
        });
      assert.ok(rows.length >= 5);
      assert.deepEqual(ordered(rows), ordered(rowsOf(plan, tasks)));
    });
  }

  const worker = "uses: [orders.readWrite] }, opts);\n});";
  const byHand = (statement: string): Edit => [
    "index.ts",
    worker,
    `${worker}
new aws.iam.RolePolicy("by-hand", {
  role: worker?.taskRoleName ?? "",
  policy: { Version: "2012-10-17", Statement: [${statement}] },
}, { provider });`,
  ];

  it("shows a statement that no access value wired, and a change's diff has it as new reach", async () => {
    const edit = byHand(`{ Effect: "Allow", Action: "cognito-idp:AdminGetUser", Resource: users.nodes.pool.arn }`);
    const after = await platform.plan("stg", edit);
    const find = (plan: Plan): Reach | undefined =>
      accessMatrix(plan).find(({ principal, target }) => {
        return principal.name === "worker-task-role" && target.name === "users-pool";
      });
    assert.equal(find(base("stg")), undefined);
    assert.deepEqual([find(after)?.actions, find(after)?.wide], [["cognito-idp:AdminGetUser"], false]);
    assert.match(find(after)?.permissions[0]?.source ?? "", /RolePolicy::by-hand$/);
    const { reach } = comparePlans(base("stg"), after, "base");
    assert.deepEqual(newReachLines(reach, paintFor({})), [
      "",
      "New reach:",
      "    + worker-task-role (task) → users-pool  cognito-idp:AdminGetUser",
    ]);
  });

  it("shows what a statement on * reaches, as wide", async () => {
    const edit = byHand(`{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }`);
    const { reach } = comparePlans(base("stg"), await platform.plan("stg", edit), "base");
    const buckets = base("stg").resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    const names = reach.map(({ reach: { target } }) => target.name).sort();
    assert.deepEqual(names, [...buckets.map(({ name }) => name), "any (s3)"].sort());
    assert.ok(reach.every((each) => each.reach.wide && each.reach.principal.name === "worker-task-role"));
    assert.match(newReachLines(reach, paintFor({})).join("\n"), /→ logs-bucket {2}s3:GetObject {2}by a wide statement/);
  });

  it("has no new reach where nothing changed", () => {
    assert.deepEqual(comparePlans(base("prod"), base("prod"), "base").reach, []);
  });

  it("prints data with who reaches it, keys in a line", () => {
    const text = accessLines(accessMatrix(base("prod")), paintFor({})).join("\n");
    assert.match(
      text,
      /\n {2}orders-table aws:dynamodb\/table:Table\n(.*\n)* {4}worker-task-role \(task\) +read, write +AWS's API\n/,
    );
    assert.match(
      text,
      / {4}api-task-role \(task\) +connect +api-security-group > database-main-security-group : 5432\n/,
    );
    assert.match(text, /\n {2}key-key aws:kms\/key:Key: .*api-task-role/);
  });
});

describe("the access matrix of a hand-made plan", () => {
  const urn = (type: string, name: string): string => `urn:pulumi:t::p::${type}::${name}`;
  const resource = (type: string, name: string, inputs: Values, computed: Values = {}): PlannedResource => ({
    urn: urn(type, name),
    type,
    name,
    custom: true,
    parent: "",
    provider: "",
    id: `${name}-0a1b2c3`,
    inputs,
    computed,
    options: {},
    dependencies: [],
    propertyDependencies: {},
  });
  const arn = (service: string, rest: string): string => `arn:aws:${service}:ap-northeast-1:111111111111:${rest}`;
  const trust = JSON.stringify({
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
  });
  const role = resource(
    "aws:iam/role:Role",
    "reader-role",
    { assumeRolePolicy: trust },
    { arn: arn("iam", "role/reader") },
  );
  const table = resource("aws:dynamodb/table:Table", "items-table", {}, { arn: arn("dynamodb", "table/items-table") });
  const queue = resource("aws:sqs/queue:Queue", "work-queue", {}, { arn: arn("sqs", "work-queue") });
  const database = resource("aws:rds/cluster:Cluster", "main", { vpcSecurityGroupIds: ["database-group-0a1b2c3"] });
  const runs: PlannedResource = {
    ...resource("aws:lambda/function:Function", "reader", {
      role: arn("iam", "role/reader"),
      vpcConfig: { securityGroupIds: ["reader-group-0a1b2c3"] },
    }),
    propertyDependencies: { role: [role.urn] },
  };
  const policy = (...statements: Values[]): PlannedResource =>
    resource("aws:iam/rolePolicy:RolePolicy", "policy", {
      role: "reader-role-0a1b2c3",
      policy: JSON.stringify({ Statement: statements }),
    });
  const allow = (more: Values): Values => ({
    Effect: "Allow",
    Action: "dynamodb:GetItem",
    Resource: arn("dynamodb", "table/items-table"),
    ...more,
  });
  const matrix = (...resources: PlannedResource[]): Reach[] =>
    accessMatrix({ resources: [role, table, queue, database, runs, ...resources] });
  const told = (reaches: readonly Reach[]): string[] =>
    reaches.map(({ principal, target, actions, wide }) => {
      return `${principal.name} ${target.name} ${actions.join()}${wide ? " wide" : ""}`;
    });

  const cases: [what: string, statement: Values, expected: string[]][] = [
    ["a statement on the resource", allow({}), ["reader-role items-table dynamodb:GetItem"]],
    [
      "what is inside it",
      allow({ Resource: arn("dynamodb", "table/items-table/index/*") }),
      ["reader-role items-table dynamodb:GetItem"],
    ],
    ["no denial", allow({ Effect: "Deny" }), []],
    ["a pattern", allow({ Resource: arn("dynamodb", "table/items*") }), ["reader-role items-table dynamodb:GetItem"]],
    [
      "a resource elsewhere by its ARN",
      allow({ Resource: arn("dynamodb", "table/others-table") }),
      [`reader-role ${arn("dynamodb", "table/others-table")} dynamodb:GetItem`],
    ],
    [
      "a service's data for *, and what else it has",
      allow({ Action: ["dynamodb:*", "sqs:SendMessage"], Resource: "*" }),
      [
        "reader-role items-table dynamodb:* wide",
        "reader-role any (dynamodb) dynamodb:* wide",
        "reader-role work-queue sqs:SendMessage wide",
        "reader-role any (sqs) sqs:SendMessage wide",
      ],
    ],
    [
      "nothing wide in an action that knows no resource",
      allow({ Action: "dynamodb:ListStreams", Resource: "*" }),
      ["reader-role any (dynamodb) dynamodb:ListStreams"],
    ],
    [
      "all data for NotAction",
      { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
      ["items-table", "work-queue", "main", "any (*)"].map((name) => `reader-role ${name} all but iam:* wide`),
    ],
  ];
  for (const [what, statement, expected] of cases) {
    it(`has ${what}`, () => assert.deepEqual(told(matrix(policy(statement))), expected));
  }

  it("has whom a resource's own policy admits", () => {
    const own = resource("aws:sqs/queuePolicy:QueuePolicy", "queue-policy", {
      queueUrl: "work-queue-0a1b2c3",
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
      }),
    });
    const [reach] = matrix(own);
    assert.deepEqual(
      [reach?.principal.kind, reach?.target.name, reach?.actions, reach?.network],
      ["everyone", "work-queue", ["sqs:SendMessage"], "outside"],
    );
  });

  const group = (name: string): PlannedResource => resource("aws:ec2/securityGroup:SecurityGroup", name, {});
  const rule = (direction: "Ingress" | "Egress", of: string, peer: Values, port = 5432): PlannedResource =>
    resource(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, `${of}-${direction}-${port}`, {
      securityGroupId: `${of}-0a1b2c3`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...peer,
    });
  const groups = [group("reader-group"), group("database-group")];
  const out = rule("Egress", "reader-group", { referencedSecurityGroupId: "database-group-0a1b2c3" });
  const into = rule("Ingress", "database-group", { referencedSecurityGroupId: "reader-group-0a1b2c3" });
  const reached = (...resources: PlannedResource[]): Reach | undefined =>
    matrix(...groups, ...resources).find(({ target }) => target.name === "main");

  it("has data that the network alone leads to, with the way", () => {
    const reach = reached(out, into);
    assert.deepEqual(reach?.path, { groups: ["reader-group", "database-group"], ports: [5432, 5432] });
    assert.deepEqual([reach.actions, reach.network], [[], "path"]);
  });

  const closed: [what: string, resources: PlannedResource[]][] = [
    ["the data's group lets nobody in", [out]],
    ["the program's group lets nothing out", [into]],
    ["the ports differ", [rule("Egress", "reader-group", { cidrIpv4: "0.0.0.0/0" }, 443), into]],
  ];
  for (const [what, resources] of closed) {
    it(`has no way through the network where ${what}`, () => {
      assert.equal(reached(...resources), undefined);
      const connect = policy({
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: arn("rds-db", "dbuser:main-0a1b2c3/app"),
      });
      assert.equal(reached(connect, ...resources)?.network, "none");
    });
  }

  it("goes on through a group between", () => {
    const proxy = group("proxy-group");
    const hops = [
      rule("Egress", "reader-group", { referencedSecurityGroupId: "proxy-group-0a1b2c3" }),
      rule("Ingress", "proxy-group", { referencedSecurityGroupId: "reader-group-0a1b2c3" }),
      rule("Egress", "proxy-group", { referencedSecurityGroupId: "database-group-0a1b2c3" }),
      rule("Ingress", "database-group", { referencedSecurityGroupId: "proxy-group-0a1b2c3" }),
    ];
    assert.deepEqual(reached(proxy, ...hops)?.path?.groups, ["reader-group", "proxy-group", "database-group"]);
  });

  const condition = { StringEquals: { "kms:ViaService": "dynamodb.ap-northeast-1.amazonaws.com" } };
  const changes: [what: string, before: Values, after: Values, fresh: string[] | undefined][] = [
    ["another action", allow({}), allow({ Action: ["dynamodb:GetItem", "dynamodb:PutItem"] }), ["dynamodb:PutItem"]],
    ["a condition that is gone", allow({ Condition: condition }), allow({}), ["dynamodb:GetItem"]],
    ["no condition that comes", allow({}), allow({ Condition: condition }), undefined],
    ["no action that is gone", allow({ Action: ["dynamodb:GetItem", "dynamodb:PutItem"] }), allow({}), undefined],
  ];
  for (const [what, before, after, fresh] of changes) {
    it(`takes for new reach ${what}`, () => {
      const found = newReach(matrix(policy(before)), matrix(policy(after)), new Map());
      assert.deepEqual(found[0]?.actions, fresh);
    });
  }
});
