import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Ajv } from "ajv";
import addFormats from "ajv-formats";

import { planStack } from "../../plan/run";
import { faultsOfConfig, settle } from "../../policy/lib/configure";
import { near } from "../../policy/lib/near";
import { packPolicy } from "../../policy/lib/pack";
import { setPackSettings } from "../../policy/lib/settings";
import { rules } from "../../policy/rules";
import { sqsSse } from "../../policy/rules/encryption";
import { configurationSchema, schemaFile } from "../../policy/scripts/schema";
import { analyse } from "./harness";

const root = resolve(__dirname, "../..");
const policies = [...rules, packPolicy];
const given = (config: Record<string, Record<string, unknown>>) => new Map(Object.entries(config));
const common = "enforcementLevel, levels, environments, strictUnknown";

describe("configuration of the pack", () => {
  const faults: [config: Record<string, Record<string, unknown>>, faults: string[]][] = [
    [{}, []],
    [{ all: {}, pack: { strictUnknown: true }, "sqs-sse": { levels: { dev: "mandatory" } } }, []],
    [{ "tag-required-keys": { keys: ["Owner"] } }, []],
    [{ "sqs-see": {} }, ['"sqs-see" is no rule of the pack; near: sqs-sse, sns-sse']],
    [{ "no-such-thing-at-all": {} }, ['"no-such-thing-at-all" is no rule of the pack']],
    [{ "sqs-sse": { level: "x" } }, [`"sqs-sse" has no key "level"; near: levels; keys: ${common}`]],
    [{ "aurora-backup": { Days: 3 } }, [`"aurora-backup" has no key "Days"; near: days; keys: ${common}, days`]],
    [{ all: { environments: {} } }, ['"all" sets a level alone, not environments']],
    [
      { packs: {}, "cf-waf": { x: 1, y: 2 } },
      [
        '"packs" is no rule of the pack; near: pack',
        `"cf-waf" has no key "x"; keys: ${common}`,
        `"cf-waf" has no key "y"; keys: ${common}`,
      ],
    ],
  ];
  for (const [config, expected] of faults) {
    it(`${expected.length === 0 ? "takes" : "refuses"} ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOfConfig(given(config), policies), expected);
    });
  }

  it("says which names are near, the nearest first, and none that is far", () => {
    assert.deepEqual(near("abc", ["abd", "abc", "xyz", "ab"]), ["abc", "abd", "ab"]);
    assert.deepEqual(near("kms-rotate", ["kms-rotation", "logs-kms"]), ["kms-rotation"]);
    assert.deepEqual(near("q", ["waf", "nat"]), []);
  });

  it("sets the environments of every rule, and a rule its own before them", () => {
    const [settings, wrong] = settle(given({ pack: { environments: { "alice-1": "dev" } } }), policies, root);
    assert.deepEqual(wrong, []);
    setPackSettings(settings);
    try {
      const level = (config = {}) => {
        const found = analyse(sqsSse, "aws:sqs/queue:Queue", {}, { stack: "alice-1", config });
        return typeof found === "string" ? found : (found[0]?.enforcementLevel ?? "mandatory");
      };
      assert.equal(level(), "advisory");
      assert.equal(level({ environments: { "alice-1": "stg" } }), "mandatory");
      assert.equal(level({ environments: { other: "stg" } }), "advisory");
    } finally {
      setPackSettings({});
    }
  });
});

describe("config.schema.json", () => {
  const schema = readFileSync(schemaFile, "utf8");
  const validate = addFormats(new Ajv()).compile(JSON.parse(schema) as object);

  it("is that of the code", async () => {
    assert.equal(schema, await configurationSchema(), "stale: run npx ts-node policy/scripts/readme.ts");
  });

  it("takes what the README shows, and let-go.json", () => {
    const readme = readFileSync(join(root, "policy/README.md"), "utf8");
    const examples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, text = ""]) => JSON.parse(text) as unknown,
    );
    assert.ok(examples.length > 0);
    for (const example of [...examples, JSON.parse(readFileSync(join(root, "policy/let-go.json"), "utf8"))]) {
      assert.ok(validate(example), JSON.stringify(validate.errors));
    }
  });

  for (const slip of [
    { "sqs-see": "disabled" },
    { "sqs-sse": "off" },
    { "sqs-sse": { level: "advisory" } },
    { "sqs-sse": { levels: { test: "advisory" } } },
    { "sqs-sse": { environments: { a: "test" } } },
    { "aurora-backup": { days: "7" } },
    { pack: { strictUnknown: "yes" } },
    { pack: { exemptions: [{ rule: "sqs-sse" }] } },
    { all: { days: 1 } },
  ]) {
    it(`refuses ${JSON.stringify(slip)}`, () => assert.equal(validate(slip), false));
  }
});

describe("--policy-pack-config of a plan", function () {
  this.timeout(60_000);
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), "kiban-config-"))));
  after(() => rmSync(directory, { recursive: true }));

  const shop = join(root, "test/fixtures/projects/shop");
  async function run(config: unknown, options: { policyPack?: string } = {}) {
    const file = join(directory, "config.json");
    writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
    return planStack({ projectDir: shop, stack: "prod", policyPackConfig: file, ...options });
  }
  const refused = (lines: readonly string[]) => ({
    name: "UsageError",
    message: [`the policy pack's configuration in ${join(directory, "config.json")} is refused:`, ...lines].join(
      "\n  ",
    ),
  });

  it("sets levels and properties over the schemas' defaults, `all` below a policy's own", async () => {
    const levels = (plan: Awaited<ReturnType<typeof run>>) =>
      [...new Set(plan.violations.map((v) => `${v.level} ${v.policy}`))].sort();
    const own = { all: "mandatory", "stack-size": "disabled", "protected-parameter": { enforcementLevel: "advisory" } };
    const made = await run({ ...own, "bucket-owner": { key: "Nobody" } });
    assert.deepEqual(levels(made), ["advisory protected-parameter", "mandatory bucket-owner", "mandatory off"].sort());
    assert.ok(made.violations.some(({ message }) => message.includes("set tags.Nobody")));
  });

  it("refuses what is no configuration, and values of a wrong type, with every fault", async () => {
    await assert.rejects(run("{"), { name: "UsageError", message: /config\.json: .*JSON/ });
    await assert.rejects(run("[]"), { name: "UsageError", message: /must be an object/ });
    const level = "a level is one of advisory, mandatory, remediate, disabled";
    await assert.rejects(
      run({ "bucket-owner": "off", "stack-size": 7, off: { enforcementLevel: 1 } }),
      refused([`"bucket-owner": ${level}`, '"stack-size" must be a level or an object', `"off": ${level}`]),
    );
    await assert.rejects(run({ "bucket-owner": { key: 7 } }), refused(['"bucket-owner": key must be string']));
  });

  it("hands unknown names and keys to the pack, which refuses them with every fault", async () => {
    const policyPack = join(root, "policy");
    const config = {
      "sqs-see": { levels: {} },
      "sqs-sse": { level: "advisory" },
      pack: { exemptionsFile: "none.yaml" },
    };
    await assert.rejects(run(config, { policyPack }), {
      name: "UsageError",
      message: [
        "the configuration of the policy pack is refused:",
        '  "sqs-see" is no rule of the pack; near: sqs-sse, sns-sse',
        `  "sqs-sse" has no key "level"; near: levels; keys: ${common}`,
        `  the file of exemptions is not there: ${join(policyPack, "none.yaml")}`,
      ].join("\n"),
    });
  });
});
