import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { unknown } from "../../sandbox/values";
import { type Plan } from "../../plan/run";
import { plan, projects, root } from "./command";

const shop = join(projects, "shop");
const cases = join(projects, "cases");
const hidden = /hush-hush-token|Y2lwaGVydGV4dA|bW9yZSBjaXBoZXJ0ZXh0/;

describe("npm run plan", function () {
  this.timeout(60_000);
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "kiban-plan-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("prints the tree, the outputs, the findings and the counts, and ends with 0", async () => {
    const { code, stdout, stderr } = await plan(shop, ["dev"]);
    const expected = [
      "Planning dev (shop):",
      " Type                                    Name",
      " pulumi:pulumi:Stack                     shop-dev  1 advisory",
      " ├─ pulumi:providers:aws                 aws",
      " └─ shop:index:Shop                      shop",
      "    ├─ aws:ssm/parameter:Parameter       shop-password",
      "    ├─ aws:ssm/parameter:Parameter       shop-token  1 advisory",
      "    ├─ aws:s3/bucket:Bucket              shop-bucket",
      "    └─ aws:s3/bucketPolicy:BucketPolicy  shop-policy",
      "",
      "Outputs:",
      '    account : "111111111111"',
      '    greeting: "hello"',
      "    password: [secret]",
      "    size    : 3",
      "    token   : [secret]",
      '    zone    : "007"',
      "",
      "Policies (shop-rules, 4 policies): 0 mandatory, 2 advisory",
      "    [remediated] bucket-versioned: shop-bucket (aws:s3/bucket:Bucket)",
      "    [advisory] protected-parameter",
      "        shop-token (aws:ssm/parameter:Parameter)",
      "          urn:pulumi:dev::shop::shop:index:Shop$aws:ssm/parameter:Parameter::shop-token",
      "          Parameters are protected.",
      "          set protect, in ap-northeast-1; marks shown: false",
      "    [advisory] stack-size",
      "        shop-dev (pulumi:pulumi:Stack)",
      "          urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
      "          A stack has few resources.",
      "          7 resources, policy of shop-bucket, dry run false",
      "",
      "Resources:",
      "    7 resources (5 in the cloud, 1 components, the stack)",
      "",
    ];
    assert.equal(stdout.replace(/Duration: \d+\.\ds\n$/, ""), `${expected.join("\n")}\n`);
    assert.match(stdout, /Duration: \d+\.\ds\n$/);
    assert.match(stderr, /the program speaks/);
    assert.equal(code, 0);
  });

  it("ends with 1 where a mandatory policy is violated, and says what to set", async () => {
    const { code, stdout } = await plan(shop, ["prod"]);
    assert.match(stdout, /shop-bucket {2}1 mandatory/);
    assert.match(stdout, /\[mandatory\] bucket-owner\n {8}shop-bucket .*\n .*::shop-bucket\n.*\n {10}set tags\.Owner/);
    assert.equal(code, 1);
  });

  it("writes the plan as JSON, and nothing else to the standard output", async () => {
    const { code, stdout, stderr } = await plan(shop, ["dev", "--json", "-"]);
    const made = JSON.parse(stdout) as Plan;
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(made), [
      ...["project", "stack", "resources", "outputs"],
      ...["violations", "exempted", "notEvaluated", "policies", "summary"],
    ]);
    assert.deepEqual([made.project, made.stack], ["shop", "dev"]);
    for (const resource of made.resources) {
      assert.deepEqual(Object.keys(resource), [
        "urn",
        "type",
        "name",
        "custom",
        "parent",
        "provider",
        "inputs",
        "id",
        "computed",
        "options",
        "dependencies",
        "propertyDependencies",
      ]);
    }
    const bucket = made.resources.find((resource) => resource.name === "shop-bucket");
    assert.ok(bucket);
    assert.deepEqual(bucket.inputs["tags"], { Owner: "platform", Remedy: "yes" });
    assert.deepEqual(bucket.inputs["tagsAll"], { Environment: "dev", Owner: "platform" });
    assert.equal(bucket.computed?.["arn"], `arn:aws:s3:::${bucket.id ?? ""}`);
    const policy = made.resources.find((resource) => resource.name === "shop-policy");
    assert.deepEqual(policy?.propertyDependencies, { bucket: [bucket.urn], policy: [bucket.urn] });
    assert.deepEqual(
      made.violations.map(({ policy: rule, level }) => [rule, level]),
      [
        ["protected-parameter", "advisory"],
        ["stack-size", "advisory"],
      ],
    );
    const { milliseconds, ...summary } = made.summary;
    assert.ok(milliseconds > 0);
    assert.deepEqual(summary, {
      resources: 7,
      components: 1,
      mandatory: 0,
      advisory: 2,
      exempted: 0,
      notEvaluated: 0,
      remediations: [{ policy: "bucket-versioned", urn: bucket.urn }],
      policyPack: "shop-rules",
      policies: 4,
      asPreview: false,
    });
    assert.match(stderr, /the program speaks/);
  });

  it("writes JSON to a file in one step, beside the printed plan", async () => {
    const file = join(directory, "plan.json");
    const { code, stdout } = await plan(shop, ["prod", `--json=${file}`]);
    assert.equal(code, 1);
    assert.match(stdout, /^Planning prod/);
    assert.equal((JSON.parse(readFileSync(file, "utf8")) as Plan).stack, "prod");
    assert.deepEqual(readdirSync(directory), ["plan.json"]);
  });

  it("never prints a secret", async () => {
    const file = join(directory, "plan.json");
    const { stdout, stderr } = await plan(shop, ["dev", "--json", file]);
    const json = readFileSync(file, "utf8");
    for (const text of [stdout, stderr, json]) assert.doesNotMatch(text, hidden);
    const parameters = (JSON.parse(json) as Plan).resources.filter((r) => r.type === "aws:ssm/parameter:Parameter");
    assert.deepEqual(
      parameters.map((r) => r.inputs["value"]),
      ["[secret]", "[secret]"],
    );
  });

  it("leaves unknown what only the cloud knows with --as-preview", async () => {
    const { code, stdout } = await plan(shop, ["dev", "--as-preview", "--json", "-"]);
    const made = JSON.parse(stdout) as Plan;
    const policy = made.resources.find((resource) => resource.name === "shop-policy");
    assert.equal(policy?.inputs["policy"], unknown);
    assert.equal(made.outputs["account"], "111111111111");
    assert.equal(made.summary.asPreview, true);
    assert.match(made.violations.find((v) => v.policy === "stack-size")?.message ?? "", /dry run true/);
    assert.equal(code, 0);
  });

  it("has no colour where the output is no terminal, nor escape codes of any kind", async () => {
    const { stdout, stderr } = await plan(shop, ["dev"], { FORCE_COLOR: "1" });
    assert.ok(!stdout.includes("\u001b") && !stderr.includes("\u001b"));
  });

  it("says how it is used", async () => {
    const { code, stdout } = await plan(directory, ["--help"]);
    assert.match(stdout, /Usage: npm run plan -- <stack> \[options\]/);
    assert.equal(code, 0);
  });

  const usage: [args: string[], message: string][] = [
    [["nosuch"], `no stack "nosuch": Pulumi.nosuch.yaml is not in ${shop}; stacks with a file: dev, prod`],
    [[], "which stack? (stacks with a file: dev, prod); npm run plan -- <stack>, more with --help"],
    [["dev", "--bogus"], "unknown option --bogus; see npm run plan -- --help"],
    [["dev", "--json"], "--json needs a file, or - for the standard output; see npm run plan -- --help"],
    [
      ["dev", "--json", "--as-preview"],
      "--json needs a file, or - for the standard output; see npm run plan -- --help",
    ],
    [["dev", "--as-preview=no"], "--as-preview takes no value; see npm run plan -- --help"],
    [["dev", "--policy-pack", "."], `no policy pack in ${shop}: a pack's directory has a PulumiPolicy.yaml`],
    [["dev", "--access", "--as-preview"], "--access needs to read what --as-preview leaves unknown: take one of them"],
    [["dev", "prod"], "one stack at a time, not dev and prod; see npm run plan -- --help"],
  ];
  for (const [args, message] of usage) {
    it(`ends with 2 for wrong usage: ${args.join(" ")}`, async () => {
      assert.deepEqual(await plan(shop, args), { code: 2, stdout: "", stderr: `error: ${message}\n` });
    });
  }

  it("ends with 2 outside a project, and for a file that cannot be written", async () => {
    const outside = await plan(directory, ["dev"]);
    assert.equal(outside.code, 2);
    assert.match(outside.stderr, /^error: no Pulumi\.yaml in .* or above it: run this inside a Pulumi project\n$/);
    const file = join(directory, "not/there.json");
    const unwritable = await plan(cases, ["fine", "--json", file]);
    assert.equal(unwritable.code, 2);
    assert.match(unwritable.stderr, /^error: cannot write .*there\.json: ENOENT/m);
  });

  it("ends with 2 for a stack file that is empty or broken, with the line", async () => {
    writeFileSync(join(directory, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    writeFileSync(join(directory, "Pulumi.empty.yaml"), "");
    writeFileSync(join(directory, "Pulumi.broken.yaml"), 'config:\n  p:a: "x\n');
    const empty = await plan(directory, ["empty"]);
    assert.deepEqual([empty.code, empty.stderr.startsWith("error: Pulumi.empty.yaml is empty")], [2, true]);
    const broken = await plan(directory, ["broken"]);
    assert.equal(broken.code, 2);
    assert.match(
      broken.stderr,
      /^error: Pulumi\.broken\.yaml is not valid YAML:\n {2}Pulumi\.broken\.yaml:3: Missing closing "quote\n$/,
    );
  });

  const failures: [stack: string, code: number, stderr: RegExp][] = [
    [
      "resource",
      1,
      /^error: (urn:.*::topic)\n {2}Default provider for 'aws' disabled\. '\1' must use an explicit provider\.\n$/,
    ],
    ["invoke", 1, /^error: the program failed: Invoke: Default provider for 'aws' disabled\./],
    ["duplicate", 1, /^error: (urn:.*::fixed)\n {2}Duplicate resource URN '\1'; try giving it a unique name\n$/],
    ["refused", 1, /^error: WebService "api":\n {2}cpu: 100: set 256\n$/],
    ["settings", 2, /^error: kiban:account\.id: 12: 12 digits\n$/],
    [
      "throws",
      1,
      /^error: the program failed: Cannot read properties of undefined \(reading 'length'\)\n {4}at .*unforeseen.* \(index\.ts:21:\d+\)\n/,
    ],
    ["apply", 1, /^error: the program failed: .*\(reading 'length'\)\n {4}at unforeseen \(index\.ts:21:\d+\)\n$/],
    ["long-name", 1, /is longer than maximum length 32\n$/],
    ["unknown", 1, /has no answer to aws:ec2\/getAmi:getAmi/],
  ];
  for (const [stack, code, message] of failures) {
    it(`tells a failure without a stack trace of its own: ${stack}`, async () => {
      const ended = await plan(cases, [stack]);
      assert.match(ended.stderr, message);
      assert.doesNotMatch(ended.stderr, /node_modules|node:internal|at .*(plan|sandbox)\//);
      assert.deepEqual([ended.code, ended.stdout], [code, ""]);
    });
  }

  it("says so where a project has no policy pack", async () => {
    const { code, stdout } = await plan(cases, ["fine"]);
    assert.match(stdout, /no policy pack \(no folder policy\/ with a PulumiPolicy\.yaml\)/);
    assert.equal(code, 0);
  });

  it("runs an edited program without a build step, and tells a syntax error with its place", async () => {
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: p\nruntime: nodejs\nmain: app.ts\n");
    writeFileSync(join(directory, "Pulumi.dev.yaml"), "config: {}\n");
    const program = join(directory, "app.ts");
    writeFileSync(program, "export const answer: number = 41;\n");
    assert.match((await plan(directory, ["dev"])).stdout, /answer: 41/);
    writeFileSync(program, "export const answer: number = 42;\n");
    assert.match((await plan(directory, ["dev"])).stdout, /answer: 42/);
    writeFileSync(program, "export const answer = {;\n");
    const broken = await plan(directory, ["dev"]);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /^error: the program could not be loaded:\n.*app\.ts:\d+/);
    assert.ok(!existsSync(join(directory, "app.js")));
  });
});
