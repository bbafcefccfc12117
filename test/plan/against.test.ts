import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Plan } from "../../plan/run";
import { plan, projects, root, type Ended } from "./command";

const author = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com" };
const committer = { GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" };

describe("npm run plan -- <stack> --against", function () {
  this.timeout(300_000);
  let repository: string;
  let temporary: string;
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: repository, encoding: "utf8", env: { ...process.env, ...author, ...committer } });
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const path = join(repository, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
  };
  /** The temporary directory is the test's own, so that what a run leaves behind is seen. */
  const against = (...args: string[]): Promise<Ended> => plan(repository, args, { TMPDIR: temporary });
  const leavesNothing = (): void => {
    assert.deepEqual(readdirSync(temporary), []);
    assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    assert.equal(git("status", "--porcelain").includes("kiban"), false);
  };

  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), "kiban-repository-"));
    temporary = mkdtempSync(join(tmpdir(), "kiban-temporary-"));
    cpSync(join(projects, "shop"), repository, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(repository, "node_modules"));
    writeFileSync(join(repository, "package-lock.json"), "{}\n");
    writeFileSync(join(repository, ".gitignore"), "node_modules\n");
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--quiet", "--message", "begin");
  });
  afterEach(() => {
    rmSync(repository, { recursive: true });
    rmSync(temporary, { recursive: true });
  });

  it("is empty for the revision itself, and leaves nothing behind", async () => {
    const { code, stdout } = await against("dev", "--against", "main");
    assert.match(
      stdout,
      /^Planning dev \(shop\):\nAgainst main \([0-9a-f]{7}\): no change, 5 resources as they were\n\nPolicies/,
    );
    assert.equal(code, 0);
    leavesNothing();
  });

  it("shows what the working tree changes, and ends with 3 where that loses data and one asked for it", async () => {
    edit("index.ts", 'new Shop("shop"', 'new Shop("store"');
    const shown = await against("dev", "--against", "main");
    assert.match(
      shown.stdout,
      /: 4 created, 4 deleted, 1 as they were\n\n1 stateful resource would be replaced or deleted:/,
    );
    assert.match(shown.stdout, /give Shop "store" the option aliases: \[\{ name: "shop" \}\]/);
    assert.match(shown.stdout, /\+ \[advisory\] protected-parameter: store-token/);
    assert.match(shown.stdout, /- \[advisory\] protected-parameter: shop-token/);
    assert.equal(shown.code, 0);
    assert.equal((await against("dev", "--against", "main", "--fail-on-replace")).code, 3);
    leavesNothing();
  });

  it("never shows a secret of either side", async () => {
    edit("index.ts", /hush-hush-token/g, "hush-hush-other");
    const { stdout, stderr } = await against("dev", "--against", "main");
    assert.doesNotMatch(stdout + stderr, /hush-hush/);
  });

  it("takes a stack without a file there as new", async () => {
    writeFileSync(join(repository, "Pulumi.test.yaml"), readFileSync(join(repository, "Pulumi.dev.yaml")));
    const { code, stdout } = await against("test", "--against", "HEAD");
    assert.match(stdout, /Against HEAD \([0-9a-f]{7}\), where the stack has no file: 5 created/);
    assert.equal(code, 0);
    leavesNothing();
  });

  it("compares with a plan in a file, whatever else is named like it", async () => {
    const file = join(temporary, "before.json");
    await against("dev", "--json", file);
    edit("index.ts", "const tags = owner", "const tags: object = owner");
    edit("Pulumi.dev.yaml", /owner: .*/, "owner: store");
    const { stdout } = await against("dev", "--against", file);
    assert.match(stdout, /Against before\.json: 1 changed, 4 as they were\n/);
    assert.match(stdout, /tags\.Owner: "platform" → "store"/);
    rmSync(file);
  });

  it("says in which revision a program fails, ends with 1, and leaves nothing behind", async () => {
    edit("index.ts", 'config.require("greeting")', 'config.require("nowhere")');
    git("commit", "--all", "--quiet", "--message", "broken");
    edit("index.ts", 'config.require("nowhere")', 'config.require("greeting")');
    const { code, stderr } = await against("dev", "--against", "main");
    assert.match(stderr, /error: --against main \([0-9a-f]{7}\): .*nowhere/);
    assert.equal(code, 1);
    leavesNothing();
  });

  it("leaves nothing behind where this side fails", async () => {
    edit("index.ts", 'config.require("greeting")', 'config.require("nowhere")');
    const { code, stderr } = await against("dev", "--against", "main");
    assert.match(stderr, /^error: .*nowhere/m);
    assert.equal(code, 1);
    leavesNothing();
  });

  it("installs the packages of a revision whose lockfile is another, and not those of here", async () => {
    // A lockfile without packages: what is installed by it is nothing, so the program there finds no SDK.
    const manifest = { name: "shop", version: "1.0.0" };
    const lock = { ...manifest, lockfileVersion: 3, packages: { "": manifest } };
    writeFileSync(join(repository, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(repository, "package-lock.json"), JSON.stringify(lock));
    git("add", "--all");
    git("commit", "--quiet", "--message", "another lockfile");
    writeFileSync(join(repository, "package-lock.json"), "{}\n");
    const { code, stderr } = await against("dev", "--against", "main");
    assert.match(stderr, /error: --against main \([0-9a-f]{7}\): .*\n(.*\n)*.*Cannot find module 'typescript/);
    assert.equal(code, 1);
    leavesNothing();
  });

  const misused: [args: string[], message: RegExp][] = [
    [
      ["dev", "--against", "nosuch"],
      /^error: --against nosuch: no such file or git revision; a branch, a tag or a commit\n$/m,
    ],
    [["dev", "--against", "nosuch.json"], /^error: --against nosuch\.json: no such file\n$/m],
    [["dev", "--against", "Pulumi.yaml"], /^error: --against Pulumi\.yaml: not JSON: /m],
    [["dev", "--fail-on-replace"], /^error: --fail-on-replace needs --against; see npm run plan -- --help\n$/],
  ];
  for (const [args, message] of misused) {
    it(`ends with 2 for ${args.join(" ")}`, async () => {
      const { code, stderr } = await against(...args);
      assert.match(stderr, message);
      assert.equal(code, 2);
      leavesNothing();
    });
  }

  it("ends with 2 for a plan of another stack or of another kind, and for JSON that is no plan", async () => {
    const file = join(temporary, "plan.json");
    const { stdout } = await against("prod", "--json", "-");
    const other = JSON.parse(stdout) as Plan;
    const told = async (content: unknown): Promise<string> => {
      writeFileSync(file, JSON.stringify(content));
      const { code, stderr } = await against("dev", "--against", file);
      assert.equal(code, 2);
      return stderr;
    };
    assert.match(await told(other), /a plan of prod, not of dev; compare a stack with itself/);
    const asPreview = { ...other, stack: "dev", summary: { ...other.summary, asPreview: true } };
    assert.match(await told(asPreview), /made with --as-preview; make both plans in one way/);
    assert.match(await told({ resources: 3 }), /not a plan as --json writes it \(project: /);
    assert.ok(existsSync(file));
    rmSync(file);
  });
});
