import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { type Workspace } from "../../sandbox/command/workspace";
import {
  describeEngine,
  editFile,
  editStack,
  openSandbox,
  resourcesOf,
  root,
  stepsOf,
  useFixtureStacks,
  type EngineResource,
} from "./engine";
import { ofEngine, ofPlan, plain } from "./parity";

function previewed(output: string): EngineResource[] {
  return stepsOf(output).flatMap(({ newState }) => (newState === undefined ? [] : [newState]));
}

/** `type name` of the AWS resources that are not as they were. */
function changed(before: readonly EngineResource[], after: readonly EngineResource[]): string[] {
  const facts = (all: readonly EngineResource[]): Map<string, string> =>
    new Map(all.filter((r) => r.custom).map((r) => [r.urn, JSON.stringify(plain([r.id, r.inputs, r.outputs]))]));
  const [old, now] = [facts(before), facts(after)];
  const urns = [...new Set([...old.keys(), ...now.keys()])].filter((urn) => old.get(urn) !== now.get(urn));
  return urns.map((urn) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "")).sort();
}

/** Whether the stack's data outlives a mistake; production's must. */
function keeps(stack: string): boolean {
  const text = readFileSync(join(root, "test", "fixtures", "stacks", `Pulumi.${stack}.yaml`), "utf8");
  return stack === "prod" || text.includes("kiban:keep: true");
}

async function assertDestroyed(sandbox: Workspace): Promise<void> {
  const run = await sandbox.run("destroy");
  assert.equal(run.code, 0, run.stdout + run.stderr);
  assert.deepEqual(sandbox.held(), []);
  assert.deepEqual(resourcesOf(await sandbox.state()), []);
}

/** The images of the fixtures, and another. */
const shas = ["4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98", "0b7e3c5d9a1f24680c8e6b5a7d9f1e2c3b4a5968"] as const;

/** The whole life of one of the project's stacks. */
export function describeStack(stack: string): void {
  describeEngine(`stack ${stack} from nothing to nothing`, () => {
    let sandbox: Workspace;
    let after: string;
    before(async () => {
      sandbox = await openSandbox(stack);
    });

    it("previews what plan --as-preview registers", async () => {
      const run = await sandbox.run("preview", ["--json"]);
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.deepEqual(sandbox.held(), [], "a preview creates nothing");
      const plan = await planStack({ projectDir: sandbox.copy, stack, asPreview: true });
      assert.deepEqual(ofEngine(previewed(run.stdout)), ofPlan(plan));
    });

    it("comes up, with everything that plan registers, each once", async () => {
      const run = await sandbox.run("up");
      assert.equal(run.code, 0, run.stdout + run.stderr);
      after = await sandbox.state();
      const made = resourcesOf(after).filter((r) => r.custom && !r.type.startsWith("pulumi:") && r.external !== true);
      assert.deepEqual(
        sandbox
          .held()
          .map(({ type, urn }) => `${type} ${urn}`)
          .sort(),
        made.map(({ type, urn }) => `${type} ${urn}`).sort(),
      );
      const plan = await planStack({ projectDir: sandbox.copy, stack });
      assert.deepEqual(ofEngine(resourcesOf(after)), ofPlan(plan));
    });

    it("changes nothing in a second up", async () => {
      const run = await sandbox.run("up", ["--expect-no-changes"]);
      assert.equal(run.code, 0, run.stdout + run.stderr);
    });

    it("finds nothing else in a refresh", async () => {
      const run = await sandbox.run("refresh", ["--expect-no-changes"]);
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.deepEqual(ofEngine(resourcesOf(await sandbox.state())), ofEngine(resourcesOf(after)));
    });

    if (stack === "dev") {
      for (const [from, to] of [shas, [...shas].reverse()] as const) {
        it(`changes task definitions and what runs them alone from image ${from.slice(0, 4)} to ${to.slice(0, 4)}`, async () => {
          const earlier = resourcesOf(await sandbox.state());
          await sandbox.prepare((copy) => {
            useFixtureStacks(copy);
            if (to !== shas[0]) editStack(copy, stack, (text) => text.replaceAll(shas[0], to));
          });
          const run = await sandbox.run("up");
          assert.equal(run.code, 0, run.stdout + run.stderr);
          const changes = changed(earlier, resourcesOf(await sandbox.state()));
          assert.deepEqual(
            changes.filter((change) => !/^aws:(ecs\/(taskDefinition|service)|scheduler\/schedule):/.test(change)),
            [],
          );
          const expected = ["api", "worker"].flatMap((name) => [
            `aws:ecs/service:Service ${name}-service`,
            `aws:ecs/taskDefinition:TaskDefinition ${name}-task`,
          ]);
          assert.deepEqual(
            expected.filter((change) => !changes.includes(change)),
            [],
          );
        });
      }
    }

    const refusals = (): void => {
      it("refuses a change that would replace a key, bucket, database, pool or table, and says what to do", async () => {
        const held = sandbox.held();
        await sandbox.prepare((copy) => {
          useFixtureStacks(copy);
          editFile(join(copy, "components", "key", "key.ts"), (text) =>
            text.replace("enableKeyRotation: true", "multiRegion: true, enableKeyRotation: true"),
          );
          editFile(join(copy, "components", "shared", "bucket.ts"), (text) =>
            text.replace("{ forceDestroy: !keep, ", "{ forceDestroy: !keep, objectLockEnabled: true, "),
          );
          const program = join(copy, "index.ts");
          editFile(program, (text) =>
            text.replace('partitionKey: { name: "customer"', 'partitionKey: { name: "client"'),
          );
          editFile(program, (text) =>
            text.replace('accessName: "database",', 'accessName: "database", databaseName: "other",'),
          );
          editFile(program, (text) => text.replace("...settings.auth,", "...settings.auth, caseSensitive: true,"));
        });
        const run = await sandbox.run("up");
        assert.notEqual(run.code, 0);
        const output = (run.stdout + run.stderr).replace(/\s+/g, " ");
        for (const name of [
          "key-key",
          "edge-key-key",
          "logs-bucket",
          "orders-table",
          "database-main-cluster",
          "users-pool",
        ]) {
          assert.match(
            output,
            new RegExp(`unable to replace resource "[^"]*::${name}" as it is currently marked for protection`),
          );
        }
        assert.match(output, /To unprotect the resource, remove the `protect` flag/);
        assert.deepEqual(sandbox.held(), held);
      });

      it("refuses to be destroyed, with nothing deleted", async () => {
        const held = sandbox.held();
        const run = await sandbox.run("destroy");
        assert.notEqual(run.code, 0);
        assert.match(run.stdout + run.stderr, /Previewing destroy/);
        assert.doesNotMatch(run.stdout + run.stderr, /\nDestroying/);
        assert.match(run.stdout + run.stderr, /cannot be deleted\s+because it is protected/);
        assert.deepEqual(sandbox.held(), held);
      });
    };

    if (!keeps(stack)) {
      it("is destroyed with nothing left", async () => {
        await assertDestroyed(sandbox);
      });
    } else {
      if (stack === "prod") refusals();

      it("can be destroyed once an up has taken the protection off", async () => {
        await sandbox.prepare((copy) => {
          useFixtureStacks(copy);
          editStack(copy, stack, (text) => text.replace("kiban:keep: true", "kiban:keep: false"));
        });
        // The pack refuses to let go of what is kept, until it is told to.
        const refused = await sandbox.run("preview");
        assert.notEqual(refused.code, 0);
        assert.match(refused.stdout, /\[mandatory\].*no-force-destroy/);
        const run = await sandbox.run("up", ["--policy-pack-config", join(sandbox.copy, "policy", "let-go.json")]);
        assert.equal(run.code, 0, run.stdout + run.stderr);
        await assertDestroyed(sandbox);
      });
    }
  });
}
