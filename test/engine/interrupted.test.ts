import assert from "node:assert/strict";

import { pendingCreates, recover, type Decision, type PendingCreate } from "../../scripts/recover";
import { type Faults } from "../../sandbox/plugin/faults";
import { type Workspace } from "../../sandbox/command/workspace";
import { describeEngine, openSandbox, resourcesOf, useFixtureStacks } from "./engine";
import { foundations, useProgram } from "./programs";

const stack = "dev";

const openFoundations = (): Promise<Workspace> =>
  openSandbox(stack, {
    edit: (copy) => {
      useFixtureStacks(copy);
      useProgram(copy, foundations);
    },
  });

/** What exists is what the state holds, and each once. */
async function assertNoneTwiceOrLost(sandbox: Workspace): Promise<void> {
  const made = resourcesOf(await sandbox.state()).filter((r) => r.custom && !r.type.startsWith("pulumi:"));
  const name = (type: string, urn: string): string => `${type} ${urn}`;
  assert.deepEqual(
    sandbox
      .held()
      .map(({ type, urn }) => name(type, urn))
      .sort(),
    made.map(({ type, urn }) => name(type, urn)).sort(),
  );
}

async function failing(sandbox: Workspace, faults: Faults): Promise<string> {
  sandbox.setFaults(faults);
  const run = await sandbox.run("up");
  sandbox.setFaults({});
  assert.notEqual(run.code, 0, run.stdout);
  return run.stdout + run.stderr;
}

async function finish(sandbox: Workspace): Promise<void> {
  const run = await sandbox.run("up");
  assert.equal(run.code, 0, run.stdout + run.stderr);
  await assertNoneTwiceOrLost(sandbox);
}

describeEngine("an update that stops half-way", () => {
  it("is finished by the next up when a create fails", async () => {
    const sandbox = await openFoundations();
    for (const failCreate of [1, 15, 25]) {
      const output = await failing(sandbox, { failCreate });
      assert.match(output, /stand-in fault/);
      await assertNoneTwiceOrLost(sandbox);
    }
    await finish(sandbox);
  });

  it("is finished after npm run recover when it was killed, with no second copy", async () => {
    const sandbox = await openFoundations();
    const points: Faults["crash"][] = [
      { create: 3, when: "after", who: "engine" },
      { create: 25, when: "before", who: "engine" },
      { create: 30, when: "after", who: "engine" },
    ];
    // What a person finds out in AWS's console.
    const decide = (pending: PendingCreate): Promise<Decision> => {
      const found = sandbox.held().find(({ urn }) => urn === pending.urn);
      return Promise.resolve(found === undefined ? "clear" : { id: found.id });
    };
    let seen = 0;
    for (const crash of points) {
      await failing(sandbox, { ...(crash && { crash }) });
      const locked = await sandbox.run("up");
      assert.notEqual(locked.code, 0);
      assert.match(locked.stdout + locked.stderr, /the stack is currently locked/);
      const lines: string[] = [];
      const options = {
        stack,
        run: (args: readonly string[]) => sandbox.cli(args),
        say: (line: string) => lines.push(line),
      };
      const pending = pendingCreates(await sandbox.state());
      seen += pending.length;
      assert.deepEqual(await recover({ ...options, decide: () => Promise.resolve(undefined) }), pending, "undecided");
      assert.deepEqual(await recover({ ...options, decide }), []);
      for (const { type, name } of pending) assert.match(lines.join("\n"), new RegExp(`${type} ${name}`));
      assert.deepEqual(pendingCreates(await sandbox.state()), []);
      await assertNoneTwiceOrLost(sandbox);
    }
    assert.ok(seen >= points.length, "each kill left a create under way");
    await finish(sandbox);
  });

  it("makes a second copy when the state forgets what exists, which the tests above would see", async () => {
    const sandbox = await openFoundations();
    await failing(sandbox, { crash: { create: 3, when: "after", who: "engine" } });
    const options = { stack, run: (args: readonly string[]) => sandbox.cli(args), say: () => undefined };
    await recover({ ...options, decide: () => Promise.resolve("clear" as const) });
    await assert.rejects(assertNoneTwiceOrLost(sandbox));
  });
});
