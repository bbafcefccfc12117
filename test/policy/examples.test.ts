import assert from "node:assert/strict";
import { join, resolve } from "node:path";

import { type Plan, planStack } from "../../plan/run";
import { rules } from "../../policy/rules";

const root = resolve(__dirname, "../..");

function planOf(example: string, asPreview: boolean, config?: string): Promise<Plan> {
  const projectDir = join(root, "examples", example);
  return planStack({
    projectDir,
    stack: "prod",
    asPreview,
    policyPack: join(root, "policy"),
    ...(config !== undefined && { policyPackConfig: join(projectDir, config) }),
  });
}

const brief = ({ policy, urn }: Plan["violations"][number]): string => `${policy} ${urn.split("::").at(-1)}`;
const namesOf = ({ violations }: Plan): string[] => violations.map(({ policy }) => policy).sort();

describe("examples/violations", function () {
  this.timeout(240_000);
  let plan: Plan;
  let preview: Plan;
  before(async () => {
    plan = await planOf("violations", false, "policy.json");
    preview = await planOf("violations", true, "policy.json");
  });

  it("breaks every rule once", () => {
    assert.deepEqual(namesOf(plan), rules.map(({ name }) => name).sort());
  });

  it("is told the same by a first preview, but for what only the cloud can know", () => {
    const seen = preview.violations.map(brief);
    const missed = plan.violations.filter((violation) => !seen.includes(brief(violation)));
    // Text with an ARN in it that does not exist yet.
    assert.deepEqual(missed.map(({ policy }) => policy).sort(), [
      "iam-boundary",
      "iam-github-oidc",
      "resource-policy-public",
    ]);
    assert.equal(seen.length, plan.violations.length - missed.length);
  });

  it("shows each stack rule at work on a first preview, on the same resource", () => {
    const onStack = rules.filter((rule) => "validateStack" in rule).map(({ name }) => name);
    const of = ({ violations }: Plan) =>
      violations
        .filter(({ policy }) => onStack.includes(policy))
        .map(brief)
        .sort();
    assert.deepEqual(of(preview), of(plan));
    assert.ok(onStack.length > 20);
  });
});

describe("examples/plain", function () {
  this.timeout(240_000);
  it("passes, with no component in it", async () => {
    for (const asPreview of [false, true]) {
      const plan = await planOf("plain", asPreview);
      assert.deepEqual(plan.violations.map(brief), []);
      assert.equal(plan.summary.components, 0);
      assert.equal(plan.summary.policies, rules.length + 1);
    }
  });
});
