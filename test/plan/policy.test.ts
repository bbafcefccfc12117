import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildPack, stale } from "../../plan/policy/build";
import { PolicyPack } from "../../plan/policy/pack";
import { planStack } from "../../plan/run";
import { plan, projects, root } from "./command";

const shop = join(projects, "shop");
const environment = { organization: "organization", project: "shop", stack: "dev", preview: false, config: {} };

describe("policy pack of a plan", function () {
  this.timeout(60_000);

  it("runs in a process of its own, over gRPC, with the defaults of its schema and its own configuration", async () => {
    const pack = new PolicyPack(join(shop, "policy"), environment);
    try {
      assert.deepEqual(await pack.ready(), { name: "shop-rules", policies: 4, remediates: true });
    } finally {
      await pack.close();
    }
  });

  it("finds the same in this process, where several stacks follow one another", async () => {
    const dev = await planStack({ projectDir: shop, stack: "dev" });
    const prod = await planStack({ projectDir: shop, stack: "prod" });
    assert.deepEqual(
      dev.violations.map((v) => v.policy),
      ["protected-parameter", "stack-size"],
    );
    assert.deepEqual(prod.violations.map((v) => `${v.level} ${v.policy}`).sort(), [
      "advisory protected-parameter",
      "advisory stack-size",
      "mandatory bucket-owner",
    ]);
    const again = await planStack({ projectDir: shop, stack: "dev" });
    assert.deepEqual(again.resources, dev.resources);
  });

  it("changes inputs before outputs are made of them", async () => {
    const made = await planStack({ projectDir: shop, stack: "dev" });
    const bucket = made.resources.find((resource) => resource.name === "shop-bucket");
    assert.deepEqual(bucket?.inputs["tags"], { Owner: "platform", Remedy: "yes" });
    assert.deepEqual(
      made.summary.remediations.map((remedy) => remedy.policy),
      ["bucket-versioned"],
    );
  });

  it("can be left out", async () => {
    const made = await planStack({ projectDir: shop, stack: "prod", policyPack: false });
    assert.deepEqual([made.violations, made.summary.policyPack], [[], undefined]);
  });

  const failures: [failure: string, message: RegExp][] = [
    [
      "start",
      /^error: the policy pack in policy\/ stopped with exit code 32:\n[\s\S]*Error: a rule cannot be loaded\n +at .*index\.js:6:/m,
    ],
    ["die", /^error: the policy pack in policy\/ stopped with exit code 7/m],
    ["throw", /^error: the policy pack in policy\/ failed: [\s\S]*a rule is wrong/m],
  ];
  for (const [failure, message] of failures) {
    it(`ends the plan with 1 and its own words where it fails: ${failure}`, async () => {
      const { code, stdout, stderr } = await plan(shop, ["dev"], { SHOP_PACK_FAILURE: failure });
      assert.match(stderr, message);
      assert.deepEqual([code, stdout], [1, ""]);
    });
  }

  it("lets the program have its say that fails while the pack is starting", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-plan-"));
    try {
      cpSync(shop, directory, { recursive: true });
      symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
      const index = join(directory, "policy/index.js");
      writeFileSync(index, `${readFileSync(index, "utf8")}\nrequire("node:fs").writeFileSync("started", "");`);
      // While the program holds the thread, the pack starts; it is heard only after the program has failed.
      writeFileSync(
        join(directory, "index.ts"),
        `import { existsSync } from "node:fs";
        import * as aws from "@pulumi/aws";
        import * as pulumi from "@pulumi/pulumi";
        new aws.s3.Bucket("bucket", {}, { provider: new aws.Provider("aws", { region: "ap-northeast-1" }) });
        const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
        do pause(); while (!existsSync("policy/started"));
        throw new pulumi.RunError("the program's own words");`,
      );
      assert.deepEqual(await plan(directory, ["dev"]), {
        code: 1,
        stdout: "",
        stderr: "error: the program's own words\n",
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  describe("written in TypeScript", () => {
    let directory: string;
    let pack: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "kiban-plan-"));
      cpSync(shop, directory, { recursive: true });
      symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
      pack = join(directory, "policy");
      rmSync(join(pack, "index.js"));
      mkdirSync(join(pack, "rules"));
      writeFileSync(join(pack, "package.json"), '{ "name": "p", "version": "0.0.1", "main": "bin/index.js" }');
      writeFileSync(join(pack, "tsconfig.json"), "{}");
      writeFileSync(
        join(pack, "index.ts"),
        'import { PolicyPack } from "@pulumi/policy";\nimport { rule } from "./rules/rule";\nnew PolicyPack("typed", { policies: [rule] });\n',
      );
      write("first");
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    function write(message: string): void {
      const lines = [
        'import type { ResourceValidationPolicy } from "@pulumi/policy";',
        "export const rule: ResourceValidationPolicy = {",
        '  name: "rule",',
        '  description: "A rule.",',
        '  enforcementLevel: "mandatory",',
        `  validateResource: ({ type }, report) => { if (type === "aws:s3/bucket:Bucket") report(${JSON.stringify(message)}); },`,
        "};",
      ];
      writeFileSync(join(pack, "rules/rule.ts"), lines.join("\n"));
    }

    it("is built when it is not, and again when a source has changed, and says so", async () => {
      const first = await plan(directory, ["dev"]);
      assert.match(first.stderr, /^building the policy pack$/m);
      assert.match(first.stdout, /\n {10}first\n/);
      assert.equal(first.code, 1);
      const unchanged = await plan(directory, ["dev"]);
      assert.doesNotMatch(unchanged.stderr, /building/);
      write("second");
      const second = await plan(directory, ["dev"]);
      assert.match(second.stderr, /^building the policy pack$/m);
      assert.match(second.stdout, /\n {10}second\n/);
    });

    it("carries its sources in its build, and loses what has no source any more", async () => {
      assert.equal(await buildPack(pack, () => undefined), true);
      const map = JSON.parse(readFileSync(join(pack, "bin/rules/rule.js.map"), "utf8")) as { sourcesContent: string[] };
      assert.equal(map.sourcesContent[0], readFileSync(join(pack, "rules/rule.ts"), "utf8"));
      assert.deepEqual(stale(pack), { changed: [], gone: [] });
      writeFileSync(join(pack, "rules/other.ts"), "export {};\n");
      await buildPack(pack, () => undefined);
      rmSync(join(pack, "rules/other.ts"));
      assert.deepEqual(stale(pack).gone, [join(pack, "bin/rules/other.js.map")]);
      await buildPack(pack, () => undefined);
      assert.deepEqual(stale(pack), { changed: [], gone: [] });
    });
  });
});
