import assert from "node:assert/strict";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { describeEngine, openSandbox } from "./engine";
import { findingsOf, ofPlan } from "./findings";

const stack = "prod";

describeEngine("programs without a component, under the policy pack", () => {
  for (const [example, config] of [["plain"], ["violations", "policy.json"]] as const) {
    it(`examples/${example} has the findings of its plan`, async () => {
      const program = join("examples", example);
      const sandbox = await openSandbox(stack, { program });
      const projectDir = join(sandbox.copy, program);
      const settings = config === undefined ? [] : ["--policy-pack-config", join(projectDir, config)];
      const preview = await sandbox.run("preview", settings);
      const plan = await planStack({
        projectDir,
        stack,
        asPreview: true,
        policyPack: join(sandbox.copy, "policy"),
        ...(config !== undefined && { policyPackConfig: join(projectDir, config) }),
      });
      assert.deepEqual(findingsOf(preview.stdout), ofPlan(plan.violations), preview.stdout);
      assert.equal(preview.code === 0, plan.summary.mandatory === 0);
      assert.equal(plan.violations.length > 0, config !== undefined);
    });
  }
});
