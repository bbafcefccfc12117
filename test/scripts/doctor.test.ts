import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { checks, examine, parse, render, type World } from "../../scripts/doctor";
import { awsOf, type Clients } from "../../scripts/doctor/aws";
import { concurrencyOf, fargateOf } from "../../scripts/doctor/capacity";
import { tokenQuotaName } from "../../scripts/doctor/quotas";
import { type Wants, wantsOf } from "../../scripts/doctor/wants";
import { init } from "../../scripts/init";
import { makeProject, root } from "./project";
import { awsError, recorded } from "./recorded";

const id = "234567890123";
const monitorArn = `arn:aws:ce::${id}:anomalymonitor/5a1c0f2e-1111-4222-8333-444455556666`;
const sha = "0123456789abcdef0123456789abcdef01234567";
const nameServers = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"];
const quota = (QuotaCode: string, Value: number, QuotaName = "") => ({ QuotaCode, Value, QuotaName });
const tokensName = "Cross-region model inference tokens per minute for Anthropic Claude Haiku 4.5";

const wants: Wants = {
  fargate: { onDemand: { least: 8, most: 31.5 }, spot: { least: 0, most: 0 } },
  concurrency: { least: 1, most: 9 },
  receivers: [
    { address: "ops@acme.io", region: "ap-northeast-1" },
    { address: "ops@acme.io", region: "us-east-1" },
  ],
  senders: ["auth.acme.io"],
  invokes: true,
  monitors: [monitorArn],
};

function args(...words: string[]) {
  const parsed = parse(words);
  assert.ok(parsed !== "help");
  return parsed;
}

/** What a healthy account answers. */
const healthy: Record<string, unknown> = {
  GetCallerIdentityCommand: { Account: id },
  HeadBucketCommand: {},
  EncryptCommand: awsError("DryRunOperationException"),
  GetHostedZoneCommand: {
    HostedZone: { Name: "acme.io.", Config: { PrivateZone: false } },
    DelegationSet: { NameServers: ["ns-2.awsdns-02.com", "NS-1.awsdns-01.org"] },
  },
  ListSubscriptionsCommand: {
    Subscriptions: [
      { Protocol: "email", Endpoint: "ops@acme.io", SubscriptionArn: `arn:aws:sns:ap-northeast-1:${id}:alerts:1` },
    ],
  },
  GetAccountCommand: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: "HEALTHY" },
  ListServiceQuotasCommand: [
    { Quotas: [quota("L-3032A538", 64)] },
    { Quotas: [quota("L-B99A9384", 1000)] },
    { Quotas: [quota("L-1", 5, "Something else")], NextToken: "2" },
    { Quotas: [quota("L-58BE175A", 1_000_000, tokensName)] },
  ],
  ListAWSDefaultServiceQuotasCommand: { Quotas: [] },
  DescribeRepositoriesCommand: {
    repositories: ["api", "worker"].map((name) => ({
      repositoryName: `${name}-images-repository-0123abc`,
      repositoryUri: `registry/${name}`,
    })),
  },
  DescribeImagesCommand: { imageDetails: [{ imageDigest: "sha256:1" }] },
  GetModelInvocationLoggingConfigurationCommand: {
    loggingConfig: { cloudWatchConfig: { logGroupName: "services-invocations-1", roleArn: "arn" } },
  },
  DescribeLogGroupsCommand: { logGroups: [{ logGroupName: "services-invocations-1" }] },
  GetAnomalyMonitorsCommand: { AnomalyMonitors: [{}] },
};

describe("npm run doctor", function () {
  this.timeout(120_000);
  let project: string;
  before(async () => {
    project = makeProject();
    const answers = {
      region: "ap-northeast-1",
      zones: "a,c,d",
      github: "acme/shop",
      emails: "ops@acme.io",
      domain: "acme.io",
      "dev-account": "012345678901",
      "stg-account": "123456789012",
      "prod-account": id,
      "prod-zone-id": "Z000000PROD",
    };
    const flags = Object.entries(answers).flatMap(([flag, value]) => [`--${flag}`, value]);
    await init(project, flags, { say: () => undefined, ask: undefined });
    edit("anomalymonitor/00000000-0000-0000-0000-000000000000", monitorArn.split(":").at(-1) ?? "");
    edit("      cpu: 1024", `      image: ${sha}\n      cpu: 1024`);
  });
  after(() => rmSync(project, { recursive: true }));

  function edit(from: string, to: string, file = join(project, "Pulumi.prod.yaml")): () => void {
    const before = readFileSync(file, "utf8");
    assert.ok(before.includes(from), from);
    writeFileSync(file, before.replace(from, to));
    return () => writeFileSync(file, before);
  }

  /** One client answers for all: the commands have names of their own. */
  function world(answers: Record<string, unknown> = {}, more: Partial<World> = {}) {
    const { client, calls } = recorded({ ...healthy, ...answers });
    const clients: Clients = {
      sts: client,
      s3: client,
      route53: client,
      ses: client,
      quotas: client,
      ecr: client,
      bedrock: client,
      logs: client,
      costs: client,
      kms: () => client,
      sns: () => client,
    };
    const all: World = {
      aws: awsOf(clients),
      nameServers: () => Promise.resolve(nameServers),
      plan: () => Promise.resolve(wants),
      backend: undefined,
      ...more,
    };
    return { all, calls };
  }

  async function look(only: string, answers: Record<string, unknown> = {}, more: Partial<World> = {}) {
    const results = await examine(project, args("prod", "--only", only), world(answers, more).all);
    return results.filter(({ check }) => check === only || check === "plan").map(({ check: _, ...finding }) => finding);
  }

  it("finds nothing wrong with an account that has all, and says of each check what it saw", async () => {
    const { all, calls } = world();
    const results = await examine(project, args("prod"), all);
    assert.deepEqual(
      results.filter(({ state }) => state !== "ok"),
      [],
    );
    assert.deepEqual(
      [...new Set(results.map(({ check }) => check))],
      checks.map(({ name }) => name),
    );
    const asked = Object.fromEntries(calls);
    const bucket = `kiban-state-${id}-ap-northeast-1-an`;
    assert.deepEqual(asked["HeadBucketCommand"], { Bucket: bucket, ExpectedBucketOwner: id });
    assert.equal((asked["EncryptCommand"] as { KeyId: string }).KeyId, "alias/kiban-pulumi");
    assert.equal((asked["EncryptCommand"] as { DryRun: boolean }).DryRun, true);
    assert.deepEqual(asked["DescribeImagesCommand"], {
      repositoryName: "api-images-repository-0123abc",
      imageIds: [{ imageTag: sha }],
    });
    assert.match(render(results), /\n\n0 wrong, 0 open, 0 unchecked, \d+ ok$/);
  });

  it("asks nothing else of an account that is not the stack's", async () => {
    const { all, calls } = world({ GetCallerIdentityCommand: { Account: "999999999999" } });
    const results = await examine(project, args("prod", "--only", "account,state,images"), all);
    assert.deepEqual(
      results.map(({ check, state, cure }) => [check, state, cure]),
      [
        ["account", "wrong", `take credentials of ${id}; nothing else of the account was looked at`],
        ["state", "unchecked", `take credentials of account ${id}`],
        ["images", "unchecked", `take credentials of account ${id}`],
      ],
    );
    assert.match(results[0]?.what ?? "", new RegExp(`of account 999999999999, and Pulumi.prod.yaml is for ${id}`));
    assert.deepEqual(
      calls.map(([name]) => name),
      ["GetCallerIdentityCommand"],
    );
  });

  it("works without credentials as far as it can, and says what it could not find out", async () => {
    const none = { GetCallerIdentityCommand: awsError("CredentialsProviderError", "no credentials") };
    const { all } = world(none, {
      nameServers: (name) => Promise.resolve(name === "acme.io" ? ["ns1.registrar.example"] : []),
    });
    const results = await examine(project, args("prod"), all);
    const states = results.map(({ check, state }) => [check, state]);
    assert.deepEqual(states, [["placeholders", "ok"], ...checks.slice(1).map(({ name }) => [name, "unchecked"])]);
    assert.equal(results[1]?.what, "could not be found out: CredentialsProviderError: no credentials");
    assert.equal(results[1].cure, "sign in to the account");
    assert.equal(results[3]?.what, "acme.io is delegated to ns1.registrar.example");
    assert.deepEqual(await look("zone", none, { nameServers: () => Promise.resolve([]) }), [
      {
        state: "wrong",
        what: "neither acme.io nor what is above it is delegated",
        cure: "register the domain, or delegate it",
      },
    ]);
  });

  it("takes a call that fails for no answer", async () => {
    const [denied] = await look("mail", { GetAccountCommand: awsError("AccessDeniedException", "not allowed") });
    assert.deepEqual(denied, {
      state: "unchecked",
      what: "could not be found out: AccessDeniedException: not allowed",
      cure: "take credentials that may read it",
    });
  });

  it("names each value of nobody's, with its file and key", async () => {
    const undo = [
      edit("ops@acme.io", "alerts@example.com"),
      edit("owner: acme", "owner: example", join(project, "account", "Pulumi.prod.yaml")),
      edit(monitorArn, "arn:aws:ce::234567890123:anomalymonitor/00000000-0000-0000-0000-000000000000"),
    ];
    const found = (await look("placeholders")).map(({ state, what, cure }) => [state, what, cure]);
    undo.reverse().forEach((each) => each());
    assert.deepEqual(found, [
      [
        "wrong",
        "Pulumi.prod.yaml: kiban:budget.anomalies.monitorArn: arn:aws:ce::234567890123:anomalymonitor/00000000-0000-0000-0000-000000000000 is nobody's",
        "set it to the account stack's output anomalyMonitorArn, or leave anomalies out until there is one",
      ],
      ["wrong", "Pulumi.prod.yaml: kiban:notifications.emails[0]: alerts@example.com is nobody's", "npm run init"],
      ["wrong", "account/Pulumi.prod.yaml: kiban-account:github.owner: example is nobody's", "npm run init"],
    ]);
  });

  it("knows a bucket that is not there, and each reason why a key cannot be used", async () => {
    const cure = "bring up the account: npm run bootstrap -- prod";
    const [bucket, key] = await look("state", {
      HeadBucketCommand: awsError("NotFound"),
      EncryptCommand: awsError("NotFoundException"),
    });
    const what = `account ${id} has no bucket kiban-state-${id}-ap-northeast-1-an`;
    assert.deepEqual(bucket, { state: "wrong", what, cure });
    assert.deepEqual(key, { state: "wrong", what: "alias/kiban-pulumi in ap-northeast-1: there is no such key", cure });
    for (const [error, reason] of [
      ["AccessDeniedException", "these credentials may not encrypt with it"],
      ["DisabledException", "the key cannot be used now"],
      ["KMSInvalidStateException", "the key cannot be used now"],
    ] as const) {
      const [, found] = await look("state", { EncryptCommand: awsError(error) });
      assert.equal(found?.what, `alias/kiban-pulumi in ap-northeast-1: ${reason}`);
    }
    const [elsewhere] = await look("state", {}, { backend: "https://api.pulumi.com" });
    assert.equal(elsewhere?.what, "the state is at https://api.pulumi.com, which is looked at by Pulumi alone");
  });

  it("compares the zone's name servers with those that public DNS knows", async () => {
    const of = async (known: string[], zone: unknown = healthy["GetHostedZoneCommand"]) =>
      (await look("zone", { GetHostedZoneCommand: zone }, { nameServers: () => Promise.resolve(known) }))[0];
    const set = `where io is kept, set the NS record of acme.io to ${nameServers.join(", ")}`;
    assert.deepEqual(await of([]), { state: "wrong", what: "acme.io is delegated to nobody", cure: set });
    const [other] = [await of(["ns1.other.example", nameServers[1] ?? ""])];
    assert.equal(
      other?.what,
      "acme.io is delegated to ns-2.awsdns-02.com, ns1.other.example, which are not the zone's",
    );
    assert.equal((await of([], awsError("NoSuchHostedZone")))?.what, "the account has no hosted zone Z000000PROD");
    const zone = (Name: string, PrivateZone: boolean) => ({ HostedZone: { Name, Config: { PrivateZone } } });
    assert.equal((await of([], zone("acme.io.", true)))?.what, "zone Z000000PROD is a private one");
    assert.equal(
      (await of([], zone("notacme.io.", false)))?.what,
      "zone Z000000PROD is for notacme.io, and not for acme.io",
    );
  });

  it("tells a receiver who has not confirmed from one who was not asked, in each region", async () => {
    const pending = { Protocol: "email", Endpoint: "ops@acme.io", SubscriptionArn: "PendingConfirmation" };
    const found = await look("receivers", {
      ListSubscriptionsCommand: [
        { Subscriptions: [{ ...pending, Endpoint: "other@acme.io" }], NextToken: "2" },
        { Subscriptions: [pending] },
        { Subscriptions: [{ ...pending, Protocol: "sms" }] },
      ],
    });
    // Regions are asked side by side: which of them had the second page is not said.
    assert.deepEqual(
      found.map(({ state }) => state),
      ["open", "open"],
    );
    const [first] = await look("receivers", { ListSubscriptionsCommand: { Subscriptions: [pending] } });
    assert.equal(first?.what, "ops@acme.io (topic in ap-northeast-1) has not confirmed");
    const [never] = await look("receivers", { ListSubscriptionsCommand: {} });
    assert.equal(never?.what, "ops@acme.io (topic in ap-northeast-1) is not asked yet");
  });

  it("tells SES's sandbox from an account that may not send at all", async () => {
    const [sandbox] = await look("mail", {
      GetAccountCommand: { ProductionAccessEnabled: false, SendingEnabled: true },
    });
    assert.equal(sandbox?.state, "open");
    const [shut] = await look("mail", {
      GetAccountCommand: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: "SHUTDOWN" },
    });
    assert.equal(shut?.state, "wrong");
    const [unused] = await look("mail", {}, { plan: () => Promise.resolve({ ...wants, senders: [] }) });
    assert.equal(unused?.what, "the stack sends no mail by SES");
  });

  it("compares quotas with what the plan begins with and may grow to", async () => {
    const of = async (fargate: number) =>
      (
        await look("quotas", {
          ListServiceQuotasCommand: [{ Quotas: [quota("L-3032A538", fargate)] }, { Quotas: [] }],
          ListAWSDefaultServiceQuotasCommand: { Quotas: [quota("L-B99A9384", 10)] },
        })
      ).map(({ state, what }) => `${state} ${what}`);
    const [low, lambda, tokens] = await of(6);
    assert.equal(low, "wrong vCPU of Fargate on demand: 6, wanted are 8 to 31.5");
    assert.equal(lambda, "ok concurrent executions of Lambda: 10, wanted are 1 to 9");
    assert.match(
      tokens ?? "",
      /^unchecked tokens a minute of jp\.anthropic\.claude-haiku-4-5.*: no quota of its name$/,
    );
    assert.match((await of(8))[0] ?? "", /^open /);
    assert.match((await of(31.5))[0] ?? "", /^ok /);
    assert.match((await of(31))[0] ?? "", /^open /);
  });

  it("compares the tokens that the stack file counts with", async () => {
    const of = async (value: number) =>
      (
        await look("quotas", {
          ListServiceQuotasCommand: {
            Quotas: [quota("L-3032A538", 64), quota("L-B99A9384", 64), quota("L", value, tokensName)],
          },
        })
      )[2];
    assert.equal((await of(1_000_000))?.state, "ok");
    assert.deepEqual(await of(500_000), {
      state: "open",
      what: "tokens a minute of jp.anthropic.claude-haiku-4-5-20251001-v1:0: 500000, kiban:ai.ceiling.tokensPerMinute says 1000000",
      cure: "set kiban:ai.ceiling.tokensPerMinute to 500000, or ask for 1000000",
    });
    assert.equal((await of(0))?.state, "wrong");
  });

  it("knows what a model's quota is called", () => {
    const of = (model: string) => Object.values(tokenQuotaName(model) ?? {}).join("");
    const tokens = "model inference tokens per minute for";
    assert.equal(
      of("jp.anthropic.claude-haiku-4-5-20251001-v1:0"),
      `Cross-region ${tokens} anthropic claude haiku 4 5`,
    );
    assert.equal(of("global.amazon.nova-2-lite-v1:0"), `Global cross-region ${tokens} amazon nova 2 lite`);
    assert.equal(of("amazon.nova-pro-v1:0"), `On-demand ${tokens} amazon nova pro`);
    assert.equal(tokenQuotaName("no model"), undefined);
  });

  it("looks for each image that the stack's file names", async () => {
    const missing = await look("images", { DescribeImagesCommand: awsError("ImageNotFoundException") });
    assert.deepEqual(missing, [
      {
        state: "wrong",
        what: `api ${sha} is not in the registry`,
        cure: "build it, or promote it: gh workflow run promote.yml",
      },
    ]);
    const [first] = await look("images", { DescribeRepositoriesCommand: { repositories: [] } });
    assert.match(first?.cure ?? "", /^take the image line of api out of Pulumi\.prod\.yaml/);
    const undo = edit(`      image: ${sha}\n`, "");
    const [none] = await look("images");
    undo();
    assert.equal(none?.what, "the stack's file names no image: its services are not made yet");
  });

  it("wants the log of invocations where the account stack is to keep one, and the monitor where the stack listens", async () => {
    const none = { GetModelInvocationLoggingConfigurationCommand: {} };
    assert.equal((await look("invocations", none))[0]?.state, "wrong");
    const [gone] = await look("invocations", {
      DescribeLogGroupsCommand: { logGroups: [{ logGroupName: "services-invocations-12" }] },
    });
    assert.equal(gone?.what, "Bedrock logs to services-invocations-1, which is not there");
    const [monitor] = await look("monitor", { GetAnomalyMonitorsCommand: awsError("UnknownMonitorException") });
    assert.equal(monitor?.what, `${monitorArn} is not there`);
    const deaf = { plan: () => Promise.resolve({ ...wants, monitors: [], invokes: false }) };
    assert.deepEqual(
      [...(await look("monitor", {}, deaf)), ...(await look("invocations", {}, deaf))].map(({ state }) => state),
      ["ok", "ok"],
    );
  });

  it("looks at what needs no plan where the plan fails", async () => {
    const fails = { plan: () => Promise.reject(new Error("Pulumi.prod.yaml has 1 fault")) };
    const results = await examine(project, args("prod", "--only", "state,mail"), world({}, fails).all);
    assert.deepEqual(
      results.map(({ check, state }) => `${check} ${state}`),
      ["plan wrong", "state ok", "state ok", "mail unchecked"],
    );
  });

  it("names every fault of its command line", () => {
    assert.throws(() => parse(["dev", "prod", "--only", "images,moon", "--fast", "--only"]), {
      name: "UsageError",
      message: [
        "usage: npm run doctor -- <stack>; see --help",
        "--fast: is no option",
        "--only: needs names of checks",
        `--only: was "moon"; allowed: ${checks.map(({ name }) => name).join(", ")}`,
        "one stack, such as dev",
      ].join("\n  "),
    });
  });

  it("ends with 1 where something is wrong, and with 2 for a stack that is not there", () => {
    const run = (...args: string[]) => {
      const env = { ...process.env, AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null" };
      return spawnSync("npm", ["run", "-s", "doctor", "--", ...args], { cwd: root, env, encoding: "utf8" });
    };
    const { status, stdout } = run("dev", "--only", "placeholders");
    assert.equal(status, /^wrong/m.test(stdout) ? 1 : 0, stdout);
    assert.equal(run("nowhere").status, 2);
  });
});

describe("what a plan wants of its account", function () {
  this.timeout(120_000);

  it("is read from the plan of prod", async () => {
    const project = makeProject();
    const plan = await planStack({ projectDir: project, stack: "prod", policyPack: false });
    rmSync(project, { recursive: true });
    assert.deepEqual(wantsOf(plan), {
      // api: 3 to 12 tasks of 1 vCPU, worker: 2 to 6 of 0.5, both twice while deployed; nightly 0.5, migration 1.
      fargate: { onDemand: { least: 9.5, most: 31.5 }, spot: { least: 0, most: 0 } },
      // What the click stream reserves, beside the 100 that AWS keeps free.
      concurrency: { least: 150, most: 150 },
      receivers: ["ap-northeast-1", "us-east-1"].flatMap((region) =>
        ["alerts@example.com", "oncall@example.com"].map((address) => ({ address, region })),
      ),
      senders: ["auth.example.com"],
      invokes: true,
      monitors: ["arn:aws:ce::333333333333:anomalymonitor/00000000-0000-0000-0000-000000000000"],
    });
  });

  it("counts Spot apart, and what a rolling deployment is allowed to have", () => {
    const inputs = (type: string) =>
      ({
        "aws:ecs/taskDefinition:TaskDefinition": [{ family: "worker", cpu: "512" }],
        "aws:ecs/service:Service": [
          {
            name: "worker-1",
            desiredCount: 2,
            deploymentMaximumPercent: 150,
            taskDefinition: "arn:aws:ecs:ap-northeast-1:1:task-definition/worker:1",
            capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
          },
        ],
      })[type] ?? [];
    const none = { least: 0, most: 0 };
    assert.deepEqual(fargateOf(inputs), { onDemand: none, spot: { least: 1.5, most: 1.5 } });
  });

  it("adds what Lambda keeps back where concurrency is reserved", () => {
    const inputs = (type: string) =>
      type === "aws:lambda/function:Function" ? [{ reservedConcurrentExecutions: 20 }, {}] : [];
    assert.deepEqual(concurrencyOf(inputs), { least: 120, most: 120 });
  });
});
