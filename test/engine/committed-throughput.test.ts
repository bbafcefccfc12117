import assert from "node:assert/strict";

import { type Workspace } from "../../sandbox/command/workspace";
import { describeEngine, openSandbox, resourcesOf, useFixtureStacks } from "./engine";
import { program, useProgram } from "./programs";

const type = "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput";
const nova = "amazon.nova-pro-v1:0:24k";

const virginia = { region: "us-east-1", allowedAccountIds: ["222222222222"] };

interface Bought {
  readonly units?: number;
  readonly commitment?: "none" | "oneMonth" | "sixMonths";
  readonly model?: string;
  readonly keep?: boolean;
}

/** A program with reserved capacity, in the region that sells it. */
function withThroughput({ units = 2, commitment = "oneMonth", model = nova, keep = false }: Bought): string {
  const provisioned = {
    units,
    commitment,
    unitUsdPerHour: 10,
    acknowledge: `${units} x ${model}, ${commitment}`,
    boughtOn: "2026-11-30",
  };
  const bedrock = { model, capacity: { provisioned } };
  const args = { engine: "bedrock", region: "us-east-1", bedrock, logRetentionDays: 30, keep };
  const more = `
import { GenAiEndpoint, type GenAiEndpointArgs } from "./components/index";
const alarmTopicArn = "arn:aws:sns:us-east-1:222222222222:alarms";
const args = { ...${JSON.stringify(args)}, keyArn: key.arn, alarmTopicArn } as GenAiEndpointArgs;
new GenAiEndpoint("ai", args, { providers: { aws: opts.provider } });`;
  return program(more, virginia);
}

const without = program("", virginia);

const change = (sandbox: Workspace, text: string): Promise<void> =>
  sandbox.prepare((copy) => {
    useFixtureStacks(copy);
    useProgram(copy, text);
  });

const open = (bought: Bought): Promise<Workspace> =>
  openSandbox("stg", {
    edit: (copy) => {
      useFixtureStacks(copy);
      useProgram(copy, withThroughput(bought));
    },
  });

async function bring(sandbox: Workspace): Promise<string> {
  const run = await sandbox.run("up");
  const output = run.stdout + run.stderr;
  assert.equal(run.code, 0, output);
  return output;
}

const throughputs = (sandbox: Workspace) => sandbox.held().filter((each) => each.type === type);

describeEngine("throughput that is bought for a term", () => {
  let sandbox: Workspace;
  let bought: ReturnType<typeof throughputs>;
  before(async () => {
    sandbox = await open({});
    const output = await bring(sandbox);
    assert.match(
      output.replaceAll(/\s+/g, " "),
      /ai: 2 x amazon\.nova-pro-v1:0:24k are reserved, 14,600 USD in all, and cannot be given back before 2026-12-30\./,
    );
    bought = throughputs(sandbox);
    assert.equal(bought.length, 1);
  });

  it("is protected and stays in the account, though the stack keeps nothing", async () => {
    const found = resourcesOf(await sandbox.state()).filter((resource) => resource.type === type);
    assert.deepEqual(
      found.map(({ protect, retainOnDelete }) => ({ protect, retainOnDelete })),
      [{ protect: true, retainOnDelete: true }],
    );
  });

  for (const [what, other] of [
    ["other units", { units: 3 }],
    ["another term", { commitment: "sixMonths" }],
    ["another model", { model: "amazon.nova-lite-v1:0:24k" }],
    ["another model, and a stack that keeps", { model: "amazon.nova-lite-v1:0:24k", keep: true }],
  ] as const) {
    it(`is not replaced by ${what}`, async () => {
      await change(sandbox, withThroughput(other));
      const run = await sandbox.run("up");
      assert.notEqual(run.code, 0);
      const refused = /unable to replace resource "[^"]*::ai-throughput"\s+as it is currently marked for protection/;
      assert.match(run.stdout + run.stderr, refused);
      assert.deepEqual(throughputs(sandbox), bought);
    });
  }

  for (const [what, operation, text] of [
    ["a program without it", "up", without],
    ["a program that pays by the hour", "up", withThroughput({ commitment: "none" })],
    ["destroy", "destroy", withThroughput({})],
  ] as const) {
    it(`is not deleted by ${what}`, async () => {
      await change(sandbox, text);
      const run = await sandbox.run(operation);
      assert.notEqual(run.code, 0);
      assert.match(run.stdout + run.stderr, /::ai-throughput"?\s+cannot be deleted\s+because it is protected/);
      assert.deepEqual(throughputs(sandbox), bought);
    });
  }

  it("stays in the account even when somebody takes the protection off and destroys", async () => {
    const unprotected = await sandbox.cli(["state", "unprotect", "--all", "--yes"]);
    assert.equal(unprotected.code, 0, unprotected.stderr);
    await change(sandbox, withThroughput({}));
    const run = await sandbox.run("destroy");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(sandbox.held(), bought);
  });
});

describeEngine("throughput by the hour", () => {
  it("is replaced by other units, and goes with the stack", async () => {
    const sandbox = await open({ commitment: "none" });
    await bring(sandbox);
    const [before] = throughputs(sandbox);
    await change(sandbox, withThroughput({ commitment: "none", units: 3 }));
    await bring(sandbox);
    const [after, ...others] = throughputs(sandbox);
    assert.deepEqual(others, []);
    assert.notEqual(after?.id, before?.id);
    const run = await sandbox.run("destroy");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(sandbox.held(), []);
  });
});
