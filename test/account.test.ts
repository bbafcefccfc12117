import * as assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { type Plan, planStack } from "../plan/run";
import { placeOf, purposes } from "../scripts/release/place";
import { accountProject, edit, root } from "./account-fixture";
import { plan as command } from "./plan/command";

const stacks = ["dev", "stg", "prod"] as const;
type Stack = (typeof stacks)[number];

describe("the account stack files of this checkout", function () {
  this.timeout(180_000);
  for (const stack of stacks) {
    it(`${stack} plans, and no policy has anything to say`, async () => {
      const plan = await planStack({ projectDir: join(root, "account"), stack });
      assert.equal(plan.summary.policyPack, "kiban");
      assert.deepEqual(plan.violations, []);
    });

    it(`${stack} names the key that it makes, and holds no passphrase's salt`, () => {
      const file = parse(readFileSync(join(root, "account", `Pulumi.${stack}.yaml`), "utf8")) as Record<
        string,
        unknown
      >;
      assert.match(file["secretsprovider"] as string, /^awskms:\/\/alias\/kiban-pulumi\?region=/);
      assert.equal(file["encryptionsalt"], undefined);
    });
  }
});

describe("the account stack", function () {
  this.timeout(180_000);
  let home: string;
  const plans = new Map<Stack, Plan>();
  const planned = (stack: Stack): Plan => plans.get(stack) ?? assert.fail(`no plan of ${stack}`);
  const planAgain = (stack: Stack): Promise<Plan> => planStack({ projectDir: join(home, "account"), stack });
  const file = (stack: Stack): string => join(home, "account", `Pulumi.${stack}.yaml`);
  const ofType = (plan: Plan, type: string) => plan.resources.filter((r) => r.type === type);

  before(async () => {
    home = accountProject();
    for (const stack of stacks) plans.set(stack, await planAgain(stack));
  });
  after(() => rmSync(home, { recursive: true }));

  it("has every component in every stack, and no violation", () => {
    for (const plan of plans.values()) {
      assert.deepEqual(plan.violations, [], plan.stack);
      assert.equal(plan.summary.policyPack, "kiban");
      const components = plan.resources.filter((r) => r.type.startsWith("kiban:"));
      assert.deepEqual(components.map((r) => `${r.type.slice(12)} ${r.name}`).sort(), [
        "AccountBaseline baseline",
        "AccountServices services",
        "AuditTrail audit",
        "Budget spend",
        "DeployRoles github",
        "Key account",
        "Key pulumi",
        "LogArchive logs",
        "Notifications alerts",
        "StateBucket state",
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

  it("is held to the platform's account, and carries its tags", () => {
    const providers = [...plans.values()].map((plan) => ofType(plan, "pulumi:providers:aws")[0]?.inputs);
    assert.deepEqual(
      providers.map((inputs) => inputs?.["allowedAccountIds"]),
      ['["111111111111"]', '["222222222222"]', '["333333333333"]'],
    );
    assert.deepEqual(
      providers.map((inputs) => (JSON.parse(inputs?.["defaultTags"] as string) as { tags: object }).tags),
      [
        ["dev", "internal"],
        ["stg", "internal"],
        ["prod", "confidential"],
      ].map(([Environment, DataClass]) => ({
        Project: "kiban-account",
        Environment,
        ManagedBy: "pulumi",
        Owner: "platform",
        CostCenter: "CC-1000",
        DataClass,
      })),
    );
  });

  it("makes the key that the stack files of both programs name, and the bucket that the backend's address names", () => {
    for (const plan of plans.values()) {
      const { secretsprovider } = parse(readFileSync(join(home, `Pulumi.${plan.stack}.yaml`), "utf8")) as {
        secretsprovider: string;
      };
      assert.equal(plan.outputs["stackSecretsProvider"], secretsprovider);
      const alias = secretsprovider.replace(/^awskms:\/\/(.*)\?.*$/, "$1");
      assert.ok(ofType(plan, "aws:kms/alias:Alias").some((r) => r.inputs["name"] === alias));
      const [state] = ofType(plan, "aws:s3/bucket:Bucket").filter((r) => r.name === "state-bucket");
      assert.equal(plan.outputs["backendUrl"], placeOf(home, plan.stack).backend, "what workflows take");
      assert.match(plan.outputs["backendUrl"], new RegExp(`^s3://${state?.inputs["bucket"] as string}\\?`));
    }
  });

  it("logs the invocations of models where the platform looks for them", () => {
    const named = stacks.map((stack) => {
      const text = readFileSync(join(home, `Pulumi.${stack}.yaml`), "utf8");
      const { config } = parse(text) as { config: Record<string, { invocationLogGroup?: string }> };
      return config["kiban:ai"]?.invocationLogGroup;
    });
    assert.deepEqual(named, [undefined, "/kiban/model-invocations", "/kiban/model-invocations"]);
    for (const [i, stack] of stacks.entries()) {
      const made = planned(stack).resources.find((r) => r.name === "services-invocation-logs");
      assert.equal(made?.inputs["name"], named[i], stack);
      if (named[i] !== undefined) assert.equal(planned(stack).outputs["invocationLogGroup"], named[i]);
    }
  });

  it("calls its roles as the workflows do", () => {
    for (const plan of plans.values()) {
      const { roles } = placeOf(home, plan.stack);
      assert.deepEqual(
        plan.outputs["roleArns"],
        Object.fromEntries(purposes.map((purpose) => [purpose, roles[purpose]])),
      );
    }
  });

  it("protects whatever holds data, in every stack", () => {
    for (const plan of plans.values()) {
      const holds =
        /^aws:(kms\/key|s3\/bucket|cloudtrail\/trail|cloudwatch\/logGroup|quicksight\/accountSubscription):/;
      const loose = plan.resources
        .filter((r) => holds.test(r.type) && r.options["protect"] !== true)
        .map((r) => r.name);
      assert.deepEqual(loose, [], plan.stack);
    }
  });

  it("lets pull requests preview dev, and reviewed jobs alone stg and prod", () => {
    const subjects = stacks.map((stack) => {
      const role = planned(stack).resources.find((r) => r.name === "github-preview-role");
      const policy = JSON.parse(role?.inputs["assumeRolePolicy"] as string) as {
        Statement: { Condition: { StringEquals: Record<string, string[]> } }[];
      };
      return policy.Statement[0]?.Condition.StringEquals["token.actions.githubusercontent.com:sub"];
    });
    const main = "repo:example/kiban:ref:refs/heads/main";
    assert.deepEqual(subjects, [
      ["repo:example/kiban:pull_request", main],
      ["repo:example/kiban:environment:stg-preview", main],
      ["repo:example/kiban:environment:prod-preview", main],
    ]);
  });

  it("adds what the switches say", async () => {
    const own = file("dev");
    const before = readFileSync(own, "utf8");
    writeFileSync(
      own,
      before.replace("guardDuty: false", "guardDuty: true") +
        "  kiban-account:invocationLog: { days: 30 }\n" +
        "  kiban-account:quickSight: { accountName: example-shop, notificationEmail: data@example.com }\n" +
        "  kiban-account:lakeFormation: true\n",
    );
    const plan = await planAgain("dev");
    writeFileSync(own, before);
    assert.deepEqual(plan.violations, []);
    const names = (p: Plan): string[] => p.resources.map((r) => r.name);
    const more = names(plan).filter((name) => !names(planned("dev")).includes(name));
    assert.deepEqual(more.sort(), [
      "baseline-detector",
      "services-invocation-logging",
      "services-invocation-logs",
      "services-invocation-rights",
      "services-invocation-role",
      "services-lake-settings",
      "services-quicksight",
    ]);
    const admins = plan.resources.find((r) => r.name === "services-lake-settings")?.inputs["admins"];
    assert.deepEqual(admins, ["arn:aws:iam::111111111111:role/kiban-deploy"]);
  });

  it("adopts the account's OIDC provider and monitor of anomalies", async () => {
    const own = file("stg");
    const before = readFileSync(own, "utf8");
    const provider = "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com";
    const monitor = "arn:aws:ce::222222222222:anomalymonitor/11111111-2222-3333-4444-555555555555";
    edit(own, "    previewFrom:", `    providerArn: ${provider}\n    previewFrom:`);
    edit(own, "anomaliesFromUsd: 20", `anomaliesFromUsd: 20, monitorArn: ${monitor}`);
    const plan = await planAgain("stg");
    writeFileSync(own, before);
    const made = (p: Plan): string[] => p.resources.map((r) => r.name);
    assert.deepEqual(
      made(planned("stg")).filter((name) => !made(plan).includes(name)),
      ["github-provider", "spend-anomalies"],
    );
    assert.equal(plan.outputs["anomalyMonitorArn"], monitor);
  });

  it("lets go of what it keeps by one setting", async () => {
    const own = file("dev");
    const before = readFileSync(own, "utf8");
    writeFileSync(own, `${before}  kiban-account:keep: false\n`);
    const plan = await planAgain("dev");
    writeFileSync(own, before);
    assert.deepEqual(
      plan.resources.filter((r) => r.options["protect"] === true),
      [],
    );
  });

  const failing = async (own: string, platform?: [string | RegExp, string]): Promise<string> => {
    const files = [file("dev"), join(home, "Pulumi.dev.yaml")] as const;
    const before = files.map((path) => readFileSync(path, "utf8"));
    try {
      writeFileSync(files[0], own);
      if (platform !== undefined) edit(files[1], ...platform);
      await planAgain("dev");
      return assert.fail("it planned");
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      files.forEach((path, i) => writeFileSync(path, before[i] ?? ""));
    }
  };

  it("names every fault of both files at once", async () => {
    const text = await failing(
      [
        "config:",
        '  pulumi:disable-default-providers: ["aws"]',
        "  kiban-account:github: { owner: 'a/b', name: shop, previewFrom: anyone }",
        "  kiban-account:audit: { days: 7 }",
        "  kiban-account:guardduty: true",
        "",
      ].join("\n"),
      [/kiban:account:\n +id: "\d+"/, 'kiban:account:\n    id: "12"'],
    );
    assert.equal(
      text,
      [
        "account/Pulumi.dev.yaml (kiban-account:) and Pulumi.dev.yaml (kiban:) have 6 faults:",
        '  kiban:account.id: was "12"; allowed: an AWS account id: 12 digits, in quotes ("012345678901")',
        '  kiban-account:github.owner: was "a/b"; allowed: an account or organization of GitHub',
        '  kiban-account:github.previewFrom: was "anyone"; allowed: one of pullRequests, reviewedEnvironment',
        "  kiban-account:audit.days: was 7; allowed: 90 to 3650 days",
        "  kiban-account:budget: was not set; allowed: a block of keys",
        "  kiban-account:guardduty: is no setting; allowed here: keep, github, audit, guardDuty, budget, invocationLog, quickSight, lakeFormation",
      ].join("\n"),
    );
  });

  it("refuses an account that another stack has", async () => {
    const text = await failing(readFileSync(file("dev"), "utf8"), [/id: "111111111111"/, 'id: "222222222222"']);
    assert.match(
      text,
      /have 1 fault:\n {2}kiban:account\.id: was "222222222222"; allowed: an account of its own; stack stg \(Pulumi\.stg\.yaml\) has it$/,
    );
  });

  it("says what is missing where the platform's file is not there", async () => {
    const platform = join(home, "Pulumi.prod.yaml");
    const before = readFileSync(platform, "utf8");
    rmSync(platform);
    await assert.rejects(planAgain("prod"), /kiban:account: was not set; allowed: a block of keys/);
    writeFileSync(platform, before);
  });

  it("is planned from the checkout's root, with the pack, by -C", async () => {
    for (const option of [["-C", "account"], ["--cwd=account"]]) {
      const { code, stdout } = await command(home, ["dev", ...option]);
      assert.equal(code, 0);
      assert.match(stdout, /kiban-account-dev/);
      assert.match(stdout, /^Policies \(kiban, \d+ policies\): no violation$/m);
    }
  });

  it("says so where -C leads nowhere", async () => {
    const { code, stderr } = await command(home, ["dev", "-C", "acount"]);
    assert.equal(code, 2);
    assert.match(stderr, /--cwd acount: there is no such directory/);
  });
});
