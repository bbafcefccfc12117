import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { environment, requireEngine, type Result, runEngine } from "../../sandbox/command/engine";
import { describeEngine } from "./engine";

const root = join(__dirname, "..", "..");
const secretValue = "stand-in for google-AbCdEf";

const program = `
import * as aws from "@pulumi/aws";
import { AuthPool } from ${JSON.stringify(join(root, "components", "auth-pool", "auth-pool"))};
const set = process.env["KIBAN_TEST_POOL"]?.split(",") ?? [];
const provider = new aws.Provider("aws", { region: "ap-northeast-1", allowedAccountIds: ["111111111111"] });
const name = set.includes("otherDomain") ? "login.example.com" : "auth.example.com";
new AuthPool(
  "users",
  {
    keep: !set.includes("letGo"),
    keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    domain: { name, zoneId: "Z0000000EXAMPLE" },
    passkeys: set.includes("passkeys"),
    caseSensitive: set.includes("caseSensitive"),
    attributes: set.includes("attribute") ? { plan: { type: "string", minLength: 0, maxLength: 9 } } : {},
    clients: { app: { preset: "spa", callbackUrls: ["https://example.com/in"] } },
    providers: {
      google: {
        type: "google",
        clientId: "g",
        clientSecretArn: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:google-AbCdEf",
      },
    },
  },
  { providers: { aws: provider } },
);
`;

// One story, in order: what each step finds is what the step before left.
describeEngine("AuthPool", function () {
  let folder = "";

  const pulumi = (args: readonly string[], set = ""): Promise<Result> =>
    runEngine(requireEngine(), [...args, "--non-interactive"], {
      cwd: join(folder, "project"),
      env: { ...environment(folder, [join(root, "sandbox", "plugin")]), KIBAN_TEST_POOL: set },
    });
  const up = (set: string) => pulumi(["up", "--yes", "--stack", "dev", "--color", "never"], set);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kiban-auth-pool-"));
    for (const name of ["project", "home", "state"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "kiban-sandbox.json"), "{}\n");
    const project = join(folder, "project");
    writeFileSync(join(project, "index.ts"), program);
    writeFileSync(join(project, "package.json"), "{}\n");
    copyFileSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json") }));
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    const { code, stderr } = await pulumi(["stack", "init", "dev"]);
    assert.equal(code, 0, stderr);
  });

  after(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  it("deploys", async () => {
    const { code, stdout } = await up("");
    assert.equal(code, 0, stdout);
  });

  it("keeps a provider's secret out of the state", () => {
    const state = readdirSync(join(folder, "state"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("dev.json"))
      .map((file) => readFileSync(join(folder, "state", file), "utf8"));
    assert.ok(state.some((text) => text.includes("users-provider-google")));
    for (const text of state) assert.ok(!text.includes(secretValue));
  });

  it("takes an attribute more, and passkeys, in place", async () => {
    const { code, stdout } = await up("attribute,passkeys");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /UserPool users-pool updated/);
    assert.doesNotMatch(stdout, /replace/);
  });

  for (const change of ["otherDomain", "caseSensitive"]) {
    it(`refuses ${change} with keep, before anything is touched`, async () => {
      const { code, stdout, stderr } = await up(`attribute,passkeys,${change}`);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /unable to replace resource "[^"]*UserPool::users-pool"/);
      assert.doesNotMatch(stdout, / (created|updated|replaced|deleted) \(/);
    });
  }

  it("changes the passkey domain in place without keep", async () => {
    const { code, stdout } = await up("attribute,passkeys,letGo");
    assert.equal(code, 0, stdout);
    const changed = await up("attribute,passkeys,letGo,otherDomain");
    assert.equal(changed.code, 0, changed.stdout);
    assert.match(changed.stdout, /UserPool users-pool updated/);
    assert.doesNotMatch(changed.stdout, /UserPool users-pool replaced/);
  });
});
