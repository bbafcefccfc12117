import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { environment, findEngine, runEngine } from "../../sandbox/command/engine";
import { plugins } from "../../sandbox/command/workspace";
import { findingsOf, ofPlan } from "../engine/findings";
import { PublishedPack } from "./package";

const stack = "acme-live";

const index = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

new aws.sqs.Queue("jobs");
new aws.ec2.SecurityGroup("web", {
  ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
});
const role = new aws.iam.Role("worker", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
});
new aws.lambda.Function("worker", {
  role: role.arn,
  runtime: "python3.13",
  handler: "app.handler",
  code: new pulumi.asset.AssetArchive({
    "app/__init__.py": new pulumi.asset.StringAsset("# empty\\n"),
    "app/handler.py": new pulumi.asset.StringAsset("def handler(event, context): return {}\\n"),
  }),
});
`;

const exemption = {
  rule: "sg-open-ingress",
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "web",
  reason: "until the VPN is there",
  owner: "platform@example.com",
  expires: "2027-02-01",
};

describe("the published pack, and a program of somebody else", function () {
  this.timeout(300_000);
  let published: PublishedPack;
  let program: string;
  const config = () => join(program, "policy.json");
  const plan = (policyPackConfig?: string) =>
    planStack({
      projectDir: program,
      stack,
      asPreview: true,
      policyPack: published.pack,
      ...(policyPackConfig !== undefined && { policyPackConfig }),
    });

  before(() => {
    published = PublishedPack.make();
    program = published.program();
    writeFileSync(join(program, "package.json"), '{ "name": "shop", "main": "index.ts" }\n');
    writeFileSync(join(program, "tsconfig.json"), '{ "compilerOptions": { "strict": true, "module": "commonjs" } }\n');
    writeFileSync(join(program, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(program, `Pulumi.${stack}.yaml`), "config:\n  aws:region: eu-west-1\n");
    writeFileSync(join(program, "index.ts"), index);
    const pack = { environments: { [stack]: "dev" }, exemptionsFile: "../program/accepted.yaml", today: "2026-12-01" };
    writeFileSync(config(), JSON.stringify({ pack, "sqs-sse": { levels: { dev: "mandatory" } } }));
    writeFileSync(join(program, "accepted.yaml"), JSON.stringify([exemption]));
  });
  after(() => rmSync(published.directory, { recursive: true, force: true }));

  it("holds the build, what describes it, and nothing else", () => {
    const files = readdirSync(published.pack).filter((name) => name !== "node_modules");
    assert.deepEqual(files.sort(), [
      "COVERAGE.md",
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "bin",
      "config.schema.json",
      "controls.json",
      "let-go.json",
      "package.json",
    ]);
    const built = readdirSync(join(published.pack, "bin"), { recursive: true, encoding: "utf8" });
    const others = built.filter((name) => !/^(index|(lib|rules)\/[\w-]+)\.js$|^(lib|rules)$/.test(name));
    assert.deepEqual(others, []);
  });

  it("needs what it declares, and no other package", () => {
    const { dependencies } = JSON.parse(readFileSync(join(published.pack, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const built = readdirSync(join(published.pack, "bin"), { recursive: true, encoding: "utf8" });
    const needed = built
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [
        ...readFileSync(join(published.pack, "bin", name), "utf8").matchAll(/require\("([^."][^"]*)"\)/g),
      ])
      .map(([, name = ""]) => name)
      .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    assert.deepEqual([...new Set(needed)].sort(), Object.keys(dependencies).sort());
  });

  it("has a README whose links lead somewhere", () => {
    const readme = readFileSync(join(published.pack, "README.md"), "utf8");
    const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
    const inside = links.filter((link) => !link.startsWith("https://"));
    assert.ok(inside.length > 0);
    for (const link of inside) assert.ok(existsSync(join(published.pack, link)), link);
  });

  it("judges it as prod, which any stack is that nobody says more about", async () => {
    const { violations, summary } = await plan();
    const mandatory = violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    for (const rule of ["account-allow-list", "sg-open-ingress", "sqs-sse", "tag-required-keys"]) {
      assert.ok(mandatory.includes(rule), rule);
    }
    assert.deepEqual(summary.remediations, []);
  });

  it("takes its configuration, its exemptions, and mends what level R mends, files left as they are", async () => {
    const { violations, exempted, summary, resources } = await plan(config());
    const found = violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    assert.deepEqual(found, ["sqs-sse"]);
    assert.deepEqual(
      exempted.map(({ policy }) => policy),
      ["sg-open-ingress"],
    );
    const worker = resources.find(({ type }) => type === "aws:lambda/function:Function");
    assert.ok(summary.remediations.some(({ urn }) => urn === worker?.urn));
    assert.match(JSON.stringify(worker?.inputs["code"]), /__init__\.py.*def handler/);
  });

  it("makes a baseline of it with the command that comes along, after which nothing is refused", async () => {
    const report = join(published.directory, "plan.json");
    writeFileSync(report, JSON.stringify(await plan()));
    const { expires, owner, reason } = exemption;
    const why = ["--reason", reason, "--owner", owner, "--expires", expires];
    const text = execFileSync(process.execPath, [join(published.pack, "bin/lib/baseline.js"), report, ...why]);
    writeFileSync(join(program, "baseline.yaml"), text);
    const accepted = join(published.directory, "accepted.json");
    const pack = { exemptionsFile: join(program, "baseline.yaml"), today: "2026-12-01" };
    writeFileSync(accepted, JSON.stringify({ pack }));
    const { summary } = await plan(accepted);
    assert.equal(summary.mandatory, 0);
    assert.ok(summary.exempted > 5);
  });

  const engine = findEngine();
  if (engine === undefined) {
    it.skip("finds the same under the engine: there is no Pulumi CLI on PATH, so that is left out");
    return;
  }
  it("finds the same under the engine", async () => {
    const folder = join(published.directory, "sandbox");
    for (const name of ["home", "state"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "kiban-sandbox.json"), JSON.stringify({ project: program, stack }));
    const cli = (...args: string[]) => runEngine(engine, args, { cwd: program, env: environment(folder, [plugins]) });
    assert.equal((await cli("stack", "init", stack)).code, 0);
    for (const more of [[], ["--policy-pack-config", config()]]) {
      const flags = ["--stack", stack, "--non-interactive", "--color", "never", "--policy-pack", published.pack];
      const preview = await cli("preview", ...flags, ...more);
      const { violations } = await plan(more[1]);
      assert.deepEqual(findingsOf(preview.stdout), ofPlan(violations), preview.stdout + preview.stderr);
      assert.notEqual(preview.code, 0);
    }
  });
});
