import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { environmentOf } from "../../policy/lib/environment";
import { staleSources } from "../../policy/lib/fresh";
import { packPolicy } from "../../policy/lib/pack";
import { on, rule, stackRule } from "../../policy/lib/rule";
import { types } from "../../policy/lib/types";
import { rules } from "../../policy/rules";
import { withTables } from "../../policy/scripts/readme";
import { StackBuilder, UNKNOWN, analyse, urnOf } from "./harness";

const root = resolve(__dirname, "../..");
const pack = join(root, "policy");

// `import()` would leave ts-node behind.
const load = createRequire(__filename);

describe("policy pack", () => {
  it("holds every rule that its files export, once", () => {
    const names = readdirSync(join(pack, "rules")).filter((name) => name.endsWith(".ts") && name !== "index.ts");
    const exported: unknown[] = [];
    for (const name of names) {
      const module = load(join(pack, "rules", name)) as Record<string, unknown>;
      const constants = Object.entries(module).filter(([key]) => key !== "default" && key !== "module.exports");
      exported.push(...constants.map(([, value]) => value));
    }
    assert.equal(new Set(exported).size, exported.length);
    assert.deepEqual(new Set(rules), new Set(exported));
    assert.equal(new Set(rules.map((r) => r.name)).size, rules.length);
  });

  it("says of every rule what it checks, how grave it is, what to do and where to read on", () => {
    for (const { name, info, url, framework, configSchema, enforcementLevel, types: concerned } of rules) {
      assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.ok(info.description.length > 20 && !info.description.endsWith("."), name);
      assert.match(info.remediationSteps, /^[A-Z].*\.$/, name);
      assert.match(url ?? "", /^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com)\//, name);
      assert.equal(framework?.reference, info.fsbp?.[0], name);
      assert.deepEqual(Object.keys(configSchema?.properties ?? {}).slice(0, 2), ["levels", "environments"], name);
      assert.equal(enforcementLevel, info.remedy === undefined ? "mandatory" : "remediate", name);
      assert.ok(concerned.length > 0, name);
      for (const [key, schema] of Object.entries(info.config ?? {})) assert.ok(schema.description, `${name} ${key}`);
    }
  });

  it("has types that @pulumi/aws has", () => {
    const aws = join(root, "node_modules/@pulumi/aws");
    for (const token of Object.values(types).flat()) {
      const [, module, name] = /^aws:(\w+\/\w+):(\w+)$/.exec(token) ?? [];
      if (module === undefined) continue;
      const { [name ?? ""]: resource } = load(join(aws, `${module}.js`)) as Record<string, { __pulumiType?: string }>;
      assert.equal(resource?.__pulumiType, token);
    }
  });

  it("has a README whose tables are those of the code", () => {
    const readme = readFileSync(join(pack, "README.md"), "utf8");
    assert.equal(readme, withTables(readme), "stale: run npx ts-node policy/scripts/readme.ts");
  });
});

describe("environments and levels", () => {
  const info = { name: "r", description: "d", severity: "low", levels: "0/A/M", remediationSteps: "s" } as const;
  const type = "aws:sqs/queue:Queue";
  const report = rule(
    info,
    on<{ name: string }>([type], (it) => it.report(it.props.at("name"), "is wrong", "right it")),
  );
  const level = (stack: string, config = {}) => {
    const found = analyse(report, type, {}, { stack, config });
    return typeof found === "string" ? found : (found[0]?.enforcementLevel ?? "mandatory");
  };

  it("come from the stack's segment of the URN, prod where it is no environment's name", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      assert.equal(environmentOf(urnOf(type, "dev", environment)), environment);
    }
    assert.equal(environmentOf(urnOf(type, "q", "dev-alice")), "prod");
    assert.equal(environmentOf(urnOf(type, "q", "dev-alice"), { "dev-alice": "dev" }), "dev");
    assert.equal(environmentOf(urnOf(type, "q", "dev"), { dev: "prod" }), "prod");
  });

  it("follow the rule's table, and the configuration before it", () => {
    assert.equal(level("dev"), "off in dev");
    assert.equal(level("stg"), "advisory");
    assert.equal(level("prod"), "mandatory");
    assert.equal(level("any"), "mandatory");
    assert.equal(level("dev", { levels: { dev: "mandatory" } }), "mandatory");
    assert.equal(level("prod", { levels: { prod: "remediate" } }), "advisory");
    assert.equal(level("prod", { levels: { prod: "disabled" } }), "off in prod");
    assert.equal(level("any", { environments: { any: "stg" } }), "advisory");
  });

  it("hold for stack rules too, which do not apply without a resource of their types", () => {
    const onStack = stackRule(info, [type], ({ stack, report: say }) =>
      say(stack.ofType([type])[0]!, "name", "is wrong", "right it"),
    );
    assert.equal(new StackBuilder("dev").add(type, "q", {}).check(onStack), "off in dev");
    assert.deepEqual(new StackBuilder("stg").add(type, "q", {}).check(onStack), [
      {
        message: "name is wrong: right it",
        severity: "low",
        enforcementLevel: "advisory",
        urn: urnOf(type, "q", "stg"),
      },
    ]);
    assert.equal(typeof new StackBuilder().add("aws:ec2/eip:Eip", "ip", {}).check(onStack), "string");
  });

  it("a fault in a rule is a finding without its text, not the end of the preview", () => {
    const broken = rule(
      { ...info, levels: "M/M/M" },
      on([type], () => assert.fail("hunter2")),
    );
    const findings = analyse(broken, type, {});
    assert.deepEqual(findings, [
      {
        message: "r could not be evaluated on this resource: a fault of the rule, not of the program",
        severity: "low",
      },
    ]);
  });
});

/** The built pack in a folder of its own, started as the engine's language host starts it. */
class RunningPack {
  private child: ChildProcess | undefined;

  private constructor(private readonly directory: string) {}

  static build(): RunningPack {
    const directory = mkdtempSync(join(tmpdir(), "kiban-policy-"));
    cpSync(pack, join(directory, "policy"), {
      recursive: true,
      filter: (source) => !/\/(bin|node_modules)$/.test(source),
    });
    cpSync(join(root, "tsconfig.json"), join(directory, "tsconfig.json"));
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(directory, "policy")]);
    return new RunningPack(directory);
  }

  path(name: string): string {
    return join(this.directory, "policy", name);
  }

  /** The port that it serves on, or what it said when it stopped. */
  async start(): Promise<{ port: string } | { code: number | null; error: string }> {
    const run = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [run, "127.0.0.1:1", "."], { cwd: this.path("") });
    this.child?.kill();
    this.child = child;
    let error = "";
    child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
    return new Promise((resolvePromise) => {
      child.stdout.once("data", (chunk: Buffer) => resolvePromise({ port: chunk.toString().trim() }));
      child.once("close", (code) => resolvePromise({ code, error }));
    });
  }

  stop(): void {
    this.child?.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describe("the built pack", function () {
  this.timeout(300_000);
  let running: RunningPack;
  before(() => (running = RunningPack.build()));
  after(() => running.stop());

  const queue = "aws:sqs/queue:Queue";
  const topic = "aws:sns/topic:Topic";
  type Input = Record<string, string>;

  function fill<T extends messages.AnalyzeRequest | messages.AnalyzerResource>(
    to: T,
    stack: string,
    type: string,
    props: Input,
  ): T {
    to.setType(type);
    to.setName("it");
    to.setUrn(urnOf(type, "it", stack));
    to.setProperties(Struct.fromJavaScript(props));
    to.setOptions(new messages.AnalyzerResourceOptions());
    return to;
  }

  const brief = (response: messages.AnalyzeResponse) =>
    response.getDiagnosticsList().map((d) => {
      const level = d.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY ? "mandatory" : "advisory";
      return `${level} ${d.getPolicyname()} ${d.getUrn()}`.trim();
    });

  it("serves its rules, levels and configuration over the wire", async () => {
    const started = await running.start();
    assert.ok("port" in started, JSON.stringify(started));
    const client = new AnalyzerClient(`127.0.0.1:${started.port}`, grpc.credentials.createInsecure());
    const call = <T>(send: (callback: (error: Error | null, response: T) => void) => void) =>
      new Promise<T>((done, fail) => send((error, response) => (error === null ? done(response) : fail(error))));
    const analyze = (stack: string, type: string, props: Input) =>
      call<messages.AnalyzeResponse>((cb) =>
        client.analyze(fill(new messages.AnalyzeRequest(), stack, type, props), cb),
      );
    try {
      const info = await call<messages.AnalyzerInfo>((cb) => client.getAnalyzerInfo(new Empty(), cb));
      const served = info.getPoliciesList().map((policy) => policy.getName());
      assert.deepEqual(
        served,
        [...rules, packPolicy].map((policy) => policy.name),
      );
      assert.equal(info.getName(), "kiban");
      const ofStack = info.getPoliciesList().filter((p) => p.getPolicyType() === messages.PolicyType.POLICY_TYPE_STACK);
      assert.deepEqual(
        ofStack.map((policy) => policy.getName()),
        [...rules, packPolicy].filter((policy) => "validateStack" in policy).map((policy) => policy.name),
        "what sees the stack is a stack policy, also where it looks at resources",
      );

      // An unknown key is no finding; a missing one is, at the level of each environment.
      assert.deepEqual(brief(await analyze("prod", queue, { kmsMasterKeyId: UNKNOWN })), []);
      assert.deepEqual(brief(await analyze("dev", queue, {})), ["advisory sqs-sse"]);
      assert.deepEqual(brief(await analyze("prod", queue, {})), ["mandatory sqs-sse"]);

      const stackRequest = new messages.AnalyzeStackRequest();
      await analyze("prod", topic, { kmsMasterKeyId: "key" });
      stackRequest.setResourcesList([fill(new messages.AnalyzerResource(), "prod", topic, {})]);
      const onStack = await call<messages.AnalyzeResponse>((cb) => client.analyzeStack(stackRequest, cb));
      assert.deepEqual(brief(onStack), [`mandatory sqs-sns-ssl ${urnOf(topic, "it")}`]);

      const configure = new messages.ConfigureAnalyzerRequest();
      const lowered = new messages.PolicyConfig();
      lowered.setEnforcementlevel(messages.EnforcementLevel.ADVISORY);
      lowered.setProperties(Struct.fromJavaScript({}));
      configure.getPolicyconfigMap().set("sqs-sse", lowered);
      await call((cb) => client.configure(configure, cb));
      assert.deepEqual(brief(await analyze("prod", queue, {})), ["advisory sqs-sse"]);
    } finally {
      client.close();
    }
  });

  it("stops with the command to run when a source is newer than the build, and only then", async () => {
    const policy = running.path("");
    assert.deepEqual(staleSources(policy), []);
    appendFileSync(running.path("rules/account.ts"), "// edited\n");
    assert.deepEqual(staleSources(policy), ["rules/account.ts"]);
    const error = "The policy pack was built before these changed: rules/account.ts. Run: npm run build -w policy\n";
    const stopped = await running.start();
    assert.ok("code" in stopped, "the pack serves old rules");
    assert.equal(stopped.code, 1);
    assert.ok(stopped.error.endsWith(error), stopped.error);
    rmSync(running.path("rules/account.ts"));
    assert.deepEqual(staleSources(policy), ["rules/account.ts"], "a source that is gone");
    rmSync(running.path("index.ts"));
    assert.deepEqual(staleSources(policy), [], "a published package has no sources");
  });
});
