import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { costOf } from "../cost/of-plan";
import { type Plan, planStack } from "../plan/run";
import { costPage, costPagePath, withoutChoices } from "../scripts/cost-page";
import { withPlan } from "../scripts/docs";
import { granted, type Ruling, rulingsOf } from "./iam/evaluate";

const root = join(__dirname, "..");
const fixtures = join(__dirname, "fixtures", "stacks");
const policyPack = join(root, "policy");

const found = (plan: Plan): string[] =>
  plan.violations.map(({ policy, level, urn }) => `${level} ${policy} ${nameOf(urn)}`);
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
const withoutDomain = ["advisory cf-min-tls edge-distribution", "advisory cf-min-tls site-distribution"];

/** Actions that the Allow statements of an IAM policy name. */
function allowed(policy: unknown): string[] {
  if (typeof policy !== "string") return [];
  const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string | string[] }[] };
  return Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
}
const allows = (policy: unknown, action: RegExp): boolean => allowed(policy).some((one) => action.test(one));

/** AWS's own policies that a role of the platform has: this one speaks of load balancers and nothing else. */
const attached = ["arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"];

/** Every statement of every role of a plan, by the role's name in the program. What could give rights besides is not there. */
function rightsByRole({ resources }: Plan): Map<string, Ruling[]> {
  const ofType = (type: string) => resources.filter((each) => each.type === `aws:iam/${type}`);
  const besides = /^aws:iam\/(user|group|policyAttachment|rolePoliciesExclusive|rolePolicyAttachmentsExclusive)/;
  assert.deepEqual(
    resources.filter(({ type }) => besides.test(type)).map(({ name }) => name),
    [],
  );
  for (const { inputs } of ofType("rolePolicyAttachment:RolePolicyAttachment")) {
    assert.ok(attached.includes(inputs["policyArn"] as string), inputs["policyArn"] as string);
  }
  return new Map(
    ofType("role:Role").map(({ name, inputs }) => {
      assert.deepEqual([inputs["inlinePolicies"], inputs["managedPolicyArns"]], [undefined, undefined], name);
      const policies = ofType("rolePolicy:RolePolicy").filter((policy) => policy.inputs["role"] === inputs["name"]);
      return [name, policies.flatMap((policy) => rulingsOf(policy.inputs["policy"]))] as const;
    }),
  );
}

describe("the stack files of this checkout", function () {
  this.timeout(240_000);
  const files = readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));

  it("are there", () => assert.ok(files.length > 0));

  it("hold no passphrase's salt: secrets are encrypted with a key of the account", () => {
    for (const file of files) {
      const settings = parse(readFileSync(join(root, file), "utf8")) as Record<string, unknown>;
      assert.equal(settings["encryptionsalt"], undefined, file);
    }
  });

  for (const file of files) {
    it(`${file} plans, and no policy refuses it`, async () => {
      const stack = file.slice("Pulumi.".length, -".yaml".length);
      const plan = await planStack({ projectDir: root, stack });
      assert.deepEqual(
        plan.violations.filter(({ level }) => level === "mandatory"),
        [],
      );
    });
  }
});

/** A project of the platform's own program with the fixtures' stack files, in a directory of its own. */
function fixtureProject(): string {
  const project = mkdtempSync(join(tmpdir(), "kiban-stacks-"));
  cpSync(fixtures, project, { recursive: true });
  cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  symlinkSync(join(root, "index.ts"), join(project, "index.ts"));
  symlinkSync(policyPack, join(project, "policy"));
  return project;
}

describe("the platform", function () {
  this.timeout(240_000);
  let project: string;
  const plans = new Map<string, Plan>();
  const planned = (stack: string): Plan => plans.get(stack) ?? assert.fail(`no plan of ${stack}`);
  const made = (plan: Plan, type: string): string[] => plan.resources.filter((r) => r.type === type).map((r) => r.name);

  before(async () => {
    project = fixtureProject();
    for (const stack of ["dev", "stg", "prod"]) {
      plans.set(stack, await planStack({ projectDir: project, stack }));
    }
  });
  after(() => rmSync(project, { recursive: true }));

  it("has no violation, but that of a stack without a domain", () => {
    assert.deepEqual(found(planned("dev")), withoutDomain);
    assert.deepEqual(found(planned("stg")), []);
    assert.deepEqual(found(planned("prod")), []);
  });

  it("has every component in every stack", () => {
    for (const plan of plans.values()) {
      const components = plan.resources
        .filter((r) => r.type.startsWith("kiban:"))
        .map((r) => `${r.type.slice(12)} ${r.name}`);
      const certificates =
        plan.stack === "dev" ? [] : ["edge", "site", "users", "web"].map((name) => `Certificate ${name}-certificate`);
      assert.deepEqual(components.sort(), [
        "AuroraCluster database-main",
        "AuthPool users",
        "BatchEtl daily",
        "Budget spend",
        ...certificates,
        "Cluster cluster",
        "Dashboards dashboards",
        "DataLake lake",
        "Edge edge",
        "GenAiEndpoint ai",
        "ImageRepository api-images",
        "ImageRepository worker-images",
        "Key edge-key",
        "Key key",
        "LakeTransfer database-to-lake",
        "LakeTransfer orders-to-lake",
        "LoadBalancer web",
        "LogArchive logs",
        "Network network",
        "Notifications alerts",
        "ScheduledTask nightly",
        "StaticSite site",
        "StreamingEtl clicks",
        "Table orders",
        "Warehouse warehouse",
        "WebService api",
        "WebService worker",
      ]);
    }
  });

  it("makes no resource outside a component, and none with another provider than its own", () => {
    for (const plan of plans.values()) {
      const stack = plan.resources.find((r) => r.type === "pulumi:pulumi:Stack");
      const bare = plan.resources.filter((r) => r.custom && r.parent === stack?.urn).map((r) => r.type);
      assert.deepEqual(bare, ["pulumi:providers:aws"]);
      const providers = new Set(
        plan.resources.filter((r) => r.type.startsWith("aws:")).map((r) => r.provider.split("::")[3]),
      );
      assert.deepEqual([...providers], ["aws"]);
    }
  });

  it("allows exactly the stack's account", () => {
    const accounts = [...plans.values()].map((plan) => {
      const provider = plan.resources.find((r) => r.type === "pulumi:providers:aws");
      return provider?.inputs["allowedAccountIds"];
    });
    assert.deepEqual(accounts, ['["111111111111"]', '["222222222222"]', '["333333333333"]']);
  });

  it("deploys the API blue/green and the worker by rolling", () => {
    for (const plan of plans.values()) {
      const strategies = plan.resources
        .filter((r) => r.type === "aws:ecs/service:Service")
        .map((r) => [r.name, (r.inputs["deploymentConfiguration"] as { strategy: string }).strategy]);
      assert.deepEqual(strategies.sort(), [
        ["api-service", "BLUE_GREEN"],
        ["worker-service", "ROLLING"],
      ]);
    }
  });

  it("lets the API and its migration reach the database, and nothing else", () => {
    for (const plan of plans.values()) {
      const named = (test: (r: Plan["resources"][number]) => boolean): string[] =>
        plan.resources
          .filter(test)
          .map((r) => r.name)
          .sort();
      const signsIn = named((r) => r.custom && JSON.stringify(r.inputs["policy"] ?? "").includes("rds-db:connect"));
      assert.deepEqual(signsIn, ["api-migration-task-policy", "api-task-policy"]);
      const database = plan.resources.find((r) => r.name === "database-main-security-group")?.urn ?? "-";
      const admitted = named((r) => r.propertyDependencies["securityGroupId"]?.includes(database) === true);
      assert.deepEqual(admitted, ["api-migration-to-database-migrate", "api-to-database"]);
    }
  });

  it("asks the lake in dev and stg, and Redshift in prod, by settings alone", () => {
    const engines = [...plans.values()].map((plan) => [
      made(plan, "aws:redshiftserverless/workgroup:Workgroup"),
      made(plan, "aws:quicksight/dataSource:DataSource"),
      made(plan, "aws:cloudcontrol/resource:Resource"),
    ]);
    const dashboard = ["dashboards-visits-dashboard"];
    assert.deepEqual(engines, [
      [[], [], []],
      [[], ["dashboards-lake"], dashboard],
      [["warehouse-workgroup"], ["dashboards-lake", "dashboards-warehouse"], dashboard],
    ]);
  });

  it("takes database, table and clicks to the lake: by hand in dev, each night elsewhere", () => {
    for (const plan of plans.values()) {
      const schedules = plan.resources
        .filter((r) => r.type === "aws:scheduler/schedule:Schedule" && r.name !== "nightly-schedule")
        .map((r) => [r.name, r.inputs["state"]]);
      const state = plan.stack === "dev" ? "DISABLED" : "ENABLED";
      assert.deepEqual(schedules.sort(), [
        ["daily-schedule", state],
        ["database-to-lake-schedule", state],
        ["orders-to-lake-schedule", state],
      ]);
      const api = plan.resources.find((r) => r.name === "api-task-policy");
      assert.match(JSON.stringify(api?.inputs["policy"]), /kinesis:PutRecords/);
    }
  });

  it("lets the API's role invoke the model and no other role any, by what IAM makes of their policies", () => {
    for (const plan of plans.values()) {
      const rights = rightsByRole(plan);
      const models = [...new Set(JSON.stringify(plan.resources).match(/arn:aws:bedrock:[\w./:-]+/g))];
      const others = [
        "foundation-model/anthropic.claude-opus-4",
        "provisioned-model/abc",
        "agent-alias/A/B",
        "prompt/P",
      ];
      const on = [...models, ...others.map((one) => `arn:aws:bedrock:us-east-1:${plan.stack}:${one}`), "*"];
      const may = (action: string): Record<string, string[]> =>
        Object.fromEntries(
          [...rights]
            .map(([role, policies]) => [role, on.filter((arn) => granted(policies, action, arn))] as const)
            .filter(([, arns]) => arns.length > 0),
        );
      const ofModel = new RegExp(
        ":application-inference-profile/[a-z0-9]{12}$|:inference-profile/jp\\.anthropic\\.claude-haiku-4-5-20251001-v1:0$|" +
          ":ap-northeast-[13]::foundation-model/anthropic\\.claude-haiku-4-5-20251001-v1:0$",
      );
      for (const action of ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]) {
        const invoking = may(action);
        assert.deepEqual(Object.keys(invoking), ["api-task-role"], action);
        assert.equal(invoking["api-task-role"]?.length, 4);
        for (const arn of invoking["api-task-role"] ?? []) assert.match(arn, ofModel);
      }
      for (const action of [
        ...["CreateModelInvocationJob", "InvokeAgent", "InvokeFlow", "InvokeInlineAgent", "OptimizePrompt"],
        ...["RetrieveAndGenerate", "RetrieveAndGenerateStream", "CreateInferenceProfile", "CallWithBearerToken"],
      ]) {
        assert.deepEqual(may(`bedrock:${action}`), {});
      }
      assert.deepEqual(may("bedrock-mantle:CreateInference"), {});
      assert.deepEqual(may("sagemaker:InvokeEndpoint"), {});
      const invoke = rights.get("api-task-role")?.filter(({ Action }) => /Invoke/.test(JSON.stringify(Action))) ?? [];
      const numbered = /^arn:aws:bedrock:ap-northeast-1:\d{12}:guardrail\/[a-z0-9]+:\*$/;
      for (const { Condition } of invoke) {
        const { ArnLike } = Condition as { ArnLike: Record<string, string> };
        assert.match(ArnLike["bedrock:GuardrailIdentifier"] ?? "", numbered);
      }
    }
  });

  it("stops the API at either ceiling", () => {
    for (const plan of plans.values()) {
      const action = plan.resources.find((r) => r.type === "aws:budgets/budgetAction:BudgetAction");
      const denied = action?.inputs["definition"] as { iamActionDefinition: { policyArn: string; roles: string[] } };
      const role = plan.resources.find((r) => r.name === "api-task-role");
      assert.deepEqual(denied.iamActionDefinition.roles, [role?.inputs["name"]]);
      assert.match(denied.iamActionDefinition.policyArn, /:policy\/ai-stop-/);
      const { mostLostUsd } = plan.outputs["aiStop"] as { mostLostUsd: number };
      assert.equal(mostLostUsd, { dev: 23, stg: 7.5, prod: 37.5 }[plan.stack]);
    }
  });

  it("lets the API look up documents of the lake once a setting names their folder, and no one generate from them", async () => {
    const file = join(project, "Pulumi.stg.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace("kiban:ai:\n", "kiban:ai:\n    knowledge: { prefix: documents/ }\n"));
    const plan = await planStack({ projectDir: project, stack: "stg" }).finally(() => writeFileSync(file, before));
    assert.deepEqual(found(plan), []);
    const inputs = (name: string) => plan.resources.find((r) => r.name === name)?.inputs ?? assert.fail(name);
    const { documents } = plan.outputs["dataPlatform"] as { documents: string };
    assert.equal(documents, `s3://${inputs("lake-curated-bucket")["bucket"] as string}/documents/`);
    const holders = plan.resources.filter(
      ({ type, inputs: { policy } }) => type.startsWith("aws:iam/") && allows(policy, /^bedrock:Retrieve/),
    );
    assert.deepEqual(
      holders.map(({ name }) => name),
      ["api-task-policy"],
    );
    assert.ok(!allows(inputs("api-task-policy")["policy"], /Generate$/));
    assert.match(JSON.stringify(inputs("api-task")), /AI_KNOWLEDGE_BASE_ID/);
    const keyPolicy = (p: Plan) => p.resources.find(({ name }) => name === "key-key")?.inputs["policy"] as string;
    assert.match(keyPolicy(plan), /indexing\.s3vectors\.amazonaws\.com/);
    assert.doesNotMatch(keyPolicy(planned("stg")), /s3vectors/);
  });

  it("leads the services to the restored database by one setting, and leaves the first as it is", async () => {
    const file = join(project, "Pulumi.stg.yaml");
    const before = readFileSync(file, "utf8");
    const restored =
      "      second:\n        engineVersion: '17.7'\n        acu: { min: 0.5, max: 4 }\n        logRetentionDays: 30\n" +
      "        restoreFrom: { pointInTime: { sourceClusterIdentifier: kiban-stg-database } }\n";
    writeFileSync(
      file,
      before.replace("active: main", "active: second").replace("    clusters:\n", `    clusters:\n${restored}`),
    );
    const plan = await planStack({ projectDir: project, stack: "stg" });
    writeFileSync(file, before);
    assert.deepEqual(found(plan), []);
    const rule = plan.resources.find((r) => r.name === "api-to-database" && /Ingress/.test(r.type));
    assert.match(rule?.propertyDependencies["securityGroupId"]?.[0] ?? "", /database-second-security-group$/);
    const first = (p: Plan) => p.resources.filter((r) => r.name.startsWith("database-main")).map((r) => r.inputs);
    assert.deepEqual(first(plan), first(planned("stg")));
  });

  it("sends every alarm to a topic of its own region", () => {
    for (const plan of plans.values()) {
      for (const alarm of plan.resources.filter((r) => r.type === "aws:cloudwatch/metricAlarm:MetricAlarm")) {
        const [topic] = alarm.inputs["alarmActions"] as string[];
        assert.equal(topic?.split(":")[3], alarm.inputs["region"], alarm.name);
      }
    }
  });

  it("protects in stg and prod what it does not in dev", () => {
    const protectedTypes = (stack: string): string[] => [
      ...new Set(
        planned(stack)
          .resources.filter((r) => r.options["protect"] === true)
          .map((r) => r.type),
      ),
    ];
    assert.deepEqual(protectedTypes("dev"), []);
    for (const type of ["aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"]) {
      assert.ok(protectedTypes("stg").includes(type) && protectedTypes("prod").includes(type), type);
    }
  });

  it("is shown in the README as it is (npm run docs)", () => {
    const printed = execFileSync(process.execPath, [join(root, "plan", "main.cjs"), "dev"], {
      cwd: project,
      encoding: "utf8",
    });
    const readme = readFileSync(join(root, "README.md"), "utf8");
    assert.equal(readme, withPlan(readme, printed));
  });

  it("costs what docs/cost.md says (npm run docs), in dev less than 60 USD a month at rest and nothing for AI", async () => {
    const estimates = [...plans.values()].map((plan) => costOf(plan, root));
    const file = join(project, "Pulumi.dev.yaml");
    const given = readFileSync(file, "utf8");
    writeFileSync(file, withoutChoices(given));
    const before = await planStack({ projectDir: project, stack: "dev" }).finally(() => writeFileSync(file, given));
    assert.equal(
      readFileSync(costPagePath, "utf8"),
      await costPage({ stacks: estimates, before: costOf(before, root) }),
    );
    assert.ok((estimates[0]?.total.idle.expected ?? Infinity) < 60);
    const idleOfAi = estimates[0]?.components
      .filter(({ name }) => ["ai", "spend"].includes(name))
      .map(({ name, idle }) => [name, idle.high]);
    assert.deepEqual(Object.fromEntries(idleOfAi ?? []), { ai: 0, spend: 0 });
    const unknown = estimates.flatMap(({ unpriced }) => unpriced.filter(({ what }) => what === "all of it"));
    assert.deepEqual(unknown, [], "say what these types cost: cost/rules/");
  });

  it("runs a service only once the stack file has its image", async () => {
    const file = join(project, "Pulumi.dev.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^ +image: .*\n/m, ""));
    const plan = await planStack({ projectDir: project, stack: "dev" });
    assert.deepEqual(made(plan, "aws:ecs/service:Service"), ["worker-service"]);
    assert.equal(made(plan, "aws:ecr/repository:Repository").length, 2);
  });

  it("keeps accounts and networks of the fixture stacks apart", () => {
    const identities = ["dev", "stg", "prod"].map((stack) => {
      const { config } = parse(readFileSync(join(fixtures, `Pulumi.${stack}.yaml`), "utf8")) as {
        config: Record<string, Record<string, string>>;
      };
      return [config["kiban:account"]?.["id"], config["kiban:network"]?.["cidrBlock"]];
    });
    assert.equal(new Set(identities.flat()).size, 6);
  });
});

describe("what is broken by hand", function () {
  this.timeout(240_000);
  const broken = join(__dirname, "fixtures", "broken");
  const expected: [string, { policy: string; name: string; dev: string; says: RegExp }][] = [
    ["tag", { policy: "tag-required-keys", name: "jobs", dev: "advisory", says: /Owner/ }],
    ["queue", { policy: "sqs-redrive", name: "jobs", dev: "advisory", says: /redrivePolicy/ }],
    ["image", { policy: "image-pinned", name: "worker-task", dev: "advisory", says: /latest/ }],
    ["ssh", { policy: "sg-open-ingress", name: "bastion-ssh", dev: "mandatory", says: /22/ }],
  ];
  const plan = async (stack: string, breakage: string): Promise<Plan> => {
    process.env["KIBAN_BREAKAGE"] = breakage;
    try {
      return await planStack({ projectDir: broken, stack, policyPack });
    } finally {
      delete process.env["KIBAN_BREAKAGE"];
    }
  };

  it("starts from a program without a finding", async () => {
    assert.deepEqual(found(await plan("prod", "none")), []);
    assert.deepEqual(found(await plan("dev", "none")), []);
  });

  for (const [breakage, { policy, name, dev, says }] of expected) {
    it(`${breakage}: is mandatory in prod and ${dev} in dev, with resource, rule and cure`, async () => {
      for (const [stack, level] of [
        ["prod", "mandatory"],
        ["dev", dev],
      ] as const) {
        const findings = (await plan(stack, breakage)).violations;
        const finding = findings.find((v) => v.policy === policy && nameOf(v.urn) === name);
        assert.ok(finding, `${policy} on ${name}; found ${JSON.stringify(findings.map((v) => [v.policy, v.urn]))}`);
        assert.equal(finding.level, level);
        assert.match(finding.message, says);
      }
    });
  }
});
