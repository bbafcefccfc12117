import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

const root = join(__dirname, "..");
const workflows = join(root, ".github", "workflows");
const actions = join(root, ".github", "actions");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  readonly concurrency?: { group: string; "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions?: Record<string, string>;
  readonly concurrency?: { group: string; "cancel-in-progress": boolean };
  readonly jobs: Record<string, Job>;
}

const text = (file: string): string => readFileSync(join(workflows, file), "utf8");
const files = readdirSync(workflows).sort();
const all = new Map(files.map((file) => [file.replace(/\.yml$/, ""), parse(text(file)) as Workflow]));
const jobs = [...all].flatMap(([name, { jobs }]) =>
  Object.entries(jobs).map(([job, each]) => [`${name}.${job}`, each] as const),
);
const composite = readdirSync(actions).map((name) => {
  const path = join(actions, name, "action.yml");
  return {
    name,
    text: readFileSync(path, "utf8"),
    steps: (parse(readFileSync(path, "utf8")) as { runs: Job }).runs.steps ?? [],
  };
});
const steps = [
  ...jobs.flatMap(([job, { steps = [] }]) => steps.map((step) => [job, step] as const)),
  ...composite.flatMap(({ name, steps }) => steps.map((step) => [`actions/${name}`, step] as const)),
];

/** The commit of each release, as its repository has it. */
const pins: Record<string, string> = {
  "actions/checkout": "11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
  "actions/download-artifact": "d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0",
  "actions/setup-node": "49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0",
  "actions/upload-artifact": "ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
  "aws-actions/configure-aws-credentials": "b47578312673ae6fa5b5096b330d9fbac3d116df # v4.2.1",
  "docker/build-push-action": "263435318d21b8e681c14492fe198d362a7d2c83 # v6.18.0",
  "docker/setup-buildx-action": "e468171a9de216ec08956ac3ada2f0791b6bd435 # v3.11.1",
  "docker/setup-qemu-action": "29109295f81e9208d7d86ff1c6c12d2833863392 # v3.6.0",
};

/** Jobs that push a line to main. */
const committing = ["build.line", "promote.promote", "rollback.rollback"];

describe("workflows", () => {
  it("are these", () => {
    const names = ["build", "deploy", "drift", "preview", "promote", "rollback", "stack", "test"];
    assert.deepEqual([...all.keys()], names);
  });

  it("use actions by the commit of a release, or this repository's own", () => {
    const lines = [...files.map(text), ...composite.map((each) => each.text)].join("\n").match(/uses: .*/g) ?? [];
    assert.ok(lines.length > 20);
    for (const line of lines) {
      if (line.startsWith("uses: ./.github/")) continue;
      const [, action = "", pin = ""] = /^uses: ([^@]+)@(.+)$/.exec(line) ?? [];
      assert.equal(pin, pins[action], line);
    }
  });

  it("install one version of the Pulumi CLI, and no newest one of anything", () => {
    const all = [...files.map(text), ...composite.map((each) => each.text)].join("\n");
    const versions = all.match(/get\.pulumi\.com \| sh.*/g) ?? [];
    assert.deepEqual(new Set(versions.map((line) => /--version (\d+\.\d+\.\d+)$/.exec(line)?.[1])).size, 1);
    assert.ok(
      versions.every((line) => /--version \d+\.\d+\.\d+$/.test(line)),
      versions.join("\n"),
    );
    assert.doesNotMatch(all, /@latest|-latest\b|:latest/);
  });

  it("give each job the rights that it needs, and no other", () => {
    const read = { contents: "read" };
    const account = { ...read, "id-token": "write" };
    const line = { contents: "write", actions: "write" };
    const comment = { ...read, "pull-requests": "write" };
    const expected: Record<string, Record<string, string>> = {
      "build.changed": read,
      "build.image": account,
      "build.line": line,
      "deploy.dev": account,
      "deploy.stg": account,
      "deploy.prod": account,
      "drift.look": account,
      "drift.issue": { ...read, issues: "write" },
      "preview.plan": read,
      "preview.dev": account,
      "preview.reviewed": account,
      "preview.show": comment,
      "preview.show-reviewed": comment,
      "promote.promote": { ...line, "id-token": "write" },
      "rollback.rollback": { ...line, "id-token": "write" },
      "stack.up": account,
      "test.test": read,
    };
    const given = [...all].flatMap(([name, { permissions, jobs }]) =>
      Object.entries(jobs).map(([job, each]) => [`${name}.${job}`, each.permissions ?? permissions]),
    );
    assert.deepEqual(Object.fromEntries(given), expected);
    for (const [name, { permissions }] of all) {
      assert.ok(permissions !== undefined && Object.values(permissions).every((right) => right === "read"), name);
    }
  });

  it("know no long-lived key", () => {
    for (const file of files) assert.doesNotMatch(text(file), /secrets\.|ACCESS_KEY|pull_request_target/, file);
    const keys = steps
      .flatMap(([, step]) => Object.keys(step.with ?? {}))
      .filter((key) => /access-key|password/.test(key));
    assert.deepEqual(keys, []);
  });

  it("give a fork's code no credentials: what runs on a pull request and can get any asks whose branch it is", () => {
    const onPullRequests = [...all].filter(([, { on }]) => "pull_request" in on).map(([name]) => name);
    assert.deepEqual(onPullRequests, ["preview", "test"]);
    for (const [name, job] of jobs.filter(([name]) => onPullRequests.includes(name.split(".")[0] ?? ""))) {
      const rights = job.permissions ?? all.get(name.split(".")[0] ?? "")?.permissions ?? {};
      if (!Object.values(rights).includes("write")) continue;
      assert.match(job.if ?? "", /head\.repo\.full_name == github\.repository/, name);
      assert.match(job.if ?? "", /github\.actor != 'dependabot\[bot\]'/, name);
    }
  });

  it("let a pull request's code run in stg and prod behind a reviewer alone", () => {
    const { dev, reviewed } = all.get("preview")?.jobs ?? {};
    assert.equal(dev?.environment, undefined);
    assert.equal(reviewed?.environment, "${{ matrix.stack }}-preview");
  });

  it("run the base branch's code where a pull request can be written to", () => {
    for (const [name, { steps = [] }] of jobs.filter(
      ([, { permissions }]) => permissions?.["pull-requests"] === "write",
    )) {
      assert.equal(steps[0]?.with?.["ref"], "${{ github.event.pull_request.base.sha }}", name);
    }
  });

  it("put nothing of an event or an input into a script's text", () => {
    for (const [where, { run }] of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, where);
  });

  it("leave the token in the clone only where a line is pushed", () => {
    for (const [job, step] of steps.filter(([, { uses }]) => uses?.startsWith("actions/checkout@"))) {
      assert.equal(step.with?.["persist-credentials"], committing.includes(job), job);
    }
    const pushing = steps.filter(([, { run }]) => run?.includes("--commit")).map(([job]) => job);
    assert.deepEqual(pushing, committing);
  });

  it("cut nothing off that changes an account, and run one update of a stack at a time", () => {
    for (const [name, { concurrency, jobs }] of all) {
      const own = Object.values(jobs).flatMap((job) => job.concurrency ?? []);
      const cancels = [concurrency ?? [], own].flat().map((each) => each["cancel-in-progress"]);
      // deploy.yml only calls stack.yml.
      assert.equal(cancels.length, name === "deploy" ? 0 : 1, name);
      assert.deepEqual(cancels.filter(Boolean).length, ["preview", "test"].includes(name) ? 1 : 0, name);
    }
    // What writes one line waits for what else writes it, and GitHub drops none of another image's that wait.
    for (const name of ["promote", "rollback"]) {
      assert.equal(all.get(name)?.concurrency?.group, "line-${{ inputs.stack }}-${{ inputs.image }}");
    }
    const { up } = all.get("stack")?.jobs ?? {};
    assert.deepEqual(up?.concurrency, { group: "deploy-${{ inputs.stack }}", "cancel-in-progress": false });
    assert.equal(up.environment, "${{ inputs.stack }}");
  });

  it("update in one place alone, with the policies, then look at what came of it", () => {
    const runs = steps.flatMap(([job, { run }]) => (run === undefined ? [] : [[job, run] as const]));
    const updates = runs.filter(([, run]) => /pulumi (up|destroy|refresh|import)\b/.test(run));
    assert.deepEqual(
      updates.map(([job]) => job),
      ["stack.up"],
    );
    const order = (all.get("stack")?.jobs["up"]?.steps ?? []).flatMap(
      ({ run }) => /pulumi up|(newest|doctor|wake|rollout)/.exec(run ?? "")?.[0] ?? [],
    );
    assert.deepEqual(order, ["newest", "doctor", "wake", "pulumi up", "rollout"]);
    for (const [job, run] of runs.filter(([, run]) => /pulumi (up|preview)\b/.test(run))) {
      assert.match(run, /--policy-pack policy/, job);
      assert.doesNotMatch(run, /(^| )(-c|--config)\b/, job);
    }
  });

  it("deploy dev, then stg, then prod, from main, once they are switched on", () => {
    const { dev, stg, prod } = (all.get("deploy")?.jobs ?? {}) as Record<
      string,
      Job & { needs?: unknown; with?: unknown }
    >;
    assert.deepEqual([dev?.needs, stg?.needs, prod?.needs], [undefined, "dev", ["dev", "stg"]]);
    for (const [name, job] of jobs) {
      const token = job.permissions?.["id-token"] === "write" || job.permissions?.["contents"] === "write";
      // stack.yml has no condition of its own: deploy.yml has it. build.yml's later jobs need its first.
      if (!token || ["stack.up", "build.image", "build.line"].includes(name)) continue;
      assert.match(job.if ?? "", /vars\.KIBAN_DEPLOY == 'on'/, name);
      if (!name.startsWith("preview.")) assert.match(job.if ?? "", /github\.ref == 'refs\/heads\/main'/, name);
    }
    assert.match(
      all.get("build")?.jobs["changed"]?.if ?? "",
      /KIBAN_DEPLOY == 'on' && github\.ref == 'refs\/heads\/main'/,
    );
  });

  it("end some time", () => {
    for (const [name, job] of jobs) if (job.uses === undefined) assert.ok((job["timeout-minutes"] ?? 0) > 0, name);
  });

  it("call scripts that there are, and keep their own shell short", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    let calls = 0;
    for (const [where, { run = "" }] of steps) {
      assert.ok(run.trim().split("\n").length <= 3, `${where}: ${run}`);
      for (const [, script = ""] of run.matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
        assert.ok(script in scripts, `${where}: npm run ${script}`);
        calls += 1;
      }
      for (const [, file = ""] of run.matchAll(/node (\S+)/g)) readFileSync(join(root, file));
    }
    assert.ok(calls > 15);
  });

  it("pass actionlint", function () {
    const version = spawnSync("actionlint", ["-version"], { encoding: "utf8" });
    if (version.error !== undefined) {
      console.log(
        "      skipped: no actionlint on PATH (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)",
      );
      return this.skip();
    }
    const { status, stdout } = spawnSync("actionlint", ["-no-color"], { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
});
