import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Plan } from "../../plan/run";
import { plan } from "../plan/command";

const root = join(__dirname, "..", "..");

describe("examples/provisioned-model.ts under the policy pack", function () {
  this.timeout(240_000);
  let project: string;
  let planned: Plan;
  let warnings: string;
  before(async () => {
    project = mkdtempSync(join(tmpdir(), "kiban-provisioned-"));
    symlinkSync(join(root, "examples", "provisioned-model.ts"), join(project, "index.ts"));
    writeFileSync(join(project, "Pulumi.yaml"), "name: kiban\nruntime: nodejs\n");
    writeFileSync(join(project, "Pulumi.dev.yaml"), "config: { aws:region: us-east-1 }\n");
    const run = await plan(project, ["dev", "--policy-pack", join(root, "policy"), "--json", "-"]);
    assert.equal(run.code, 0, run.stderr);
    planned = JSON.parse(run.stdout) as Plan;
    warnings = run.stderr;
  });
  after(() => rmSync(project, { recursive: true }));

  it("is let through in dev", () => {
    assert.deepEqual(
      planned.violations.filter(({ level }) => level === "mandatory"),
      [],
    );
  });

  it("says what is bought: by the hour, and for a term with its sum and its end", () => {
    // The plan runs a program again whose tags the pack has added.
    const said = [...new Set(warnings.split("\n").filter((line) => line.includes("are reserved")))];
    // 1 x 20 USD x 730 hours; 2 x 12 USD x 730 hours x 6 months.
    assert.deepEqual(
      said.map((line) => line.replace(/^.*?\] /, "")),
      [
        "trial: 1 x amazon.nova-lite-v1:0:24k are reserved, 14,600 USD a month, until it is deleted.",
        "assistant: 2 x amazon.nova-lite-v1:0:24k are reserved, 105,120 USD in all, and cannot be given back before 2027-06-01.",
      ],
    );
  });

  it("protects and retains what is bought for a term alone", () => {
    const throughputs = planned.resources.filter(({ type }) => type.endsWith(":ProvisionedModelThroughput"));
    assert.deepEqual(
      throughputs.map(({ name, options }) => [name, options["protect"] ?? false, options["retainOnDelete"] ?? false]),
      [
        ["trial-hourly-throughput", false, false],
        ["assistant-throughput", true, true],
      ],
    );
  });
});
