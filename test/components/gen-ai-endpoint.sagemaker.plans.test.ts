import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Plan, planStack } from "../../plan/run";

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
