import * as assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { type Plan, planStack } from "../plan/run";
import { accountProject, edit, root } from "./account-fixture";
import { hours, tag, withOwnModel } from "./components/gen-ai-endpoint-sagemaker-fixture";
import { denied, granted, rulingsOf } from "./iam/evaluate";
import { makeProject } from "./scripts/project";

const stacks = ["dev", "stg", "prod"] as const;
type Stack = (typeof stacks)[number];

const roleType = "aws:iam/role:Role";

/** What the platform's stack files and programs expect of an account, held against what the account stack makes. */
describe("the account stack and the platform agree", function () {
  this.timeout(300_000);
  let [home, project] = ["", ""];
  const accounts = new Map<Stack, Plan>();
  const platforms = new Map<Stack, Plan>();
  /** Dev again, with a model of its own: served in the ways that have roles and resources of their own. */
  const ownModels: Plan[] = [];
  const pairs = (): [stack: Stack, account: Plan, platform: Plan][] => {
    const planned = stacks.map((stack): [Stack, Plan] => [stack, platforms.get(stack) ?? assert.fail()]);
    const own = ownModels.map((plan): [Stack, Plan] => ["dev", plan]);
    return [...planned, ...own].map(([stack, plan]) => [stack, accounts.get(stack) ?? assert.fail(), plan]);
  };
  const configOf = (path: string): Record<string, Record<string, unknown>> =>
    (parse(readFileSync(path, "utf8")) as { config: Record<string, Record<string, unknown>> }).config;

  before(async () => {
    [home, project] = [accountProject(), makeProject()];
    for (const stack of stacks) {
      accounts.set(stack, await planStack({ projectDir: join(home, "account"), stack, policyPack: false }));
      platforms.set(stack, await planStack({ projectDir: project, stack, policyPack: false }));
    }
    const file = join(project, "Pulumi.dev.yaml");
    const before = readFileSync(file, "utf8");
    const instances = { instanceType: "ml.m5.large", max: 1 };
    for (const serving of [{ realTime: { ...instances, min: 1, hours } }, { async: instances }]) {
      writeFileSync(file, withOwnModel(before, { image: tag, artefact: "models/1.tar.gz", serving }));
      ownModels.push(await planStack({ projectDir: project, stack: "dev", policyPack: false }));
    }
    writeFileSync(file, before);
    for (const { resources } of ownModels) assert.ok(resources.some(({ name }) => name === "ai-endpoint"));
  });
  after(() => [home, project].forEach((folder) => rmSync(folder, { recursive: true })));

  it("on the boundary that every role of the platform carries", () => {
    for (const [stack, account, platform] of pairs()) {
      const roles = platform.resources.filter(({ type }) => type === roleType);
      assert.ok(roles.length > 0);
      for (const { name, inputs } of roles) {
        assert.equal(inputs["permissionsBoundary"], account.outputs["boundaryArn"], `${stack} ${name}`);
      }
    }
  });

  it("on a trail that shows each call to a model, where a stack's ceiling watches calls", () => {
    const watching = pairs().filter(([, account, platform]) => {
      const rules = platform.resources.filter(
        ({ type, inputs }) =>
          type === "aws:cloudwatch/eventRule:EventRule" &&
          inputs["state"] === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      );
      if (rules.length === 0) return false;
      const [trail] = account.resources.filter(({ type }) => type === "aws:cloudtrail/trail:Trail");
      assert.equal(trail?.inputs["isMultiRegionTrail"], true);
      assert.notEqual(trail.inputs["enableLogging"], false);
      // Without selectors a trail logs all management events, those that read among them.
      assert.deepEqual(
        [trail.inputs["eventSelectors"], trail.inputs["advancedEventSelectors"]],
        [undefined, undefined],
      );
      return true;
    });
    assert.deepEqual(
      watching.map(([stack]) => stack),
      ["dev"],
    );
  });

  it("on what the boundary leaves them: all that their policies allow", () => {
    for (const [stack, account, platform] of pairs()) {
      const boundary = rulingsOf(account.resources.find(({ name }) => name === "github-boundary")?.inputs["policy"])
        // About roles that a deployment makes; the platform's own make none.
        .filter(({ Sid }) => Sid !== "RolesCarryTheBoundary");
      for (const { type, name, inputs } of platform.resources) {
        if (type !== "aws:iam/rolePolicy:RolePolicy") continue;
        for (const { Effect, Action, Resource = "*" } of rulingsOf(inputs["policy"])) {
          if (Effect !== "Allow") continue;
          for (const action of [Action].flat()) {
            for (const on of [Resource].flat()) {
              assert.ok(granted(boundary, action, on), `${stack} ${name}: ${action}`);
              assert.equal(denied(boundary, action, on), false, `${stack} ${name}: ${action} on ${on}`);
            }
          }
        }
      }
    }
  });

  it("on the services that a deployment makes things of", () => {
    // Modules of the provider whose actions IAM knows by another name.
    const services: Record<string, string> = {
      appautoscaling: "application-autoscaling",
      cloudcontrol: "cloudformation",
      cognito: "cognito-idp",
      costexplorer: "ce",
      lb: "elasticloadbalancing",
      redshiftserverless: "redshift-serverless",
      sesv2: "ses",
      sfn: "states",
      vpc: "ec2",
      // The types of these two modules are of several services.
      "cloudwatch/eventRule": "events",
      "cloudwatch/eventTarget": "events",
      ...Object.fromEntries(
        ["Delivery", "DeliveryDestination", "DeliverySource", "Group", "MetricFilter", "Stream"].map((type) => [
          `cloudwatch/log${type}`,
          "logs",
        ]),
      ),
      "cloudwatch/queryDefinition": "logs",
      "kinesis/firehoseDeliveryStream": "firehose",
    };
    const serviceOf = (type: string): string => {
      const [, path = ""] = type.split(":");
      const [module = ""] = path.split("/");
      return services[path] ?? services[module] ?? module;
    };
    for (const [stack, account, platform] of pairs()) {
      const rights = account.resources
        .filter(({ name }) => /^github-deploy-(rights|services-\d)$/.test(name))
        .flatMap(({ inputs }) => rulingsOf(inputs["policy"]));
      const boundary = rulingsOf(account.resources.find(({ name }) => name === "github-boundary")?.inputs["policy"]);
      const made = platform.resources.filter(({ custom, type }) => custom && type.startsWith("aws:"));
      const wanting = [...new Set(made.map(({ type }) => serviceOf(type)))].filter((service) => {
        const changes = rights
          .flatMap(({ Action }) => [Action].flat())
          .filter(
            (action) => action.startsWith(`${service}:`) && /:(Create|Put|Register|Change|Request|Update)/.test(action),
          );
        return changes.length === 0 || !granted(boundary, changes[0] ?? "", "*");
      });
      assert.deepEqual(wanting, [], stack);
      assert.ok(made.length > 100, stack);
    }
  });

  it("on the log of the models' invocations: made where the platform names it", () => {
    for (const [stack, account] of pairs()) {
      const named = configOf(join(project, `Pulumi.${stack}.yaml`))["kiban:ai"]?.["invocationLogGroup"];
      if (named !== undefined) assert.equal(account.outputs["invocationLogGroup"], named, stack);
    }
    assert.equal(accounts.get("prod")?.outputs["invocationLogGroup"], "/kiban/model-invocations");
  });

  it("on one monitor of unusual spending, which the platform subscribes to and does not make", () => {
    for (const [stack, account, platform] of pairs()) {
      const monitors = (plan: Plan): number =>
        plan.resources.filter(({ type }) => type === "aws:costexplorer/anomalyMonitor:AnomalyMonitor").length;
      assert.deepEqual([monitors(account), monitors(platform)], [1, 0], stack);
      const { anomalies } = (configOf(join(project, `Pulumi.${stack}.yaml`))["kiban:budget"] ?? {}) as {
        anomalies?: { monitorArn: string };
      };
      if (anomalies === undefined) continue;
      // Its number is made up by AWS.
      const [its, ours] = [account.outputs["anomalyMonitorArn"] as string, anomalies.monitorArn];
      assert.equal(its.replace(/\/.*/, ""), ours.replace(/\/.*/, ""), stack);
    }
  });

  it("on who makes what an account has once: never both", () => {
    for (const [stack, account, platform] of pairs()) {
      const once = new Set(
        account.resources.map(({ type }) => type).filter((type) => /(account|registry|default|settings)/i.test(type)),
      );
      assert.ok(once.size >= 4, [...once].join());
      const twice = platform.resources.filter(({ type }) => once.has(type)).map(({ name }) => name);
      assert.deepEqual(twice, [], stack);
    }
  });

  it("on settings of one account in files beside each other", () => {
    for (const stack of stacks) {
      for (const folder of [root, join(root, "test", "fixtures", "stacks")]) {
        const both = ["", "account"].map(
          (part) =>
            parse(readFileSync(join(folder, part, `Pulumi.${stack}.yaml`), "utf8")) as { secretsprovider: string },
        );
        assert.equal(both[0]?.secretsprovider, both[1]?.secretsprovider, stack);
      }
    }
  });

  it("bounds nothing where the stack file names no boundary, and refuses what is none", async () => {
    const file = join(project, "Pulumi.dev.yaml");
    const before = readFileSync(file, "utf8");
    edit(file, / +boundary: .*\n/, "");
    const plan = await planStack({ projectDir: project, stack: "dev", policyPack: false });
    const bounded = plan.resources.filter(({ inputs }) => inputs["permissionsBoundary"] !== undefined);
    assert.deepEqual(bounded, []);
    writeFileSync(file, before);
    edit(file, /boundary: .*\n/, 'boundary: "arn:aws:iam::111111111111:policy/kiban"\n');
    await assert.rejects(
      planStack({ projectDir: project, stack: "dev", policyPack: false }),
      /kiban:account\.boundary: was "arn:aws:iam::111111111111:policy\/kiban"; allowed: path and name of a policy/,
    );
    writeFileSync(file, before);
  });
});
