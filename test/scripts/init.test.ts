import * as assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { init } from "../../scripts/init";
import { stacks } from "../../scripts/init/answers";
import { StackFile } from "../../scripts/stack-file";
import { fixtures, makeProject } from "./project";

const answers = {
  region: "us-east-1",
  zones: "a,b,c",
  "dev-account": "012345678901",
  "stg-account": "123456789012",
  "prod-account": "234567890123",
  emails: "ops@acme.io,dana@acme.io",
  github: "Acme/shop",
};
const ids = { "github-owner-id": "9919", "github-repository-id": "123456789" };
const flags = (given: Record<string, string>): string[] =>
  Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, value]);

describe("npm run init", function () {
  this.timeout(240_000);
  let project: string;
  beforeEach(() => (project = makeProject()));
  afterEach(() => rmSync(project, { recursive: true }));

  const read = (stack: string): string => readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8");
  const account = (stack: string): StackFile => StackFile.open(join(project, "account", `Pulumi.${stack}.yaml`));
  const all = (): string[] => [
    ...stacks.map(read),
    ...stacks.map((stack) => account(stack).content),
    readFileSync(join(project, "Pulumi.yaml"), "utf8"),
  ];
  const value = (stack: string, ...path: string[]): unknown =>
    StackFile.open(join(project, `Pulumi.${stack}.yaml`)).value(["config", ...path]);

  /** Runs it without a terminal, or with typed answers; returns what it said. */
  async function run(args: readonly string[], typed?: string[]): Promise<string> {
    const said: string[] = [];
    const ask = (question: string): Promise<string> => {
      said.push(question);
      return Promise.resolve(typed?.shift() ?? assert.fail(`no answer to ${question}`));
    };
    await init(project, args, { say: (line) => said.push(line), ask: typed && ask });
    return said.join("\n");
  }

  it("writes the three files so that they plan, and no policy refuses them", async () => {
    const zones = { "dev-zone-id": "Z0000000DEV", "stg-zone-id": "Z0000000STG", "prod-zone-id": "Z000000PROD" };
    await run(flags({ ...answers, ...ids, ...zones, project: "shop", domain: "acme.io" }));
    for (const stack of stacks) {
      const plan = await planStack({ projectDir: project, stack });
      assert.deepEqual([plan.project, plan.violations], ["shop", []], stack);
      assert.equal(value(stack, "kiban:account", "id"), answers[`${stack}-account`]);
      assert.deepEqual(value(stack, "kiban:notifications", "emails"), ["ops@acme.io", "dana@acme.io"]);
      assert.doesNotMatch(read(stack), /ap-northeast-1|example\.com|4f2a9d1c|EXAMPLE|222222|333333|111111/);
    }
    assert.deepEqual(value("dev", "kiban:domain"), { name: "dev.acme.io", zoneId: "Z0000000DEV" });
    assert.equal(value("dev", "kiban:edge", "withoutDomain"), undefined);
    assert.deepEqual(value("prod", "kiban:domain", "aliases"), ["www.acme.io"]);
    assert.deepEqual(value("prod", "kiban:network", "availabilityZones"), ["us-east-1a", "us-east-1b", "us-east-1c"]);
    assert.deepEqual(value("stg", "kiban:network", "availabilityZones"), ["us-east-1a", "us-east-1b"]);
  });

  it("writes the account stacks' files so that they plan and trust the repository, by its numbers too", async () => {
    await run(flags({ ...answers, ...ids }));
    for (const stack of stacks) {
      const plan = await planStack({ projectDir: join(project, "account"), stack });
      assert.deepEqual(plan.violations, [], stack);
      const role = plan.resources.find(
        ({ type, name }) => type === "aws:iam/role:Role" && name === "github-deploy-role",
      );
      const trust = JSON.stringify(role?.inputs["assumeRolePolicy"]).replaceAll("\\", "");
      assert.match(trust, new RegExp(`"repo:Acme/shop:environment:${stack}"`));
      assert.match(trust, new RegExp(`"repo:Acme@9919/shop@123456789:environment:${stack}"`));
      assert.equal(account(stack).value(["secretsprovider"]), "awskms://alias/kiban-pulumi?region=us-east-1");
    }
    const changed = readFileSync(join(fixtures, "account", "Pulumi.prod.yaml"), "utf8").split("\n");
    assert.deepEqual(
      account("prod")
        .content.split("\n")
        .filter((line) => !changed.includes(line)),
      [
        "secretsprovider: awskms://alias/kiban-pulumi?region=us-east-1",
        "    repositoryId: 123456789",
        "    ownerId: 9919",
        "    owner: Acme # as in the repository's address; ownerId and repositoryId trust it by its numbers too",
        "    name: shop",
      ],
    );
  });

  it("takes the model by a profile that the region has, and says where it may be asked", async () => {
    const model = (): unknown => value("prod", "kiban:ai", "model");
    await run(flags(answers));
    assert.equal(model(), "us.anthropic.claude-haiku-4-5-20251001-v1:0");
    rmSync(project, { recursive: true });
    project = makeProject();
    const near = await run(flags({ ...answers, region: "eu-west-1" }));
    assert.equal(model(), "eu.anthropic.claude-haiku-4-5-20251001-v1:0");
    assert.doesNotMatch(near, /kiban:ai/);
    assert.deepEqual((await planStack({ projectDir: project, stack: "prod" })).violations, []);
    rmSync(project, { recursive: true });
    project = makeProject();
    const far = await run(flags({ ...answers, region: "ap-southeast-1" }));
    assert.equal(model(), "global.anthropic.claude-haiku-4-5-20251001-v1:0");
    assert.match(far, /look at kiban:ai of dev, stg, prod: a global model may be asked and answered in any region/);
    const { violations } = await planStack({ projectDir: project, stack: "prod" });
    assert.deepEqual([...new Set(violations.map(({ policy }) => policy))], ["bedrock-model-allow-list"]);
  });

  it("puts the account into the ARN of the monitor that it does not know yet", async () => {
    await run(flags(answers));
    assert.equal(
      value("prod", "kiban:budget", "anomalies", "monitorArn"),
      "arn:aws:ce::234567890123:anomalymonitor/00000000-0000-0000-0000-000000000000",
    );
  });

  it("does not replace a repository that a user set, unless it is told to", async () => {
    await run(flags({ ...answers, ...ids }));
    assert.match(await run([]), /^The files say all of it already\./);
    const before = all();
    await assert.rejects(run(flags({ github: "Acme/other" })), (error: Error) => {
      assert.match(
        error.message,
        /account\/Pulumi\.stg\.yaml: kiban-account:github\.name: is "shop", the answer is "other"/,
      );
      return true;
    });
    assert.deepEqual(all(), before);
    await run([...flags({ github: "Acme/other" }), "--force"]);
    assert.equal(account("stg").value(["config", "kiban-account:github", "name"]), "other");
  });

  it("does without a domain at first: dev is ready, the others plan and wait for their zones", async () => {
    const said = await run(flags(answers));
    assert.match(said, /before stg and prod: make the hosted zone, .* --stg-zone-id Z\.\.\. --prod-zone-id Z\.\.\./);
    assert.equal(value("dev", "kiban:edge", "withoutDomain"), true);
    assert.deepEqual((await planStack({ projectDir: project, stack: "stg" })).violations, []);
  });

  it("keeps comments, and every line that it has no answer for", async () => {
    const before = read("dev").split("\n");
    await run(flags({ ...answers, region: "ap-northeast-1", zones: "a,c,d" }));
    const after = read("dev").split("\n");
    assert.deepEqual(
      before.filter((line) => !after.includes(line)).map((line) => line.trim().split(":")[0]),
      ["id", "emails", "image", "image", "image"],
    );
    assert.ok(after.includes("    availabilityZones: [ap-northeast-1a, ap-northeast-1c] # append only"));
  });

  it("can be run again: with the same answers nothing changes, and what the files say need not be said", async () => {
    await run(flags({ ...answers, domain: "acme.io", "prod-zone-id": "Z000000PROD" }));
    const once = all();
    assert.match(await run([]), /^The files say all of it already\./);
    assert.match(await run(flags(answers)), /^The files say all of it already\./);
    assert.deepEqual(all(), once);
    await run(flags({ "stg-zone-id": "Z0000000STG" }));
    assert.deepEqual(value("stg", "kiban:domain"), { name: "stg.acme.io", zoneId: "Z0000000STG" });
    await run(flags({ "dev-zone-id": "Z0000000DEV" }));
    assert.deepEqual(value("dev", "kiban:domain"), { name: "dev.acme.io", zoneId: "Z0000000DEV" });
    assert.match(await run([]), /^The files say all of it already\./);
  });

  it("goes on where a run was interrupted between two files", async () => {
    await run(flags(answers));
    const whole = all();
    for (const file of ["Pulumi.dev.yaml", "Pulumi.stg.yaml", "account/Pulumi.dev.yaml"]) {
      cpSync(join(fixtures, file), join(project, file));
    }
    await run(flags({ "dev-account": answers["dev-account"], "stg-account": answers["stg-account"] }));
    assert.deepEqual(all(), whole);
  });

  it("does not replace what a user wrote, unless it is told to", async () => {
    await run(flags(answers));
    const before = all();
    const other = flags({ region: "eu-west-1", "dev-account": "999999999999" });
    await assert.rejects(run(other), (error: Error) => {
      assert.equal(error.name, "UsageError");
      assert.match(error.message, /^The files are as they were\./);
      assert.match(
        error.message,
        /Pulumi\.dev\.yaml: kiban:account\.id: is "012345678901", the answer is "999999999999"/,
      );
      assert.match(
        error.message,
        /Pulumi\.prod\.yaml: kiban:account\.region: is "us-east-1", the answer is "eu-west-1"/,
      );
      assert.match(error.message, /--force to replace them\.$/);
      return true;
    });
    assert.deepEqual(all(), before);
    await run([...other, "--force"]);
    assert.equal(value("dev", "kiban:account", "id"), "999999999999");
    assert.deepEqual(value("stg", "kiban:network", "availabilityZones"), ["eu-west-1a", "eu-west-1b"]);
  });

  it("does not replace receivers that a user set before the first run", async () => {
    const file = join(project, "Pulumi.dev.yaml");
    writeFileSync(file, read("dev").replace("dev-alerts@example.com", "me@acme.io"));
    await assert.rejects(run(flags(answers)), /Pulumi\.dev\.yaml: kiban:notifications\.emails: is \["me@acme\.io"\]/);
  });

  it("names every fault at once, and writes nothing", async () => {
    const before = all();
    const given = {
      project: "My Shop",
      region: "tokyo",
      zones: "a",
      "dev-account": "1234",
      "stg-account": "123456789012",
      "prod-account": "123456789012",
      "prod-zone-id": "Z000000PROD",
      github: "https://github.com/acme/shop",
      "github-owner-id": "9919",
    };
    await assert.rejects(run(flags(given)), (error: Error) => {
      assert.deepEqual(error.message.split("\n  "), [
        "The stack files are as they were:",
        '--project: was "My Shop"; allowed: kebab-case; it begins the names in AWS and cannot change after the first deployment',
        '--region: was "tokyo"; allowed: a region such as ap-northeast-1',
        '--zones: was "a"; allowed: letters such as a,c,d; dev and stg take the first two',
        '--dev-account: was "1234"; allowed: 12 digits; each stack has an account of its own',
        "--emails: was not given; allowed: e-mail addresses, with commas between them",
        '--github: was "https://github.com/acme/shop"; allowed: owner/name: the accounts trust that repository\'s workflows',
        '--prod-account: was "123456789012"; allowed: an account of its own; stg has it',
        '--prod-zone-id: was "Z000000PROD"; allowed: only with --domain',
        '--github-repository-id: was "none"; allowed: both numbers of the repository, or neither',
      ]);
      return true;
    });
    assert.deepEqual(all(), before);
  });

  it("names every option that it does not know", async () => {
    await assert.rejects(run(["--regoin", "x", "--region", "--emails"]), {
      name: "UsageError",
      message:
        "--regoin: is no option; see npm run init -- --help\nx: is no option; see npm run init -- --help\n" +
        "--region: needs a value\n--emails: needs a value",
    });
    assert.match(await run(["--help"]), /--prod-account +AWS account id of prod/);
  });

  it("asks in a terminal for what no option says, again until it can take the answer", async () => {
    const typed = ["", "us-east-1", "a,b,c", "1", "012345678901", "123456789012", "234567890123", "", "ops@acme.io"];
    typed.push("Acme/shop", "9919", "123456789");
    const said = await run([], typed);
    assert.match(said, /Name of the project \[kiban\]: \n/);
    assert.match(
      said,
      /AWS account id of dev: \n {2}allowed: 12 digits; each stack has an account of its own\nAWS account id of dev: \n/,
    );
    assert.doesNotMatch(said, /hosted zone of/);
    assert.equal(value("dev", "kiban:account", "id"), "012345678901");
    assert.deepEqual(typed, []);
  });
});
