import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { readSettings, type Settings, SettingsError } from "../settings";
import { run } from "./harness";

const fixtures = join(__dirname, "fixtures", "stacks");
const names = { services: ["api", "worker"], tasks: ["nightly"], streams: ["clicks"], jobs: ["daily"] } as const;
type Change = (config: Record<string, Record<string, unknown>>) => void;

describe("settings", () => {
  let project: string;
  const home = process.cwd();

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "kiban-settings-"));
    cpSync(fixtures, project, { recursive: true });
    process.chdir(project);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(project, { recursive: true });
  });

  /** Reads one fixture stack as the Pulumi runtime would hand it over, after a change by hand. */
  async function read(stack: string, change: Change = () => undefined): Promise<Settings<typeof names>> {
    const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
      config: Record<string, Record<string, unknown>>;
    };
    change(file.config);
    const config = Object.entries(file.config).map(([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    let settings: Settings<typeof names> | undefined;
    const { error } = await run(() => void (settings = readSettings(names)), {
      stack,
      config: Object.fromEntries(config),
    });
    if (error !== undefined) throw error;
    assert.ok(settings);
    return settings;
  }

  /** The lines of the fault message, without its heading. */
  async function faults(stack: string, change: Change): Promise<string[]> {
    const error: unknown = await read(stack, change).then(
      () => assert.fail("the settings were accepted"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SettingsError, String(error));
    const [heading, ...lines] = error.message.split("\n");
    assert.equal(heading, `Pulumi.${stack}.yaml has ${lines.length === 1 ? "1 fault" : `${lines.length} faults`}:`);
    return lines.map((line) => line.trim());
  }

  const set =
    (block: string, key: string, value: unknown): Change =>
    (config) => {
      (config[`kiban:${block}`] as Record<string, unknown>)[key] = value;
    };

  it("reads a stack whole, with defaults and the derived tags", async () => {
    const settings = await read("dev");
    assert.deepEqual(settings.account, {
      id: "111111111111",
      region: "ap-northeast-1",
      boundary: "boundary/kiban",
    });
    assert.deepEqual(settings.defaultTags, {
      Project: "kiban",
      Environment: "dev",
      ManagedBy: "pulumi",
      Owner: "platform",
      CostCenter: "CC-1000",
      DataClass: "internal",
    });
    assert.deepEqual(settings.network.interfaceEndpoints, []);
    assert.equal(settings.services.worker.capacity, "spot");
    assert.equal(settings.services.worker.exec, false);
    assert.equal(settings.domain, undefined);
    assert.equal((await read("prod")).domain?.name, "example.com");
  });

  it("is frozen all the way down", async () => {
    const settings = await read("dev");
    assert.ok(Object.isFrozen(settings));
    assert.throws(() => Object.assign(settings.services.api, { cpu: 1 }), TypeError);
  });

  const cases: [string, Change, string][] = [
    [
      "account id that is not 12 digits",
      set("account", "id", "12345"),
      'kiban:account.id: was "12345"; allowed: an AWS account id: 12 digits, in quotes ("012345678901")',
    ],
    [
      "account id without quotes",
      set("account", "id", 444444444444),
      'kiban:account.id: was 444444444444; allowed: an AWS account id: 12 digits, in quotes ("012345678901")',
    ],
    [
      "missing key",
      (config) => delete config["kiban:account"]?.["region"],
      "kiban:account.region: was not set; allowed: an AWS region such as ap-northeast-1",
    ],
    ["missing block", (config) => delete config["kiban:tags"], "kiban:tags: was not set; allowed: a block of keys"],
    [
      "misspelt key in a block",
      set("network", "natt", "single"),
      "kiban:network.natt: is no setting; allowed here: cidrBlock, availabilityZones, maxAzs, nat, interfaceEndpoints, flowLogs",
    ],
    [
      "misspelt block",
      (config) => (config["kiban:newtork"] = {}),
      "kiban:newtork: is no setting; allowed here: account, tags, keep, network, domain, database, table, lake, warehouse, " +
        "dashboards, ai, budget, auth, edge, logs, images, cluster, notifications, streams, jobs, services, tasks",
    ],
    [
      "service that the program does not make",
      set("services", "apii", { cpu: 256 }),
      "kiban:services.apii: is no setting; allowed here: api, worker",
    ],
    [
      "stream that the program does not make",
      set("streams", "click", { logRetentionDays: 7 }),
      "kiban:streams.click: is no setting; allowed here: clicks",
    ],
    [
      "clock that EventBridge Scheduler does not take",
      set("jobs", "daily", { schedule: { expression: "every night" }, logRetentionDays: 7 }),
      'kiban:jobs.daily.schedule.expression: was "every night"; allowed: cron(...) or rate(...) as EventBridge Scheduler ' +
        "takes them",
    ],
    [
      "Redshift in fewer than three zones",
      set("warehouse", "engine", "redshiftServerless"),
      'kiban:network.availabilityZones: was ["ap-northeast-1a","ap-northeast-1c"]; allowed: at least three zones; Redshift ' +
        "Serverless wants subnets in three: give the network a third, or take engine athena",
    ],
    [
      "a capacity between Redshift's steps",
      (config) => {
        set("network", "availabilityZones", ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"])(config);
        config["kiban:warehouse"] = { engine: "redshiftServerless", redshift: { baseRpu: 12 } };
      },
      "kiban:warehouse.redshift.baseRpu: was 12; allowed: 4, 8 to 512 in steps of 8, or up to 1024 in steps of 32; set one " +
        "of these capacities",
    ],
    [
      "Snowflake's user without its external id",
      (config) =>
        (config["kiban:warehouse"] = {
          engine: "snowflake",
          snowflake: { userArn: "arn:aws:iam::999999999999:user/abc" },
        }),
      "kiban:warehouse.snowflake.externalId: was not set; allowed: both of userArn and externalId (second step) or none " +
        "(first step); anyone's Snowflake could read the lake: run DESC INTEGRATION in Snowflake and set what it shows",
    ],
    [
      "a block of an engine that is off",
      set("warehouse", "redshift", { baseRpu: 8 }),
      'kiban:warehouse.redshift: was {"baseRpu":8}; allowed: only with engine redshiftServerless; engine is athena: remove ' +
        "it, or set the engine",
    ],
    [
      "a tool that says who it is without its external id",
      set("dashboards", "external", { principalArn: "arn:aws:iam::999999999999:role/tableau" }),
      "kiban:dashboards.external.externalId: was not set; allowed: set together with principalArn; any customer of the tool " +
        "could take the role: set the one that the tool shows",
    ],
    [
      "a whole network that the tool might come from",
      set("dashboards", "external", { cidrs: ["10.0.0.0/8"] }),
      'kiban:dashboards.external.cidrs[0]: was "10.0.0.0/8"; allowed: an IPv4 block of /16 or smaller; name the addresses ' +
        "that the tool comes from, not a whole network",
    ],
    [
      "a block of a tool that is not used",
      set("dashboards", "quicksight", { authors: ["ann"] }),
      'kiban:dashboards.quicksight: was "set"; allowed: only with tool quicksight; tool is external: remove it, or set the tool',
    ],
    [
      "an author who is named twice",
      (config) => (config["kiban:dashboards"] = { tool: "quicksight", quicksight: { authors: ["ann", "ann"] } }),
      'kiban:dashboards.quicksight.authors[1]: was "ann"; allowed: each user once; remove it',
    ],
    [
      "QuickSight without the role that it reads passwords with",
      (config) => {
        set("network", "availabilityZones", ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"])(config);
        config["kiban:warehouse"] = { engine: "redshiftServerless", redshift: { passwordUsers: ["bi"] } };
        config["kiban:dashboards"] = { tool: "quicksight", warehouseUser: "bi" };
      },
      "kiban:dashboards.quicksight.secretsRoleName: was not set; allowed: the account's role; sources warehouse have " +
        "passwords: turn Secrets Manager on in QuickSight's security page and name its role",
    ],
    [
      "dashboards with a user that the warehouse does not have",
      set("dashboards", "warehouseUser", "tableau"),
      'kiban:dashboards.warehouseUser: was "tableau"; allowed: one of kiban:warehouse.redshift.passwordUsers (), or leave ' +
        "it out: then the dashboards ask the lake alone",
    ],
    [
      "CIDR with host bits",
      set("network", "cidrBlock", "10.10.0.1/16"),
      'kiban:network.cidrBlock: was "10.10.0.1/16"; allowed: an IPv4 CIDR without host bits, such as 10.10.0.0/16',
    ],
    [
      "CIDR of another stack",
      set("network", "cidrBlock", "10.20.128.0/17"),
      'kiban:network.cidrBlock: was "10.20.128.0/17"; allowed: no overlap with 10.20.0.0/16 of stack stg (Pulumi.stg.yaml)',
    ],
    [
      "account of another stack",
      set("account", "id", "333333333333"),
      'kiban:account.id: was "333333333333"; allowed: an account of its own; stack prod (Pulumi.prod.yaml) has it',
    ],
    [
      "neither a domain nor the switch",
      set("edge", "withoutDomain", undefined),
      "kiban:domain: was not set; allowed: name and zoneId of the stack's hosted zone, or kiban:edge.withoutDomain: true " +
        "while stack dev has none (HTTP inside the VPC)",
    ],
    [
      "more zones than places",
      set("network", "maxAzs", 1),
      "kiban:network.maxAzs: was 1; allowed: at least the 2 zones listed",
    ],
    [
      "zone of another region",
      set("network", "availabilityZones", ["us-east-1a"]),
      'kiban:network.availabilityZones: was "us-east-1a"; allowed: zones of ap-northeast-1 (kiban:account.region)',
    ],
    [
      "image that is no SHA",
      set("services", "worker", { image: "latest", cpu: 256, memory: 512, logRetentionDays: 7 }),
      'kiban:services.worker.image: was "latest"; allowed: a full git SHA (40 hex digits) that CI pushed; leave the line ' +
        "out while there is none",
    ],
    [
      "retention that CloudWatch does not know",
      set("services", "worker", { cpu: 256, memory: 512, logRetentionDays: 8 }),
      "kiban:services.worker.logRetentionDays: was 8; allowed: a retention that CloudWatch Logs knows, in days: 1, 3, 5, 7, " +
        "14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ],
    [
      "CPU and memory that are no pair",
      set("services", "worker", { cpu: 256, memory: 4096, logRetentionDays: 7 }),
      "kiban:services.worker.memory: was 4096; allowed: MiB that Fargate offers with cpu 256: 512, 1024, 2048",
    ],
    [
      "schedule without its six fields",
      set("services", "worker", {
        cpu: 256,
        memory: 512,
        logRetentionDays: 7,
        scaling: { min: 1, max: 2, schedules: [{ name: "night", expression: "cron(0 20 * * *)", min: 0, max: 0 }] },
      }),
      'kiban:services.worker.scaling.schedules.0.expression: was "cron(0 20 * * *)"; allowed: cron(...), at(...) or ' +
        "rate(...) as Application Auto Scaling takes them",
    ],
    [
      "active database that is not there",
      set("database", "active", "second"),
      'kiban:database.active: was "second"; allowed: one of the clusters: main',
    ],
    [
      "ACU out of steps",
      (config) => {
        const clusters = config["kiban:database"]?.["clusters"] as Record<string, Record<string, unknown>>;
        Object.assign(clusters["main"] ?? {}, { acu: { min: 0.3, max: 2 } });
      },
      "kiban:database.clusters.main.acu.min: was 0.3; allowed: ACU from 0 to 256 in steps of 0.5",
    ],
    [
      "misspelt key of a database",
      (config) => {
        const clusters = config["kiban:database"]?.["clusters"] as Record<string, Record<string, unknown>>;
        Object.assign(clusters["main"] ?? {}, { reader: [] });
      },
      "kiban:database.clusters.main.reader: is no setting; allowed here: engineVersion, acu, readers, insights, " +
        "logRetentionDays, keep, finalSnapshot, restoreFrom",
    ],
    [
      "form of capacity that is none",
      set("ai", "capacity", "reserved"),
      'kiban:ai.capacity: was "reserved"; allowed: onDemand, or provisioned: { units, commitment, unitUsdPerHour, acknowledge }',
    ],
    [
      "model of a cross-region profile that the region does not have",
      set("ai", "model", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
      'kiban:ai.model: was "us.anthropic.claude-haiku-4-5-20251001-v1:0"; allowed: in ap-northeast-1 the prefixes apac, jp, ' +
        "global, or none (as of 2026-11); take a profile that this region has",
    ],
    [
      "model without a ceiling",
      (config) => delete config["kiban:ai"]?.["ceiling"],
      "kiban:ai.ceiling: was not set; allowed: a ceiling while capacity is onDemand; set { usdPerHour, tokensPerMinute }: " +
        "without one, a loop costs what the account's quota allows",
    ],
    [
      "way of watching that is none",
      set("ai", "ceiling", { usdPerHour: 1, tokensPerMinute: 1, watch: "nobody" }),
      'kiban:ai.ceiling.watch: was "nobody"; allowed: one of alarm, calls',
    ],
    [
      "alarms that are merely on",
      set("ai", "alarms", true),
      "kiban:ai.alarms: was true; allowed: false, or { throttles, errors, latencySeconds }",
    ],
    [
      "commitment without its acknowledgement",
      (config) => {
        Object.assign(config["kiban:account"] ?? {}, { region: "us-east-1" });
        Object.assign(config["kiban:network"] ?? {}, { availabilityZones: ["us-east-1a", "us-east-1b"] });
        const provisioned = { units: 2, commitment: "oneMonth", unitUsdPerHour: 10, acknowledge: "yes" };
        const { logRetentionDays } = config["kiban:ai"] ?? {};
        config["kiban:ai"] = { model: "amazon.nova-pro-v1:0:24k", capacity: { provisioned }, logRetentionDays };
      },
      'kiban:ai.capacity.provisioned.acknowledge: was "yes"; allowed: "2 x amazon.nova-pro-v1:0:24k, oneMonth"; it is bought ' +
        "when this is deployed, and costs 14,600 USD in all: write exactly that sentence",
    ],
    [
      "documents that are the whole bucket",
      set("ai", "knowledge", { prefix: "/" }),
      'kiban:ai.knowledge.prefix: was "/"; allowed: a folder such as documents/; put the documents in a folder of their own ' +
        "and name it",
    ],
    [
      "bucket of documents that is not the lake's",
      set("ai", "knowledge", { prefix: "documents/", bucket: "mine" }),
      "kiban:ai.knowledge.bucket: is no setting; allowed here: prefix, embeddingModel, dimensions",
    ],
    [
      "engine that is none",
      set("ai", "engine", "vertex"),
      'kiban:ai.engine: was "vertex"; allowed: bedrock or sagemaker; without it bedrock',
    ],
    [
      "limit for AI above the stack's",
      set("budget", "ai", { limitUsd: 151 }),
      "kiban:budget.ai.limitUsd: was 151; allowed: at most limitUsd (150); it is a part of the stack's",
    ],
    [
      "ceiling of logs that is none",
      set("logs", "gbPerHour", 0),
      "kiban:logs.gbPerHour: was 0; allowed: gigabytes that may be written to logs within an hour, above 0",
    ],
    [
      "receiver that is no address",
      set("notifications", "emails", ["ops"]),
      'kiban:notifications.emails.0: was "ops"; allowed: an e-mail address',
    ],
    [
      "no receiver",
      set("notifications", "emails", []),
      "kiban:notifications.emails: was []; allowed: a list of at least one e-mail address",
    ],
  ];
  for (const [title, change, line] of cases) {
    it(`refuses: ${title}`, async () => assert.deepEqual(await faults("dev", change), [line]));
  }

  describe("a model of one's own", () => {
    const own =
      (ai: object): Change =>
      (config) =>
        (config["kiban:ai"] = { engine: "sagemaker", logRetentionDays: 7, ...ai });
    const realTime = { instanceType: "ml.m5.large", min: 1, max: 2 };
    const hours = { start: "cron(0 8 ? * MON-FRI *)", stop: "cron(0 20 ? * MON-FRI *)" };
    const gpu = { instanceType: "ml.g5.xlarge", max: 1 };

    it("is taken in each way to serve it, with or without an image, and in dev without a way", async () => {
      for (const ai of [
        {},
        {
          image: "4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98",
          artefact: "models/1.tar.gz",
          environment: { MODE: "fast" },
        },
        { serving: { serverless: { memoryMiB: 4096, maxConcurrency: 1 } } },
        { serving: { realTime }, capture: { percent: 10 } },
        { serving: { realTime: { ...realTime, max: 1, hours } } },
        { serving: { async: { ...gpu, acknowledge: "1 x ml.g5.xlarge" } } },
      ]) {
        const settings = await read("dev", own(ai));
        assert.deepEqual(settings.ai, { engine: "sagemaker", logRetentionDays: 7, ...ai });
      }
    });

    it("says how it is served in a stack that keeps its data", async () => {
      assert.deepEqual(await faults("prod", own({})), [
        "kiban:ai.serving: was not set; allowed: one of serverless, realTime and async while kiban:keep is true; say what " +
          "answers: serverless, as a stack has it that keeps nothing, has cold starts",
      ]);
      assert.equal((await read("prod", own({ serving: { realTime } }))).ai?.engine, "sagemaker");
    });

    const path = "kiban:ai.serving";
    const wrong: [what: string, ai: object, lines: string[]][] = [
      [
        "keys of a model of Bedrock",
        { model: "amazon.nova-lite-v1:0" },
        [
          "kiban:ai.model: is no setting; allowed here: engine, image, artefact, environment, serving, capture, alarms, " +
            "logRetentionDays",
        ],
      ],
      [
        "an unknown way to serve",
        { serving: { batch: {} } },
        [`${path}.batch: is no setting; allowed here: serverless, realTime, async`],
      ],
      ["no alarms", { alarms: false }, ["kiban:ai.alarms: was false; allowed: a block of keys"]],
      ["no way to serve", { serving: {} }, [`${path}: was {}; allowed: one of serverless, realTime and async`]],
      [
        "a GPU without a server",
        { serving: { serverless: { memoryMiB: 1024, maxConcurrency: 1, instanceType: "ml.g5.xlarge" } } },
        [`${path}.serverless.instanceType: is no setting; allowed here: memoryMiB, maxConcurrency`],
      ],
      [
        "sizes that there are not, and capture without instances",
        { serving: { serverless: { memoryMiB: 1000, maxConcurrency: 201 } }, capture: { percent: 5 } },
        [
          `${path}.serverless.memoryMiB: was 1000; allowed: 1024 to 6144 in steps of 1024; set one of those sizes`,
          `${path}.serverless.maxConcurrency: was 201; allowed: a whole number from 1 to 200; set one in that range`,
          "kiban:ai.capture: was 5; allowed: none with serverless; remove it, or serve in realTime",
        ],
      ],
      [
        "a GPU that nobody acknowledged, and fewer instances than the least",
        { serving: { realTime: { ...gpu, min: 2 } } },
        [
          `${path}.realTime.max: was 1; allowed: a whole number from 2 to 1000; set one in that range`,
          `${path}.realTime.acknowledge: was not set; allowed: "1 x ml.g5.xlarge"; an accelerator is rented by the hour, used ` +
            "or not: write exactly that",
        ],
      ],
      [
        "hours of what scales",
        { serving: { realTime: { ...realTime, hours } } },
        [
          `${path}.realTime.hours: was "min 1, max 2"; allowed: one number of instances; set max to min, or remove hours`,
        ],
      ],
      [
        "an image, an artefact and a topic that are none",
        { image: "latest", artefact: "/model.bin", serving: { async: { ...gpu, topicArn: "results" } } },
        [
          'kiban:ai.image: was "latest"; allowed: a full git SHA (40 hex digits) that CI pushed; leave the line out while there ' +
            "is none",
          `${path}.async.topicArn: was "results"; allowed: an SNS topic's ARN`,
        ],
      ],
      [
        "an artefact that is not packed",
        { artefact: "models/1.bin" },
        ['kiban:ai.artefact: was "models/1.bin"; allowed: the key of a .tar.gz; pack the model so, and name its key'],
      ],
    ];
    for (const [what, ai, lines] of wrong) {
      it(`refuses: ${what}`, async () => assert.deepEqual(await faults("dev", own(ai)), lines));
    }
  });

  it("reports every fault at once, also those between keys", async () => {
    const lines = await faults("dev", (config) => {
      set("account", "id", "1")(config);
      set("network", "maxAzs", 1)(config);
      set("network", "cidrBlock", "10.20.0.0/16")(config);
      set("tags", "Ownr", "me")(config);
    });
    assert.deepEqual(
      lines.map((line) => line.slice(0, line.indexOf(":", "kiban:".length))),
      ["kiban:account.id", "kiban:tags.Ownr", "kiban:network.maxAzs", "kiban:network.cidrBlock"],
    );
  });

  it("never shows a value that the stack file holds encrypted", async () => {
    const path = join(project, "Pulumi.dev.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace('id: "111111111111"', "id: { secure: v1:abcd }"));
    assert.deepEqual(await faults("dev", set("account", "id", "hunter2")), [
      'kiban:account.id: was [secret]; allowed: an AWS account id: 12 digits, in quotes ("012345678901")',
    ]);
  });

  it("leaves another stack's broken file to that stack", async () => {
    writeFileSync(join(project, "Pulumi.stg.yaml"), "config: [broken");
    assert.equal((await read("dev")).stack, "dev");
  });
});
