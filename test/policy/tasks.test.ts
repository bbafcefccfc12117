import assert from "node:assert/strict";

import { looksSecret } from "../../policy/lib/secrets";
import * as repositories from "../../policy/rules/repositories";
import { envPlaintextSecret, secretRotation } from "../../policy/rules/secrets";
import * as rules from "../../policy/rules/tasks";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, assertLevels, replaced, testRule } from "./harness";

const task = "aws:ecs/taskDefinition:TaskDefinition";
const environments = ["dev", "stg", "prod"] as const;

describe("tasks", () => {
  const container = { name: "api", readonlyRootFilesystem: true, user: "1000:1000" };
  const containers = (changed: object) => ({
    containerDefinitions: JSON.stringify([container, { ...container, ...changed }]),
  });
  const broken = (changed: object, path: string, rest: string): Break => [
    "containerDefinitions",
    containers(changed).containerDefinitions,
    `containerDefinitions[1].${path} ${rest}`,
  ];
  const windows = { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } };

  testRule(rules.ecsDistinctRoles, task, { taskRoleArn: "arn:task", executionRoleArn: "arn:start" }, [
    ["taskRoleArn", undefined, "taskRoleArn is not set: set it to a role with what the program needs, or nothing"],
    [
      "executionRoleArn",
      undefined,
      "executionRoleArn is not set: set it to a role that pulls the image and writes logs",
    ],
    [
      "taskRoleArn",
      "arn:start",
      "taskRoleArn is the execution role: set it to a role of its own: the program could read what starts it",
    ],
  ]);

  const writable = "is not on: set it to true";
  testRule(rules.ecsReadonlyRoot, task, containers({}), [
    broken({ readonlyRootFilesystem: undefined }, "readonlyRootFilesystem", writable),
    broken({ readonlyRootFilesystem: false }, "readonlyRootFilesystem", writable),
  ]);
  testRule(rules.ecsReadonlyRoot, task, { ...containers({ readonlyRootFilesystem: false }), ...windows }, []);

  const root = "is root, or left to the image: set it to another user, such as 1000:1000";
  const add = (...names: string[]) => ({ linuxParameters: { capabilities: { add: names } } });
  testRule(rules.ecsUnprivileged, task, { ...containers(add("SYS_PTRACE")), networkMode: "awsvpc", pidMode: "task" }, [
    ["pidMode", "host", "pidMode shows the host's processes: remove it, or set it to task"],
    ["networkMode", "host", "networkMode shares the host's network: set it to awsvpc"],
    broken({ privileged: true }, "privileged", "gives root on the host: remove it"),
    ...[undefined, "", "root", "0", "0:0", "root:app"].map((user) => broken({ user }, "user", root)),
    broken(add("SYS_PTRACE", "SYS_ADMIN"), "linuxParameters.capabilities.add[1]", "is a right of root: remove it"),
  ]);
  testRule(rules.ecsUnprivileged, task, { ...containers({ user: undefined }), ...windows }, []);

  for (const [type, path] of [
    ["aws:ecs/service:Service", "enableExecuteCommand"],
    ["aws:scheduler/schedule:Schedule", "target.ecsParameters.enableExecuteCommand"],
    ["aws:cloudwatch/eventTarget:EventTarget", "ecsTarget.enableExecuteCommand"],
  ] as const) {
    testRule(rules.ecsExecOff, type, replaced({}, path, false), [
      [path, true, `${path} opens a way into the task: remove it`],
    ]);
    testRule(rules.ecsExecOff, type, {}, []);
  }
});

describe("env-plaintext-secret", () => {
  const rule = envPlaintextSecret;
  const wrong = "looks like a secret in the clear";
  const variables = (name: string, value: unknown) => ({
    containerDefinitions: JSON.stringify([
      {
        environment: [
          { name: "PORT", value: "80" },
          { name, value },
        ],
      },
    ]),
  });
  const path = "containerDefinitions[0].environment[1]";
  testRule(rule, task, variables("LOG_LEVEL", "info"), [
    [
      "containerDefinitions",
      variables("DB_PASSWORD", "hunter2").containerDefinitions,
      `${path} (DB_PASSWORD) ${wrong}: name it in the container's secrets, by valueFrom`,
    ],
  ]);
  testRule(rule, "aws:lambda/function:Function", { environment: { variables: { URL: "https://example.com" } } }, [
    [
      "environment.variables.API_KEY",
      "hunter2",
      `environment.variables.API_KEY ${wrong}: read it from Secrets Manager in the function`,
    ],
    [
      "environment.variables.URL",
      "postgres://app:hunter2@db/app",
      `environment.variables.URL ${wrong}: read it from Secrets Manager in the function`,
    ],
  ]);

  it("knows secrets by the name of the variable", () => {
    for (const name of [
      "PASSWORD",
      "dbPassword",
      "db.password",
      "STRIPE_SECRET",
      "GITHUB_TOKEN",
      "apiKey",
      "APIKEY",
      "AWS_SECRET_ACCESS_KEY",
      "JWT_SIGNING_KEY",
      "DB_PWD",
      "GOOGLE_CREDENTIALS",
    ]) {
      assert.ok(looksSecret(name, "hunter2"), name);
    }
    for (const name of [
      "PWD",
      "PASSWORD_ARN",
      "SECRET_NAME",
      "TOKEN_URL",
      "TOKENS_PER_MINUTE",
      "PUBLIC_KEY",
      "KEYBOARD",
      "MONKEY",
      "PARTITION_KEY",
    ]) {
      assert.ok(!looksSecret(name, "hunter2"), name);
    }
    for (const value of [
      "",
      "true",
      "3600",
      "arn:aws:secretsmanager:eu-west-1:111111111111:secret:s",
      "/run/secrets/s",
    ]) {
      assert.ok(!looksSecret("API_TOKEN", value), value);
    }
  });

  it("knows secrets by their shape", () => {
    // Put together here, so that no scanner takes this file for a leak.
    const parts: [string, string][] = [
      ["AKIA", "IOSFODNN7EXAMPLE".slice(0, 16).replace(/[0189]/g, "A")],
      ["-----BEGIN RSA PRIVATE", " KEY-----"],
      ["ghp_", "a".repeat(36)],
      ["github_pat_", "a".repeat(30)],
      ["glpat-", "a".repeat(20)],
      ["xoxb-", "1234567890"],
      ["sk_live_", "a".repeat(24)],
      ["sk-", "a".repeat(40)],
      ["SG.", `${"a".repeat(22)}.${"b".repeat(43)}`],
      ["AIza", "a".repeat(35)],
      ["eyJhbGciOiJIUzI1", `.eyJzdWIiOiIxMjM0.${"a".repeat(20)}`],
      ["redis://:", "hunter2@cache:6379"],
    ];
    for (const [head, tail] of parts) assert.ok(looksSecret("VALUE", head + tail), head);
    for (const value of ["https://example.com/a:b@c", "akia", "sk-short", "postgres://db:5432/app", "eyJ"]) {
      assert.ok(!looksSecret("VALUE", value), value);
    }
  });

  it("prints no value", () => {
    const findings = JSON.stringify(analyse(rule, task, variables("DB_PASSWORD", "hunter2")));
    assert.ok(findings.includes("DB_PASSWORD") && !findings.includes("hunter2"));
  });
});

describe("secret-rotation", () => {
  const secret = "aws:secretsmanager/secret:Secret";
  const version = "aws:secretsmanager/secretVersion:SecretVersion";
  const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
  const link = { links: { secretId: ["login"] } };
  const missing = "rotation is missing: add an aws.secretsmanager.SecretRotation";
  const login = JSON.stringify({ engine: "postgres", host: "db", username: "app", password: "hunter2" });
  const build = (secretString: unknown, stack = "prod") =>
    new StackBuilder(stack).add(secret, "login", {}).add(version, "value", { secretString }, link);
  const rotated = (rotationRules: Props) => build(login).add(rotation, "rotation", { rotationRules }, link);

  it("reports a database's login that is not rotated", () => {
    for (const environment of environments) {
      assertLevels(secretRotation, environment, build(login, environment).check(secretRotation), [missing]);
    }
    for (const [key, value] of Object.entries({ engine: "mysql", host: "db" })) {
      const text = JSON.stringify({ [key]: value, password: "hunter2" });
      assert.deepEqual(build(text).messages(secretRotation), [`login: ${missing}`], key);
    }
    const links = { links: { auths: ["login"] } };
    const proxy = new StackBuilder().add(secret, "login", {}).add("aws:rds/proxy:Proxy", "proxy", {}, links);
    assert.deepEqual(proxy.messages(secretRotation), [`login: ${missing}`]);
  });

  it("leaves alone what only another company can change, and what is unknown", () => {
    for (const value of ["a key", JSON.stringify({ password: "x" }), JSON.stringify({ clientSecret: "x" }), UNKNOWN]) {
      assert.deepEqual(build(value).messages(secretRotation), []);
    }
    assert.deepEqual(new StackBuilder().add(secret, "empty", {}).messages(secretRotation), []);
  });

  it("wants rotations within 90 days", () => {
    for (const rules of [
      { automaticallyAfterDays: 90 },
      { scheduleExpression: "rate(90 days)" },
      { scheduleExpression: "cron(0 4 1 * ? *)" },
      { automaticallyAfterDays: UNKNOWN },
    ]) {
      assert.deepEqual(rotated(rules).messages(secretRotation), []);
    }
    const long = "is longer than 90 days: set it to 90 or less";
    assert.deepEqual(rotated({ automaticallyAfterDays: 91 }).messages(secretRotation), [
      `rotation: rotationRules.automaticallyAfterDays ${long}`,
    ]);
    assert.deepEqual(rotated({ scheduleExpression: "rate(120 days)" }).messages(secretRotation), [
      `rotation: rotationRules.scheduleExpression ${long}`,
    ]);
  });
});

describe("repositories", () => {
  const repository = "aws:ecr/repository:Repository";
  for (const type of [repository, "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"]) {
    for (const passing of ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"]) {
      testRule(repositories.ecrImmutable, type, { imageTagMutability: passing }, [
        ...[undefined, "MUTABLE", "MUTABLE_WITH_EXCLUSION"].map((value): Break => [
          "imageTagMutability",
          value,
          "imageTagMutability lets a tag move to another image: set it to IMMUTABLE",
        ]),
      ]);
    }
  }

  it("ecr-scan wants a scan on push, by the repository or its registry", () => {
    const rule = repositories.ecrScan;
    const path = "imageScanningConfiguration.scanOnPush";
    const one = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(repository, "images", inputs);
    for (const environment of environments) {
      for (const value of [undefined, false]) {
        const findings = one(replaced({}, path, value), environment).check(rule);
        assertLevels(rule, environment, findings, [`${path} is not on: set it to true`]);
      }
    }
    assert.deepEqual(one({ imageScanningConfiguration: { scanOnPush: true } }).messages(rule), []);
    assert.deepEqual(one({ imageScanningConfiguration: UNKNOWN }).messages(rule), []);
    const registry = (rules: unknown) =>
      one({}).add("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "registry", { rules });
    for (const rules of [[{ scanFrequency: "SCAN_ON_PUSH" }], [{ scanFrequency: "CONTINUOUS_SCAN" }], UNKNOWN]) {
      assert.deepEqual(registry(rules).messages(rule), []);
    }
    for (const rules of [[], [{ scanFrequency: "MANUAL" }]]) assert.equal(registry(rules).messages(rule).length, 1);
  });

  it("ecr-lifecycle wants one policy per repository", () => {
    const rule = repositories.ecrLifecycle;
    const missing = "lifecycle policy is missing: add an aws.ecr.LifecyclePolicy";
    for (const environment of environments) {
      assertLevels(rule, environment, new StackBuilder(environment).add(repository, "images", {}).check(rule), [
        missing,
      ]);
    }
    const stack = new StackBuilder().add(repository, "images", {});
    stack.add("aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy", {}, { links: { repository: ["images"] } });
    assert.deepEqual(stack.messages(rule), []);
    assert.deepEqual(stack.add(repository, "other", {}).messages(rule), [`other: ${missing}`]);
  });
});
