import assert from "node:assert/strict";

import { type Workspace } from "../../sandbox/command/workspace";
import { describeEngine, editStack, openSandbox, resourcesOf, useFixtureStacks } from "./engine";

const stack = "dev";

const sizes = "engineVersion: '17.7', acu: { min: 0, max: 2 }, logRetentionDays: 7";
const first = `      main: { ${sizes} }`;
const second = `      second: { ${sizes}, restoreFrom: { pointInTime: { sourceClusterIdentifier: the-first } } }`;
const databases = (active: string, clusters: readonly string[]): string =>
  ["kiban:database:", `    active: ${active}`, "    clusters:", ...clusters].join("\n");

// One story, in order: a restore stands beside the first database, takes over by one setting, and the first is let go.
describeEngine("a database restored", () => {
  let sandbox: Workspace;
  before(async () => {
    sandbox = await openSandbox(stack);
    await up();
  });

  /** Brings the stack up with other databases than the fixture's; absent, with the fixture's own. */
  async function up(databases?: string): Promise<void> {
    await sandbox.prepare((copy) => {
      useFixtureStacks(copy);
      if (databases === undefined) return;
      editStack(copy, stack, (text) => text.replace(/kiban:database:\n[^]*?(?=\n {2}kiban:)/, databases));
    });
    const run = await sandbox.run("up");
    assert.equal(run.code, 0, run.stdout + run.stderr);
  }

  /** Names of the clusters in the cloud, and the host that the API's tasks are told. */
  async function seen(): Promise<{ clusters: string[]; host: string }> {
    const resources = resourcesOf(await sandbox.state());
    const clusters = resources.filter((r) => r.type === "aws:rds/cluster:Cluster");
    const task = resources.find((r) => r.urn.endsWith("::api-task"));
    const [container] = JSON.parse(String(task?.inputs?.["containerDefinitions"])) as {
      environment: { name: string; value: string }[];
    }[];
    const host = container?.environment.find(({ name }) => name === "DATABASE_HOST")?.value ?? "";
    const owner = clusters.find((r) => r.outputs?.["endpoint"] === host);
    return {
      clusters: clusters.map((r) => r.urn.split("::").at(-1) ?? "").sort(),
      host: owner?.urn.split("::").at(-1) ?? "",
    };
  }

  it("stands beside the first, which the services keep", async () => {
    await up(databases("main", [first, second]));
    assert.deepEqual(await seen(), {
      clusters: ["database-main-cluster", "database-second-cluster"],
      host: "database-main-cluster",
    });
  });

  it("takes over by one setting, and the first stays as it is", async () => {
    const ofFirst = (text: string) =>
      resourcesOf(text)
        .filter((r) => r.urn.includes("::database-main-"))
        .map((r) => `${r.urn} ${r.id ?? ""}`)
        .sort();
    const before = ofFirst(await sandbox.state());
    await up(databases("second", [first, second]));
    assert.deepEqual(await seen(), {
      clusters: ["database-main-cluster", "database-second-cluster"],
      host: "database-second-cluster",
    });
    assert.deepEqual(ofFirst(await sandbox.state()), before);
  });

  it("is the one that is left when the first is let go", async () => {
    await up(databases("second", [second]));
    assert.deepEqual(await seen(), { clusters: ["database-second-cluster"], host: "database-second-cluster" });
  });
});
