import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildPack } from "../../plan/policy/build";
import { copyProject } from "../../sandbox/command/copy";
import { environment, requireEngine, runEngine, type Result } from "../../sandbox/command/engine";
import { plugins } from "../../sandbox/command/workspace";
import { Cloud, type Held } from "../../sandbox/plugin/cloud";
import { faultsFile, type Faults } from "../../sandbox/plugin/faults";
import { describeEngine, editFile, root, useFixtureStacks } from "./engine";
import { FakeAws } from "./fake-aws";

const account = "123456789012";

/** `bootstrap` as a new user runs it, with the real CLI: on a checkout, with an account that has nothing. */
describeEngine("npm run bootstrap", function () {
  // Each run plans, previews and updates.
  this.timeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), "kiban-engine-bootstrap-"));
  const checkout = join(folder, "checkout");
  const held = (): Held[] => new Cloud(join(folder, "cloud.jsonl")).all();
  const has = (type: string, property: string, value: string): boolean =>
    held().some(({ type: of, inputs }) => of === type && inputs[property] === value);
  const aws = new FakeAws({
    bucket: (name) => has("aws:s3/bucket:Bucket", "bucket", name),
    alias: (name) => has("aws:kms/alias:Alias", "name", name),
  });
  const setFaults = (faults: Faults): void => writeFileSync(join(folder, faultsFile), JSON.stringify(faults));
  const env = (): NodeJS.ProcessEnv => ({ ...environment(folder, [plugins]), ...aws.env });
  const bootstrap = (...args: string[]): Promise<Result> =>
    runEngine(process.execPath, ["-r", "ts-node/register", "scripts/bootstrap.ts", ...args], {
      cwd: checkout,
      env: env(),
    });
  const stackFiles = (): string[] =>
    [checkout, join(checkout, "account")].flatMap((at) =>
      readdirSync(at)
        .filter((name) => name.startsWith("Pulumi."))
        .map((name) => readFileSync(join(at, name), "utf8")),
    );
  const begun = join(checkout, ".bootstrap");
  const text = ({ stdout, stderr }: Result): string => stdout + stderr;
  let files: string[];

  before(async () => {
    requireEngine();
    await aws.start();
    await buildPack(join(root, "policy"), () => undefined);
    for (const name of ["home", "state"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "kiban-sandbox.json"), "{}\n");
    copyProject(root, checkout);
    useFixtureStacks(checkout);
    aws.account = account;
  });
  after(() => {
    aws.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("refuses an account that the credentials are not of", async () => {
    editFile(join(checkout, "Pulumi.dev.yaml"), (before) => before.replace('"111111111111"', `"${account}"`));
    files = stackFiles();
    aws.account = "210987654321";
    const other = await bootstrap("dev");
    aws.account = account;
    assert.equal(other.code, 2, text(other));
    assert.match(other.stderr, /your credentials are of account 210987654321, and stack dev belongs into 123456789012/);
    assert.deepEqual([held(), existsSync(begun)], [[], false]);
  });

  it("shows in a dry run what it would make, and makes nothing", async () => {
    const run = await bootstrap("dev", "--dry-run");
    assert.equal(run.code, 0, text(run));
    assert.match(run.stdout, /\+ \d+ to create/);
    assert.deepEqual([held(), existsSync(begun), stackFiles()], [[], false, files]);
  });

  it("keeps what it has made where it fails half-way", async () => {
    setFaults({ failType: "aws:cloudtrail/trail:Trail" });
    const run = await bootstrap("dev");
    setFaults({});
    assert.equal(run.code, 1, text(run));
    assert.match(run.stdout, /What was made is kept in mind: run it again to go on\./);
    assert.ok(held().length > 0);
    assert.ok(existsSync(begun));
    assert.equal(aws.objects.size, 0, "the account has no state yet");
  });
});
