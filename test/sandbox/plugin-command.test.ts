import assert from "node:assert/strict";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { howToLook, pendingCreates, settle } from "../../scripts/recover";
import { parseArguments } from "../../sandbox/command/cli";
import { copyProject, detachStackFiles } from "../../sandbox/command/copy";
import { environment, findEngine } from "../../sandbox/command/engine";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kiban-command-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("npm run sandbox", () => {
  it("reads its arguments", () => {
    assert.deepEqual(parseArguments(["up", "dev", "--account", "999999999999", "--fresh", "--", "--diff"]), {
      operation: "up",
      stack: "dev",
      program: undefined,
      faults: { account: "999999999999" },
      fresh: true,
      more: ["--diff"],
    });
    assert.deepEqual(parseArguments(["destroy", "dev", "-C", "account/", "--faults", '{"failCreate":3}']), {
      operation: "destroy",
      stack: "dev",
      program: "account",
      faults: { failCreate: 3 },
      fresh: false,
      more: [],
    });
    assert.equal(parseArguments(["up", "--help"]), "help");
  });

  for (const [args, message] of [
    [[], /usage:/],
    [["up"], /usage:/],
    [["deploy", "dev"], /usage:/],
    [["up", "dev", "stg"], /usage:/],
    [["up", "dev", "--quick"], /unknown option --quick/],
    [["up", "dev", "--faults", "3,"], /--faults takes JSON/],
    [["up", "dev", "-C", "acount"], /--cwd acount: name a folder of the project with a Pulumi.yaml/],
    [["up", "dev", "--cwd", "../other"], /--cwd \.\.\/other: name a folder of the project/],
  ] as const) {
    it(`refuses: ${args.join(" ")}`, () => {
      assert.throws(() => parseArguments(args), { name: "UsageError", message });
    });
  }

  it("finds the CLI on PATH, and only a program", () => {
    assert.equal(findEngine(folder), undefined);
    writeFileSync(join(folder, "pulumi"), "");
    assert.equal(findEngine(folder), undefined, "not executable");
    writeFileSync(join(folder, "pulumi"), "", { mode: 0o755 });
    rmSync(join(folder, "pulumi"));
    mkdirSync(join(folder, "pulumi"));
    assert.equal(findEngine(folder), undefined, "a folder");
  });

  it("hands on nothing that reaches an account, a login or a state", () => {
    const names = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "PULUMI_ACCESS_TOKEN", "PULUMI_STACK"];
    for (const name of names) process.env[name] = "the-users";
    try {
      const env = environment(folder, ["/plugins"]);
      assert.deepEqual(
        names.filter((name) => env[name] !== undefined),
        [],
      );
      assert.equal(env["PULUMI_HOME"], join(folder, "home"));
      assert.match(env["PULUMI_BACKEND_URL"] ?? "", new RegExp(`^file://${folder}/state`));
      assert.equal(env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"], "true");
      assert.equal(env["PULUMI_IGNORE_AMBIENT_PLUGINS"], undefined);
      assert.equal(env["KIBAN_SANDBOX"], folder);
      assert.match(env["PATH"] ?? "", /^\/plugins:/);
    } finally {
      for (const name of names) delete process.env[name];
    }
  });

  it("copies a project: what is installed is linked, what is versioned stays behind", () => {
    const [from, to] = [join(folder, "from"), join(folder, "to")];
    for (const path of ["node_modules/x", "policy/node_modules/y", ".git", "src"]) {
      mkdirSync(join(from, path), { recursive: true });
    }
    writeFileSync(join(from, "src", "a.ts"), "a");
    symlinkSync("a.ts", join(from, "src", "b.ts"));
    copyProject(from, to);
    assert.equal(readFileSync(join(to, "src", "b.ts"), "utf8"), "a");
    for (const path of ["node_modules", "policy/node_modules"]) assert.ok(lstatSync(join(to, path)).isSymbolicLink());
    assert.throws(() => lstatSync(join(to, ".git")));
    writeFileSync(join(to, "src", "a.ts"), "changed");
    copyProject(from, to);
    assert.equal(readFileSync(join(to, "src", "a.ts"), "utf8"), "a");
    assert.equal(readFileSync(join(from, "src", "a.ts"), "utf8"), "a");
  });

  it("takes the user's secrets provider and secrets out of the copied stack files", () => {
    const text = `secretsprovider: awskms://alias/x
encryptedkey: AAAA
encryptionsalt: v1:AAAA
environment: [prod]
config:
  kiban:plain: 007
  kiban:token:
    secure: BBBB
  kiban:notifications:
    slack: { hooks: [{ secure: CCCC }] }
`;
    for (const stack of ["dev", "prod"]) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
    assert.deepEqual(detachStackFiles(folder, "dev"), [
      { path: "kiban:token", value: "stand-in for kiban:token" },
      {
        path: 'kiban:notifications["slack"]["hooks"][0]',
        value: "stand-in for kiban:notifications.slack.hooks.0",
      },
    ]);
    for (const stack of ["dev", "prod"]) {
      const made = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
      assert.doesNotMatch(made, /AAAA|BBBB|CCCC|secure/);
      assert.match(made, /kiban:plain: 007/);
      assert.deepEqual(Object.keys(parse(made) as object), ["config"]);
    }
  });
});

describe("npm run recover", () => {
  const pending = (type: string, urn: string, more: object = {}): object => ({
    type,
    resource: { urn: `urn:pulumi:dev::kiban::${urn}`, type: urn.split("::")[0], custom: true, ...more },
  });
  const state = JSON.stringify({
    version: 3,
    deployment: {
      resources: [
        { urn: "urn:pulumi:dev::kiban::pulumi:pulumi:Stack::kiban-dev", type: "pulumi:pulumi:Stack", custom: false },
      ],
      pending_operations: [
        pending("creating", "aws:s3/bucket:Bucket::logs", {
          inputs: { bucket: "logs-1234567", __defaults: ["bucket"] },
        }),
        pending("creating", "aws:kms/key:Key::key", {
          inputs: { tagsAll: { Project: "kiban", Owner: "x" }, region: "us-east-1" },
        }),
        pending("creating", "kiban:index:Edge::edge", { custom: false }),
        pending("creating", "pulumi:providers:aws::aws"),
        pending("updating", "aws:iam/role:Role::role"),
      ],
    },
  });

  it("asks about the creates of which nobody knows the end", () => {
    assert.deepEqual(
      pendingCreates(state).map(({ type, name }) => `${type} ${name}`),
      ["aws:s3/bucket:Bucket logs", "aws:kms/key:Key key"],
    );
  });

  it("says how to look for each: by its name, else by its tags", () => {
    assert.deepEqual(pendingCreates(state).map(howToLook), [
      'look for s3 Bucket "logs-1234567"; its id: https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#import',
      "aws resourcegroupstaggingapi get-resources --tag-filters Key=Project,Values=kiban in us-east-1; " +
        "its id: https://www.pulumi.com/registry/packages/aws/api-docs/kms/key/#import",
    ]);
  });

  it("takes over what exists and forgets the rest; other operations are the refresh's", () => {
    const urn = "urn:pulumi:dev::kiban::aws:s3/bucket:Bucket::logs";
    const { deployment } = JSON.parse(settle(state, new Map([[urn, "logs-1234567"]]))) as {
      deployment: { resources: { urn: string }[]; pending_operations: { type: string }[] };
    };
    assert.deepEqual(deployment.resources[1], {
      urn,
      type: "aws:s3/bucket:Bucket",
      custom: true,
      inputs: { bucket: "logs-1234567", __defaults: ["bucket"] },
      id: "logs-1234567",
      outputs: { bucket: "logs-1234567" },
    });
    assert.equal(deployment.resources.length, 2);
    assert.deepEqual(
      deployment.pending_operations.map(({ type }) => type),
      ["updating"],
    );
  });
});
