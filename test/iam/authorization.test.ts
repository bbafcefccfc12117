import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { AuroraCluster } from "../../components/aurora-cluster/aurora-cluster";
import { GenAiEndpoint } from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import { type Plan, planStack } from "../../plan/run";
import { everything, mysql } from "../components/aurora-cluster-fixture";
import {
  args as ofSageMaker,
  asynchronous,
  byDay,
  realTime,
  serverless,
} from "../components/gen-ai-endpoint-sagemaker-fixture";
import { run } from "../harness";
import { type Statement, faultsOf, isOfType } from "./statements";

const root = join(__dirname, "../..");

/** Statements that a program allows somebody, by where they stand. */
type Grants = Map<string, readonly Statement[]>;

interface Policied {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

function statementsOf(policy: unknown): readonly Statement[] {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: Statement | Statement[] };
  return [document.Statement].flat();
}

/** The policies of roles, users and groups among the resources. */
function policies(resources: readonly Policied[]): Grants {
  const grants: Grants = new Map();
  for (const { type, name, inputs } of resources) {
    // A permissions boundary allows nothing by itself; what a deployment may change is checked with its component.
    const apart = inputs["path"] === "/boundary/" || /-deploy-services-\d+$/.test(name);
    if (!apart && /^aws:iam\/(policy|rolePolicy|userPolicy|groupPolicy):/.test(type)) {
      grants.set(name, statementsOf(inputs["policy"]));
    }
    const inline =
      type === "aws:iam/role:Role" ? (inputs["inlinePolicies"] as { policy: unknown }[] | undefined) : undefined;
    inline?.forEach(({ policy }, i) => grants.set(`${name}[${i}]`, statementsOf(policy)));
  }
  return grants;
}

/** Statements in the public fields of a component: its accesses, single, in records and in lists. */
function offered(value: unknown, path: string, depth = 0): [path: string, statements: unknown][] {
  if (typeof value !== "object" || value === null || depth > 3 || pulumi.Resource.isInstance(value)) {
    if (depth > 0) return [];
  }
  return Object.entries(value as object).flatMap(([key, field]: [string, unknown]) => {
    if (key.startsWith("__") || pulumi.Output.isInstance(field)) return [];
    if (/^(exec)?statements$/i.test(key) && Array.isArray(field)) return [[`${path}.${key}`, field]];
    return offered(field, `${path}.${key}`, depth + 1);
  });
}

/** Runs a program and collects what its components offer to others, beside what their own roles have. */
async function grantsOf(program: () => Promise<readonly Policied[]>): Promise<Grants> {
  const { prototype } = pulumi.ComponentResource as unknown as {
    prototype: Record<string, (outputs: unknown) => void>;
  };
  const original = prototype["registerOutputs"];
  const pending: Promise<[string, readonly Statement[]]>[] = [];
  prototype["registerOutputs"] = function (this: pulumi.ComponentResource, outputs: unknown): void {
    original?.call(this, outputs);
    for (const [path, statements] of offered(this, this.constructor.name)) {
      const known = pulumi.output(statements as Statement[]);
      pending.push(new Promise((resolve) => known.apply((value) => resolve([path, value]))));
    }
  };
  try {
    const grants = policies(await program());
    for (const [path, statements] of await Promise.all(pending)) {
      grants.set(`${path} ${grants.size}`, statements);
    }
    return grants;
  } finally {
    prototype["registerOutputs"] = original as (outputs: unknown) => void;
  }
}

function faultsIn(grants: Grants): string[] {
  return [...grants].flatMap(([where, statements]) =>
    statements.flatMap((statement) => faultsOf(statement).map((fault) => `${where}: ${fault}`)),
  );
}

describe("what components allow, by AWS's service authorization reference", function () {
  this.timeout(120_000);
  const seen = new Set<string>();
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), "kiban-iam-"))));
  after(() => rmSync(directory, { recursive: true }));

  const check = async (program: () => Promise<readonly Policied[]>): Promise<void> => {
    const grants = await grantsOf(program);
    for (const where of grants.keys()) seen.add(where.split(" ")[0] ?? "");
    assert.deepEqual(faultsIn(grants), []);
  };

  for (const file of readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"))) {
    it(`examples/${file}`, async () => {
      const project = mkdtempSync(join(directory, "example-"));
      writeFileSync(join(project, "Pulumi.yaml"), "name: kiban\nruntime: nodejs\n");
      writeFileSync(join(project, "Pulumi.dev.yaml"), "config: { aws:region: ap-northeast-1 }\n");
      symlinkSync(join(root, "examples", file), join(project, "index.ts"));
      await check(async () => (await planStack({ projectDir: project, stack: "dev", policyPack: false })).resources);
    });
  }

  for (const stack of ["dev", "stg", "prod"]) {
    it(`stack ${stack}`, async () => {
      const project = mkdtempSync(join(directory, "stack-"));
      cpSync(join(root, "test/fixtures/stacks"), project, { recursive: true });
      cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
      symlinkSync(join(root, "index.ts"), join(project, "index.ts"));
      const plan = (): Promise<Plan> => planStack({ projectDir: project, stack, policyPack: false });
      await check(async () => (await plan()).resources);
    });
  }

  for (const [name, args] of Object.entries({ everything: everything(), mysql: mysql({ proxy: {}, dataApi: true }) })) {
    it(`a database with all switches on: ${name}`, async () => {
      await check(async () => {
        const { resources, error } = await run(() => void new AuroraCluster("db", args));
        assert.equal(error, undefined);
        return resources;
      });
    });
  }

  for (const [name, engine] of Object.entries({ serverless, realTime, asynchronous, byDay })) {
    it(`a model on SageMaker: ${name}`, async () => {
      await check(async () => {
        const { resources, error } = await run(() => void new GenAiEndpoint("own", ofSageMaker(engine)));
        assert.equal(error, undefined);
        return resources;
      });
    });
  }

  it("looks at the accesses that components offer", () => {
    for (const access of [
      "AuroraCluster.connect.statements",
      "AuroraCluster.read.statements",
      "AuroraCluster.migrate.statements",
      "AuroraCluster.dataApi.statements",
      "AuthPool.admin.statements",
      "Cluster.execStatements",
      "GenAiEndpoint.invoke.statements",
      "GenAiEndpoint.invokeStream.statements",
      "ImageRepository.pull.statements",
      "ImageRepository.push.statements",
      "ScheduledTask.run.statements",
      "StaticSite.deploy.statements",
      "Table.read.statements",
      "Table.readWrite.statements",
      "Table.stream.statements",
    ]) {
      assert.ok(seen.has(access), `${access} is not among ${[...seen].filter((one) => one.includes(".")).join(", ")}`);
    }
  });
});

describe("the check of a statement", () => {
  const arn = "arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders";
  const good: Statement = { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: arn };

  it("passes actions on resources that they take, and what is denied", () => {
    for (const statement of [
      good,
      { ...good, Action: ["dynamodb:Query"], Resource: [`${arn}/index/*`, arn] },
      { ...good, Resource: [arn, `${arn}/index/*`] },
      {
        ...good,
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"], "aws:SourceAccount": "1" } },
      },
      { Effect: "Allow", Action: "dynamodb:ListStreams", Resource: "*" },
      { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/*" },
      {
        Effect: "Allow",
        Action: "logs:PutLogEvents",
        Resource: "arn:aws:logs:ap-northeast-1:111111111111:log-group:a/b:*",
      },
      { Effect: "Deny", Action: "*", Resource: "*" },
    ]) {
      assert.deepEqual(faultsOf(statement), [], JSON.stringify(statement));
    }
  });

  const broken: [what: string, change: Partial<Statement>, fault: RegExp][] = [
    ["an action that does not exist", { Action: "dynamodb:GetItems" }, /^dynamodb:GetItems: no such action/],
    ["an action in the wrong case", { Action: "dynamodb:getItem" }, /no such action/],
    ["a service that is not known", { Action: "dynamo:GetItem" }, /^dynamo:GetItem: no service "dynamo"/],
    ["everything", { Action: "*" }, /no service/],
    ["every action of a service", { Action: "dynamodb:*" }, /^dynamodb:\*: a wildcard$/],
    ["a wildcard that nobody meant", { Action: "dynamodb:Get*" }, /a wildcard/],
    [
      "another service's resource",
      { Resource: "arn:aws:s3:::orders" },
      /^dynamodb:GetItem: arn:aws:s3:::orders; takes table$/,
    ],
    ["another type of the service", { Action: "dynamodb:GetItem", Resource: `${arn}/index/a` }, /takes table$/],
    [
      "a resource that no action takes",
      { Action: "dynamodb:GetItem", Resource: [arn, `${arn}/index/*`] },
      /index\/\*: no action of/,
    ],
    ["all resources", { Resource: "*" }, /^dynamodb:GetItem: \*; takes table$/],
    ["a resource where there is none", { Action: "dynamodb:ListStreams" }, /takes "\*", as it takes no resource$/],
    [
      "another action's condition",
      { Condition: { StringEquals: { "ecs:cluster": "c" } } },
      /^dynamodb:GetItem: no condition ecs:cluster$/,
    ],
    ["a key that does not exist", { Condition: { StringEquals: { "aws:Sourceaccounts": "1" } } }, /no condition/],
    ["all actions but some", { NotAction: "iam:*" }, /NotAction/],
    ["all resources but some", { NotResource: arn }, /NotResource/],
  ];
  for (const [what, change, fault] of broken) {
    it(`reports ${what}`, () => {
      const faults = faultsOf({ ...good, ...change });
      assert.ok(faults.length > 0 && faults.some((one) => fault.test(one)), faults.join("\n"));
    });
  }

  it("compares ARNs part by part", () => {
    const table = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
    for (const [resource, expected] of [
      [arn, true],
      ["arn:aws:dynamodb:*:111111111111:table/*", true],
      ["arn:aws:dynamodb:ap-northeast-1:111111111111:*", true],
      ["arn:aws:dynamodb:ap-northeast-1:111111111111:table/a/b", false],
      ["arn:aws:dynamodb:ap-northeast-1:111111111111:tables/a", false],
      ["arn:aws:rds:ap-northeast-1:111111111111:table/a", false],
      ["table/a", false],
    ] as const) {
      assert.equal(isOfType(resource, table), expected, resource);
    }
  });
});
