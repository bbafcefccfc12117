import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { changedImages } from "../../scripts/changed";
import { commitImageLines, imageLine, writeImageLines } from "../../scripts/image-line";
import { deployedCommit, isNewer } from "../../scripts/newest";
import { images } from "../../scripts/release/images";
import { placeOf } from "../../scripts/release/place";
import { fixtures, makeProject } from "./project";

const shipped = "4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98";
const sha = "0123456789abcdef0123456789abcdef01234567";

describe("the image line", () => {
  let top: string;
  let clone: string;
  const git = (directory: string, ...args: string[]): string =>
    execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: "pipe" }).trim();
  const commit = (directory: string, message: string): string => {
    git(directory, "add", "--all");
    git(directory, "commit", "--quiet", "--allow-empty", "--message", message);
    return git(directory, "rev-parse", "HEAD");
  };

  /** A remote with the fixtures' stack files on main, and a clone of it. */
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), "kiban-line-"));
    clone = join(top, "clone");
    const origin = join(top, "origin");
    git(top, "init", "--quiet", "--bare", "--initial-branch=main", origin);
    git(top, "clone", "--quiet", origin, clone);
    for (const [key, value] of [
      ["user.name", "test"],
      ["user.email", "test@example.com"],
      ["commit.gpgsign", "false"],
    ]) {
      git(clone, "config", key ?? "", value ?? "");
    }
    git(clone, "checkout", "--quiet", "-b", "main");
    cpSync(fixtures, clone, { recursive: true });
    commit(clone, "first");
    git(clone, "push", "--quiet", "origin", "main");
  });
  afterEach(() => rmSync(top, { recursive: true }));

  it("is the only line that changes, in each block that runs the image", () => {
    assert.ok(writeImageLines(clone, "prod", sha, ["worker"]));
    const diff = git(clone, "diff", "--unified=0")
      .split("\n")
      .filter((line) => /^[-+] /.test(line));
    assert.deepEqual(
      diff,
      Array(2)
        .fill([`-      image: ${shipped}`, `+      image: ${sha}`])
        .flat(),
    );
    assert.equal(imageLine(clone, "prod", "worker"), sha);
    assert.equal(imageLine(clone, "prod", "api"), shipped);
    assert.ok(!writeImageLines(clone, "prod", sha, ["worker"]));
  });

  it("keeps its comment, and is added where there was none", () => {
    writeImageLines(clone, "dev", sha, ["api"]);
    const text = readFileSync(join(clone, "Pulumi.dev.yaml"), "utf8");
    assert.match(text, new RegExp(`image: ${sha} # build, promote and rollback each commit this line\n`));
    writeFileSync(join(clone, "Pulumi.dev.yaml"), text.replace(/ +image: .*\n/g, ""));
    assert.equal(imageLine(clone, "dev", "api"), undefined);
    writeImageLines(clone, "dev", sha, ["api", "worker"]);
    assert.deepEqual([imageLine(clone, "dev", "api"), imageLine(clone, "dev", "worker")], [sha, sha]);
  });

  it("is refused for anything but an image, a stack and a whole SHA", () => {
    const before = git(clone, "status", "--porcelain");
    assert.throws(
      () => writeImageLines(clone, "dev", "4f2a9d1", ["api"]),
      /sha: was "4f2a9d1"; allowed: a full git SHA/,
    );
    assert.throws(() => writeImageLines(clone, "dev", sha, ["site"]), /image: was "site"; allowed: api, worker/);
    assert.throws(() => writeImageLines(clone, "../dev", sha, ["api"]), /stack "\.\.\/dev": there is no/);
    assert.throws(() => writeImageLines(clone, "qa", sha, ["api"]), /stack "qa": there is no Pulumi\.qa\.yaml/);
    assert.equal(git(clone, "status", "--porcelain"), before);
  });

  it("is committed on top of the branch as it is now, with nothing else", () => {
    const other = join(top, "other");
    git(top, "clone", "--quiet", join(top, "origin"), other);
    git(other, "config", "user.name", "other");
    git(other, "config", "user.email", "other@example.com");
    writeFileSync(join(other, "new.txt"), "theirs");
    const theirs = commit(other, "theirs");
    git(other, "push", "--quiet", "origin", "main");
    writeFileSync(join(clone, "untracked.txt"), "not to be committed");
    const made = commitImageLines(clone, { stack: "dev", sha, names: ["api"], branch: "main" });
    git(other, "pull", "--quiet");
    assert.equal(git(other, "rev-parse", "HEAD"), made);
    assert.equal(git(other, "rev-parse", "HEAD^"), theirs);
    assert.equal(
      git(other, "show", "--format=%s", "--name-only"),
      `Run api of ${sha.slice(0, 12)} in dev\n\nPulumi.dev.yaml`,
    );
    assert.equal(imageLine(other, "dev", "api"), sha);
    // The line is there: nothing to commit.
    assert.equal(commitImageLines(clone, { stack: "dev", sha, names: ["api"], branch: "main" }), made);
  });

  it("of an older build does not replace that of a newer one; a rollback does", () => {
    const older = commit(clone, "older");
    const newer = commit(clone, "newer");
    git(clone, "push", "--quiet", "origin", "main");
    const line = { stack: "dev", names: ["api"], branch: "main" };
    commitImageLines(clone, { ...line, sha: newer, newer: true });
    commitImageLines(clone, { ...line, sha: older, newer: true });
    assert.equal(imageLine(clone, "dev", "api"), newer);
    commitImageLines(clone, { ...line, sha: older });
    assert.equal(imageLine(clone, "dev", "api"), older);
    commitImageLines(clone, { ...line, sha: newer, newer: true });
    assert.equal(imageLine(clone, "dev", "api"), newer);
  });

  it("is built for what changed", () => {
    const before = git(clone, "rev-parse", "HEAD");
    mkdirSync(join(clone, "apps", "api"), { recursive: true });
    writeFileSync(join(clone, "apps", "api", "server.mjs"), "1");
    const after = commit(clone, "api");
    assert.deepEqual(changedImages(clone, before, after), ["api"]);
    assert.deepEqual(changedImages(clone, after, after), []);
    assert.deepEqual(changedImages(clone, "0".repeat(40), after), ["api", "worker"]);
    assert.deepEqual(changedImages(clone, "", after), ["api", "worker"]);
  });

  it("goes out only with a commit that has the deployed one in it", () => {
    const first = git(clone, "rev-parse", "HEAD");
    const second = commit(clone, "second");
    assert.ok(isNewer(clone, first, second));
    assert.ok(isNewer(clone, second, second));
    assert.ok(!isNewer(clone, second, first));
    assert.throws(() => isNewer(clone, "f".repeat(40), second), /is not in this clone: was the branch rewritten\?/);
  });

  it("is deployed by the last update that succeeded", () => {
    const update = (kind: string, result: string, head: string) => ({
      kind,
      result,
      environment: { "git.head": head },
    });
    const history = [
      update("preview", "succeeded", "d"),
      update("update", "failed", "c"),
      update("update", "succeeded", "b"),
    ];
    assert.equal(deployedCommit(JSON.stringify(history)), "b");
    assert.equal(deployedCommit("[]"), undefined);
    assert.equal(deployedCommit("Stack has never been updated\n"), undefined);
  });

  it("stands in the blocks of the programs that run the image", async function () {
    this.timeout(120_000);
    const project = makeProject();
    const { resources } = await planStack({ projectDir: project, stack: "prod" });
    rmSync(project, { recursive: true });
    const run: Record<string, string[]> = {};
    for (const { type, name, inputs } of resources) {
      if (type !== "aws:ecs/taskDefinition:TaskDefinition") continue;
      const image =
        /"image":"[^"]*\/(\w+)-images-repository-/.exec(inputs["containerDefinitions"] as string)?.[1] ?? "";
      // A migration is a second task of its service.
      if (!name.includes("-migration")) (run[image] ??= []).push(name.replace(/-task$/, ""));
    }
    const lines = Object.entries(images).map(([image, blocks]) => [image, blocks.map((path) => path.at(-1)).sort()]);
    for (const [image, blocks] of Object.entries(run)) run[image] = blocks.sort();
    assert.deepEqual(run, Object.fromEntries(lines));
  });
});

describe("the place of a stack", () => {
  it("is read from its file, roles and state bucket by the names that the account stack gives them", () => {
    assert.deepEqual(placeOf(fixtures, "stg"), {
      stack: "stg",
      account: "222222222222",
      region: "ap-northeast-1",
      backend: "s3://kiban-state-222222222222-ap-northeast-1-an?region=ap-northeast-1",
      roles: {
        preview: "arn:aws:iam::222222222222:role/kiban-preview",
        deploy: "arn:aws:iam::222222222222:role/kiban-deploy",
        push: "arn:aws:iam::222222222222:role/kiban-push",
        site: "arn:aws:iam::222222222222:role/kiban-site",
      },
    });
  });
});
