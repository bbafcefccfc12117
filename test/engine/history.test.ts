import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { heldBy, readHistory } from "../../scripts/history";
import { describeEngine, openSandbox, stepsOf, unchangedIn } from "./engine";

describeEngine("a stack that an earlier commit has left", () => {
  for (const { issue, past } of readHistory()) {
    it(`is updated with nothing replaced or lost: the one of issue ${issue}`, async () => {
      const sandbox = await openSandbox(past.stack);
      const lines = heldBy(past).map((put) => `${JSON.stringify({ put })}\n`);
      writeFileSync(join(sandbox.folder, "cloud.jsonl"), lines.join(""));
      const stateFile = join(sandbox.folder, "past.json");
      writeFileSync(stateFile, JSON.stringify(past.state));
      const imported = await sandbox.cli(["stack", "import", "--file", stateFile, "--stack", past.stack]);
      assert.equal(imported.code, 0, imported.stderr);

      const preview = await sandbox.run("preview", ["--json"]);
      const steps = stepsOf(preview.stdout);
      assert.ok(unchangedIn(preview.stdout) > 0, preview.stdout.slice(-2000) + preview.stderr);
      const isProtected = new Set(
        past.state.deployment.resources.filter((r) => r["protect"] === true).map(({ urn }) => urn),
      );
      assert.ok(isProtected.size > 0, "the state of production has something to protect");
      // A task definition is never changed, only followed by its next revision.
      const isRevision = (urn: string): boolean => urn.includes("aws:ecs/taskDefinition:TaskDefinition::");
      const harm = steps.filter(
        ({ op, urn }) => (op.includes("replace") && !isRevision(urn)) || (op === "delete" && isProtected.has(urn)),
      );
      assert.deepEqual(
        harm.map(({ op, urn }) => `${op} ${urn}`),
        [],
      );
      assert.equal(preview.code, 0, preview.stdout.slice(-2000) + preview.stderr);
    });
  }
});
