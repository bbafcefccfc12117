import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Plan, planStack } from "../../plan/run";
import { makeProject } from "../scripts/project";
import { hours, tag, withOwnModel } from "./gen-ai-endpoint-sagemaker-fixture";

const root = join(__dirname, "..", "..");
const policyPack = join(root, "policy");

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

describe("examples/sagemaker.ts under the policy pack", function () {
  this.timeout(240_000);
  let project: string;
  let plan: Plan;
  before(async () => {
    project = mkdtempSync(join(tmpdir(), "kiban-sagemaker-"));
    symlinkSync(join(root, "examples", "sagemaker.ts"), join(project, "index.ts"));
    writeFileSync(join(project, "Pulumi.yaml"), "name: kiban\nruntime: nodejs\n");
    writeFileSync(join(project, "Pulumi.dev.yaml"), "config: {}\n");
    plan = await planStack({ projectDir: project, stack: "dev", policyPack });
  });
  after(() => rmSync(project, { recursive: true }));

  it("is let through in dev", () => {
    assert.deepEqual(
      plan.violations.filter(({ level }) => level === "mandatory"),
      [],
    );
  });

  it("shows each way to serve, and is told of the one that costs at rest", () => {
    const configurations = plan.resources.filter(({ type }) => type.endsWith(":EndpointConfiguration"));
    const variants = configurations.map(({ name, inputs }) => {
      const [variant] = inputs["productionVariants"] as Record<string, unknown>[];
      return [name, [variant?.["instanceType"] ?? "serverless", inputs["asyncInferenceConfig"] !== undefined]];
    });
    assert.deepEqual(Object.fromEntries(variants), {
      "tagging-configuration": ["serverless", false],
      "ranking-configuration": ["ml.m5.large", false],
      "ranking-by-day-configuration": ["ml.m5.large", false],
      "transcripts-configuration": ["ml.g5.xlarge", true],
    });
    const atRest = plan.violations.filter(({ policy }) => policy === "sagemaker-dev-serverless");
    assert.deepEqual(
      atRest.map(({ urn }) => nameOf(urn)),
      ["ranking-configuration"],
    );
  });
});

const instances = { instanceType: "ml.m5.large", max: 2 };
const gpu = { instanceType: "ml.g5.xlarge", max: 1, acknowledge: "1 x ml.g5.xlarge" };

describe("the platform with a model of its own", function () {
  this.timeout(240_000);
  let project: string;
  before(() => (project = makeProject()));
  after(() => rmSync(project, { recursive: true }));

  /** A fixture stack with this block of kiban:ai in place of its own. */
  async function planOf(ai: object, stack = "dev"): Promise<Plan> {
    const file = join(project, `Pulumi.${stack}.yaml`);
    const given = readFileSync(file, "utf8");
    writeFileSync(file, withOwnModel(given, ai));
    return planStack({ projectDir: project, stack, policyPack }).finally(() => writeFileSync(file, given));
  }
  const found = (plan: Plan): string[] =>
    plan.violations.map(({ policy, level, urn }) => `${level} ${policy} ${nameOf(urn)}`);
  const inputsOf = (plan: Plan, name: string): Record<string, unknown> =>
    plan.resources.find((r) => r.name === name)?.inputs ?? assert.fail(name);
  const statementsOf = (plan: Plan, name: string): { Action: string | string[]; Resource: string | string[] }[] =>
    (JSON.parse(inputsOf(plan, name)["policy"] as string) as { Statement: [] }).Statement;
  const variantOf = (plan: Plan): Record<string, unknown> =>
    (inputsOf(plan, "ai-configuration")["productionVariants"] as Record<string, unknown>[])[0] ?? assert.fail();
  // That of a stack without a domain.
  const known = ["advisory cf-min-tls edge-distribution", "advisory cf-min-tls site-distribution"];

  it("is serverless in dev unless the stack file says otherwise, and the API alone may invoke it", async () => {
    const plan = await planOf({ image: tag });
    assert.deepEqual(found(plan), known);
    assert.deepEqual(variantOf(plan)["serverlessConfig"], { memorySizeInMb: 2048, maxConcurrency: 5 });
    assert.match(JSON.stringify(inputsOf(plan, "ai-model")), new RegExp(`/model-images-repository-\\w+:${tag}`));
    const invoking = plan.resources.filter(({ inputs }) => /sagemaker:Invoke/.test(JSON.stringify(inputs["policy"])));
    assert.deepEqual(
      invoking.map(({ name }) => name),
      ["api-task-policy"],
    );
    assert.match(JSON.stringify(inputsOf(plan, "api-task")), /AI_ENDPOINT_NAME/);
    // No ceiling on tokens: no policy to attach, and nothing to lift.
    assert.equal(plan.resources.filter(({ type }) => type === "aws:budgets/budgetAction:BudgetAction").length, 0);
    assert.equal(plan.outputs["aiStop"], "no ceiling on tokens");
    assert.equal(plan.resources.filter(({ type }) => type.startsWith("aws:bedrock/")).length, 0);
  });

  it("has its repository before it has an image", async () => {
    const plan = await planOf({});
    assert.deepEqual(found(plan), known);
    assert.ok("model" in (plan.outputs["repositoryUrls"] as object));
    assert.equal(plan.resources.filter(({ type }) => type.startsWith("aws:sagemaker/")).length, 0);
    assert.doesNotMatch(JSON.stringify(inputsOf(plan, "api-task")), /AI_ENDPOINT_NAME/);
  });

  it("keeps instances in dev for the hours of a day, and is told of those without hours", async () => {
    const byDay = { realTime: { ...instances, min: 2, hours } };
    assert.deepEqual(found(await planOf({ image: tag, serving: byDay })), known);
    const always = await planOf({ image: tag, serving: { realTime: { ...instances, min: 1 } } });
    assert.deepEqual(found(always).sort(), [...known, "advisory sagemaker-dev-serverless ai-configuration"].sort());
  });

  it("takes the artefact from the curated zone, and puts what it captures into the raw one", async () => {
    const serving = { realTime: { ...instances, min: 2 } };
    const artefact = "models/ranking/3.tar.gz";
    const plan = await planOf({ image: tag, artefact, serving, capture: { percent: 5 } }, "stg");
    assert.deepEqual(found(plan), []);
    const bucket = (zone: string) => inputsOf(plan, `lake-${zone}-bucket`)["bucket"] as string;
    const [model, configuration] = ["ai-model", "ai-configuration"].map((name) => inputsOf(plan, name));
    assert.match(JSON.stringify(model), new RegExp(`"s3://${bucket("curated")}/${artefact}"`));
    assert.match(JSON.stringify(configuration), new RegExp(`"s3://${bucket("raw")}/ai"`));
    const may = statementsOf(plan, "ai-rights").map(({ Action, Resource }) => [Action, Resource]);
    assert.ok(
      may.some(([action, on]) => action === "s3:GetObject" && on === `arn:aws:s3:::${bucket("curated")}/${artefact}`),
    );
    assert.ok(may.some(([action, on]) => action === "s3:PutObject" && on === `arn:aws:s3:::${bucket("raw")}/ai/*`));
  });

  it("answers from S3 with a GPU that comes when asked, in every stack", async () => {
    const serving = { async: { ...gpu, topicArn: "arn:aws:sns:ap-northeast-1:222222222222:results" } };
    assert.deepEqual(found(await planOf({ image: tag, serving })), known);
    const plan = await planOf({ image: tag, serving }, "stg");
    assert.deepEqual(found(plan), []);
    assert.equal(variantOf(plan)["instanceType"], "ml.g5.xlarge");
    assert.match(JSON.stringify(inputsOf(plan, "api-task")), /AI_REQUESTS/);
    assert.equal(inputsOf(plan, "ai-scaling")["minCapacity"], 0);
  });
});
