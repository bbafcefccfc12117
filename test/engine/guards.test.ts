import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeEngine, editStack, openSandbox, root, useFixtureStacks } from "./engine";
import { program, useProgram } from "./programs";

/** The text of every file below a folder. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, "utf8")];
    }),
  );
}

describeEngine("what a sandbox keeps apart", () => {
  it("leaves the user's stack files, login and state as they were", async () => {
    const home = mkdtempSync(join(tmpdir(), "kiban-home-"));
    const old = process.env["HOME"];
    const stackFiles = (): string[] =>
      readdirSync(root)
        .filter((file) => /^Pulumi\..*yaml$/.test(file))
        .map((file) => readFileSync(join(root, file), "utf8"));
    try {
      process.env["HOME"] = home;
      process.env["PULUMI_ACCESS_TOKEN"] = "pul-0000";
      process.env["AWS_PROFILE"] = "the-users";
      mkdirSync(join(home, ".pulumi"));
      writeFileSync(join(home, ".pulumi", "credentials.json"), '{"current":"https://api.pulumi.com"}');
      const before = { home: contents(home), stacks: stackFiles() };
      const sandbox = await openSandbox("stg", { edit: (copy) => useProgram(copy, program("")) });
      for (const operation of ["preview", "up", "refresh", "destroy"] as const) {
        const run = await sandbox.run(operation);
        assert.equal(run.code, 0, run.stdout + run.stderr);
      }
      assert.deepEqual({ home: contents(home), stacks: stackFiles() }, before);
      assert.deepEqual(
        Object.keys(sandbox.env).filter((name) => name === "PULUMI_ACCESS_TOKEN" || name.startsWith("AWS_")),
        [],
      );
    } finally {
      process.env["HOME"] = old;
      delete process.env["PULUMI_ACCESS_TOKEN"];
      delete process.env["AWS_PROFILE"];
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("changes nothing with credentials of another account, or with none", async () => {
    const edit = (copy: string): void => {
      useFixtureStacks(copy);
      useProgram(copy, program(""));
    };
    const sandbox = await openSandbox("stg", { edit });
    sandbox.setFaults({ account: "999999999999" });
    const other = await sandbox.run("up");
    assert.notEqual(other.code, 0);
    assert.match(other.stdout + other.stderr, /AWS account ID not allowed: 999999999999/);
    sandbox.setFaults({ refuseCredentials: true });
    const none = await sandbox.run("up");
    assert.notEqual(none.code, 0);
    assert.match(none.stdout + none.stderr, /No valid credential sources found/);
    assert.deepEqual(sandbox.held(), []);
  });

  it("keeps every secret encrypted in the state", async () => {
    const secret = "correct horse battery staple";
    const text = program(`
const config = new pulumi.Config("kiban");
const password = new random.RandomPassword("password", { length: 24 });
const given = new aws.secretsmanager.Secret("given", { kmsKeyId: key.arn }, opts);
new aws.secretsmanager.SecretVersion("given", {
  secretId: given.id,
  secretString: pulumi.jsonStringify({ user: "root", password: password.result, token: config.requireSecret("token") }),
}, opts);
new aws.ssm.Parameter("given", { type: "SecureString", keyId: key.id, value: password.result }, opts);
export const token = config.requireSecret("token");
export const length = password.result.apply((text) => text.length);`);
    const sandbox = await openSandbox("stg", {
      edit: (copy) => {
        useFixtureStacks(copy);
        useProgram(copy, text);
        // As a stack file of the user's holds it; the sandbox cannot decrypt it, and need not.
        editStack(copy, "stg", (file) => `${file}\n  kiban:token:\n    secure: AAABAGJlZWY=\n`);
      },
    });
    const set = await sandbox.cli(["config", "set", "--secret", "kiban:token", secret, "--stack", "stg"]);
    assert.equal(set.code, 0, set.stderr);
    const run = await sandbox.run("up");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    const cloud = JSON.stringify(sandbox.held());
    const password = /"result":\{[^}]*"value":"(\w{24})"/.exec(cloud)?.[1] ?? "";
    assert.equal(password.length, 24, "the cloud has the password");
    assert.ok(cloud.includes(secret), "the cloud has the token");
    const state = await sandbox.state();
    for (const value of [password, secret]) {
      assert.ok(!state.includes(value), "not in the state");
      assert.ok(!(run.stdout + run.stderr).includes(value), "not in the output");
    }
  });
});
