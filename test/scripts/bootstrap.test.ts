import * as assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { nextSteps, parseArguments } from "../../scripts/bootstrap";
import { accountOf, destinationOf, planAccount, requireCredentials } from "../../scripts/bootstrap/account";
import { bootstrap, BootstrapError, type Backend, type Bootstrapped } from "../../scripts/bootstrap/bootstrap";
import { Copies, missingLines, unfinished } from "../../scripts/bootstrap/files";
import { accountProject, edit } from "../account-fixture";
import { FakePulumi } from "./fake-pulumi";
import { awsError, recorded } from "./recorded";

const secretsProvider = "awskms://alias/kiban-pulumi?region=ap-northeast-1";
const program = ["key", "bucket", "roles", "trail"];
const up = "up --yes --policy-pack ../policy";

describe("npm run bootstrap", () => {
  let folder: string;
  let pulumi: FakePulumi;
  let said: string[];
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "kiban-bootstrap-test-")), "dev");
    pulumi = new FakePulumi(program);
    said = [];
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  const attempt = (more: { dryRun?: boolean } = {}): Promise<Bootstrapped> =>
    bootstrap({
      stack: "dev",
      dryRun: false,
      folder,
      secretsProvider,
      ...more,
      backendUrl: "s3://kiban-state-111111111111-ap-northeast-1-an?region=ap-northeast-1",
      prepare: (backend: Backend) => join("/copy", backend),
      run: pulumi.run,
      say: (line) => said.push(line),
    });
  const begin = ["account: stack export", "local: stack init dev --secrets-provider passphrase", `local: ${up}`];
  const move = [
    "local: stack export --show-secrets --file FILE",
    `account: stack init dev --secrets-provider ${secretsProvider}`,
    "account: stack import --file FILE",
    "local: stack export",
    "account: stack export",
  ];

  it("brings an account up that has nothing: state here first, then in the account's bucket", async () => {
    assert.deepEqual(await attempt(), { encryptedKey: "AQIDBA==" });
    assert.deepEqual(pulumi.asked, [...begin, ...move]);
    assert.deepEqual(pulumi.account, program);
    assert.equal(existsSync(folder), false, "nothing is left on this machine");
  });

  it("makes nothing when it is run again", async () => {
    await attempt();
    pulumi.asked.length = 0;
    pulumi.made.length = 0;
    assert.deepEqual(await attempt(), { encryptedKey: "AQIDBA==" });
    assert.deepEqual(pulumi.asked, ["account: stack export", `account: ${up}`]);
    assert.deepEqual(pulumi.made, []);
    assert.deepEqual(pulumi.account, program);
  });

  it("shows in a dry run what it would make, and leaves nothing behind", async () => {
    assert.deepEqual(await attempt({ dryRun: true }), { encryptedKey: undefined });
    assert.deepEqual(pulumi.asked, [...begin.slice(0, 2), "local: preview --policy-pack ../policy"]);
    assert.equal(pulumi.account, "nothing");
    assert.deepEqual(pulumi.made, []);
    assert.equal(existsSync(folder), false);
  });

  it("shows in a dry run what would change in an account that is up", async () => {
    await attempt();
    pulumi.asked.length = 0;
    await attempt({ dryRun: true });
    assert.deepEqual(pulumi.asked, ["account: stack export", "account: preview --policy-pack ../policy"]);
  });

  for (const failAfter of [0, 1, 2, 3]) {
    it(`goes on after an update that failed with ${failAfter} of ${program.length} resources made, and makes none twice`, async () => {
      pulumi.failAfter = failAfter;
      await assert.rejects(attempt(), BootstrapError);
      assert.ok(said.includes("What was made is kept in mind: run it again to go on."));
      assert.equal(statSync(join(folder, "passphrase")).mode & 0o777, 0o600);
      await attempt();
      assert.deepEqual(pulumi.made, program);
      assert.deepEqual(pulumi.account, program);
      assert.equal(existsSync(folder), false);
    });
  }

  it("shows in a dry run what is left to do, and keeps what was begun", async () => {
    pulumi.failAfter = 2;
    await assert.rejects(attempt(), BootstrapError);
    await attempt({ dryRun: true });
    assert.equal(pulumi.asked.at(-1), "local: preview --policy-pack ../policy");
    await attempt();
    assert.deepEqual(pulumi.made, program);
  });

  for (const command of [...begin.slice(1), ...move]) {
    it(`goes on after it was killed behind "${command}"`, async () => {
      pulumi.killedAfter.add(command);
      await assert.rejects(attempt(), /killed/);
      assert.equal(existsSync(join(folder, "state.json")), false, "no state in the clear is left");
      await attempt();
      assert.deepEqual(pulumi.made, program, "each resource is made once");
      assert.deepEqual(pulumi.account, program);
      assert.equal(existsSync(folder), false);
    });
  }

  for (const command of [begin[1], ...move.slice(0, 3)]) {
    it(`goes on after "${command}" failed`, async () => {
      pulumi.failing.set(command ?? "", "error: connection reset");
      await assert.rejects(attempt(), /failed\nerror: connection reset/);
      await attempt();
      assert.deepEqual(pulumi.made, program);
      assert.deepEqual(pulumi.account, program);
    });
  }

  it("stops before anything where it cannot look into the account", async () => {
    pulumi.failing.set("account: stack export", "error: AccessDenied: Access Denied");
    await assert.rejects(
      attempt(),
      /^BootstrapError: cannot look into s3:\/\/kiban-state-1{12}.*; nothing was changed:\nerror: AccessDenied/,
    );
    assert.deepEqual(pulumi.asked, ["account: stack export"]);
    assert.equal(existsSync(folder), false);
  });

  it("stops where the bucket is there and the state is nowhere", async () => {
    pulumi.account = "bucket";
    await assert.rejects(attempt(), /has no state of the account stack, and neither has .*dev/);
    assert.deepEqual(pulumi.asked, ["account: stack export"]);
  });

  it("stops where two bootstraps were begun, and forgets neither", async () => {
    pulumi.failAfter = 2;
    await assert.rejects(attempt(), BootstrapError);
    pulumi.account = ["another key", "another bucket"];
    await assert.rejects(attempt(), /have different states of the account stack/);
    assert.ok(existsSync(folder));
    assert.deepEqual(pulumi.account, ["another key", "another bucket"]);
  });
});

describe("npm run bootstrap: files and words", function () {
  this.timeout(180_000);
  let home: string;
  before(() => (home = accountProject()));
  after(() => rmSync(home, { recursive: true }));

  it("reads its command line", () => {
    assert.deepEqual(parseArguments(["dev"]), { stack: "dev", dryRun: false });
    assert.deepEqual(parseArguments(["--dry-run", "prod"]), { stack: "prod", dryRun: true });
    assert.equal(parseArguments(["--help"]), "help");
    for (const wrong of [[], ["dev", "stg"], ["dev", "--force"]]) {
      assert.throws(() => parseArguments(wrong), { name: "UsageError" });
    }
  });

  it("refuses the accounts that the repository comes with", async () => {
    const plan = await planStack({ projectDir: join(home, "account"), stack: "dev", policyPack: false });
    assert.throws(
      () => accountOf(plan),
      /kiban:account\.id of Pulumi\.dev\.yaml is 111111111111, which the repository comes with/,
    );
    edit(join(home, "Pulumi.dev.yaml"), '"111111111111"', '"123456789012"');
    const own = await planStack({ projectDir: join(home, "account"), stack: "dev", policyPack: false });
    assert.deepEqual(accountOf(own), { id: "123456789012", region: "ap-northeast-1" });
    assert.deepEqual(destinationOf(own), {
      backendUrl: "s3://kiban-state-123456789012-ap-northeast-1-an?region=ap-northeast-1",
      secretsProvider,
    });
    edit(join(home, "Pulumi.dev.yaml"), '"123456789012"', '"111111111111"');
  });

  it("refuses the credentials of another account, and none", async () => {
    const account = { id: "123456789012", region: "ap-northeast-1" };
    const asking = (answer: unknown): Promise<void> =>
      requireCredentials("dev", account, recorded({ GetCallerIdentityCommand: answer }).client);
    await asking({ Account: "123456789012" });
    await assert.rejects(asking({ Account: "210987654321" }), {
      name: "UsageError",
      message:
        "your credentials are of account 210987654321, and stack dev belongs into 123456789012 (kiban:account.id of " +
        "Pulumi.dev.yaml): sign in as an administrator of 123456789012",
    });
    await assert.rejects(asking(awsError("ExpiredTokenException", "The security token is expired")), {
      name: "UsageError",
      message:
        "AWS does not know who you are (The security token is expired): sign in as an administrator of account 123456789012",
    });
  });

  it("begins nothing with wrong settings, an unknown stack, or against the policies", async () => {
    await assert.rejects(planAccount(home, "staging"), /no stack "staging"/);
    edit(join(home, "Pulumi.dev.yaml"), '"111111111111"', '"111"');
    await assert.rejects(planAccount(home, "dev"), { name: "SettingsError" });
    edit(join(home, "Pulumi.dev.yaml"), '"111"', '"111111111111"');
    edit(join(home, "account", "Pulumi.prod.yaml"), /$/, "  kiban-account:keep: false\n");
    await assert.rejects(planAccount(home, "prod"), /The policies refuse the account stack; nothing was begun:\n +\[/);
    edit(join(home, "account", "Pulumi.prod.yaml"), "  kiban-account:keep: false\n", "");
    assert.equal((await planAccount(home, "prod")).stack, "prod");
  });

  it("prints what the stack files do not say, and nothing that they say", () => {
    const file = join(home, "account", "Pulumi.dev.yaml");
    const known = { secretsProvider, encryptedKey: "AQIDBA==" };
    assert.deepEqual(missingLines(home, "dev", known), [
      "In account/Pulumi.dev.yaml, and to be committed:",
      "  encryptedkey: AQIDBA==",
    ]);
    const other = { ...known, secretsProvider: "awskms://alias/other" };
    assert.deepEqual(missingLines(home, "dev", other), [
      "In account/Pulumi.dev.yaml, and to be committed:",
      "  secretsprovider: awskms://alias/other",
      "  encryptedkey: AQIDBA==",
      "In Pulumi.dev.yaml, and to be committed:",
      "  secretsprovider: awskms://alias/other",
    ]);
    edit(file, /^/, "encryptedkey: AQIDBA==\n");
    assert.deepEqual(missingLines(home, "dev", known), []);
    const steps = nextSteps(home, { stack: "dev", backendUrl: "s3://b?region=r", secretsProvider }, known);
    assert.equal(steps[1], "  export PULUMI_BACKEND_URL='s3://b?region=r'");
    edit(file, "encryptedkey: AQIDBA==\n", "");
  });

  it("works in copies: the user's files stay as they are, and the key here has its salt", () => {
    const text = readFileSync(join(home, "account", "Pulumi.dev.yaml"), "utf8");
    mkdirSync(unfinished(home, "dev"), { recursive: true });
    writeFileSync(join(unfinished(home, "dev"), "passphrase"), "p");
    const copies = new Copies(home, "dev");
    const local = copies.prepare("local");
    const copied = readFileSync(join(local, "Pulumi.dev.yaml"), "utf8");
    assert.doesNotMatch(copied, /secretsprovider/);
    assert.equal(existsSync(join(local, "..", ".bootstrap")), false);
    writeFileSync(join(local, "Pulumi.dev.yaml"), `encryptionsalt: v1:salt\n${copied}`);
    copies.keepSalt();
    const again = new Copies(home, "dev");
    assert.match(readFileSync(join(again.prepare("local"), "Pulumi.dev.yaml"), "utf8"), /^encryptionsalt: v1:salt\n/);
    const account = again.prepare("account", "AQIDBA==");
    assert.equal(readFileSync(join(account, "Pulumi.dev.yaml"), "utf8"), `encryptedkey: AQIDBA==\n${text}`);
    for (const one of [copies, again]) one.remove();
    assert.equal(existsSync(local), false);
    assert.equal(readFileSync(join(home, "account", "Pulumi.dev.yaml"), "utf8"), text);
    assert.deepEqual(readdirSync(unfinished(home, "dev")).sort(), ["passphrase", "salt"]);
    rmSync(join(home, ".bootstrap"), { recursive: true });
  });

  it("refuses encrypted values while there is no key", () => {
    const file = join(home, "account", "Pulumi.dev.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, `${before}  kiban-account:secret: { secure: v1:abc }\n`);
    const copies = new Copies(home, "dev");
    assert.throws(
      () => copies.prepare("local"),
      /has encrypted values, and the key that they are encrypted with is yet to be made/,
    );
    copies.remove();
    writeFileSync(file, before);
  });
});
