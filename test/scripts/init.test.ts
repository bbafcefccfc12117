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
};
const flags = (given: Record<string, string>): string[] =>
  Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, value]);

describe("npm run init", function () {
  this.timeout(120_000);
  let project: string;
  beforeEach(() => (project = makeProject()));
  afterEach(() => rmSync(project, { recursive: true }));

  const read = (stack: string): string => readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8");
  const all = (): string[] => [...stacks.map(read), readFileSync(join(project, "Pulumi.yaml"), "utf8")];
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
    await run(flags({ ...answers, ...zones, project: "shop", domain: "acme.io" }));
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
    for (const stack of ["dev", "stg"]) {
      cpSync(join(fixtures, `Pulumi.${stack}.yaml`), join(project, `Pulumi.${stack}.yaml`));
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
    };
    await assert.rejects(run(flags(given)), (error: Error) => {
      assert.deepEqual(error.message.split("\n  "), [
        "The stack files are as they were:",
        '--project: was "My Shop"; allowed: kebab-case; it begins the names in AWS and cannot change after the first deployment',
        '--region: was "tokyo"; allowed: a region such as ap-northeast-1',
        '--zones: was "a"; allowed: letters such as a,c,d; dev and stg take the first two',
        '--dev-account: was "1234"; allowed: 12 digits; each stack has an account of its own',
        "--emails: was not given; allowed: e-mail addresses, with commas between them",
        '--prod-account: was "123456789012"; allowed: an account of its own; stg has it',
        '--prod-zone-id: was "Z000000PROD"; allowed: only with --domain',
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
