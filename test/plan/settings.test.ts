import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findProject, readStack, stacksOf } from "../../plan/settings";
import { UsageError } from "../../plan/usage";
import { unknown } from "../../sandbox/values";

const shop = join(__dirname, "../fixtures/projects/shop");

describe("settings of a plan", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "kiban-plan-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function project(files: Record<string, string>): ReturnType<typeof findProject> {
    const all = { "Pulumi.yaml": "name: p\nruntime: nodejs\n", ...files };
    for (const [file, text] of Object.entries(all)) writeFileSync(join(directory, file), text);
    return findProject(directory);
  }

  function read(text: string): Record<string, string> {
    return { ...readStack(project({ "Pulumi.dev.yaml": text }), "dev").values };
  }

  it("finds the project from any folder inside it", () => {
    const below = join(directory, "a/b");
    mkdirSync(below, { recursive: true });
    project({});
    assert.equal(findProject(below).directory, directory);
    assert.throws(() => findProject("/"), /no Pulumi.yaml in \/ or above it: run this inside a Pulumi project/);
  });

  it("reads a stack as Pulumi does: text, JSON, namespaces, defaults of the project", () => {
    const { values, secretKeys } = readStack(findProject(shop), "dev");
    assert.deepEqual(values, {
      "pulumi:disable-default-providers": '["aws"]',
      "aws:skipMetadataApiCheck": "true",
      "shop:greeting": "hello",
      "shop:size": "3",
      "shop:enabled": "true",
      "shop:zone": "007",
      "shop:owner": "platform",
      "shop:password": unknown,
      "shop:database": `{"name":"orders","password":"${unknown}"}`,
    });
    assert.deepEqual([...secretKeys].sort(), ["shop:database", "shop:password"]);
  });

  it("keeps numbers as they are written, and takes a bare key for the project's", () => {
    assert.deepEqual(read("config:\n  version: 1.10\n  big: 123456789012345678\n  aws:region: x\n"), {
      "p:version": "1.10",
      "p:big": "123456789012345678",
      "aws:region": "x",
    });
  });

  it("lists the stacks that have a file", () => {
    assert.deepEqual(stacksOf(findProject(shop)), ["dev", "prod"]);
  });

  const faults: [what: string, files: Record<string, string>, message: RegExp][] = [
    [
      "a stack without a file",
      { "Pulumi.stg.yaml": "config: {}\n" },
      /^no stack "dev": Pulumi\.dev\.yaml is not in .*; stacks with a file: stg$/,
    ],
    ["no stack files at all", {}, /the project has no stack files$/],
    [
      "an empty file",
      { "Pulumi.dev.yaml": "" },
      /^Pulumi\.dev\.yaml is empty; it must hold the stack's settings under "config:"$/,
    ],
    ["a file of comments", { "Pulumi.dev.yaml": "# nothing\n" }, /^Pulumi\.dev\.yaml is empty/],
    [
      "broken YAML, with the line",
      { "Pulumi.dev.yaml": "config:\n  a: [1, 2\n  b: 3\n" },
      /^Pulumi\.dev\.yaml is not valid YAML:\n {2}Pulumi\.dev\.yaml:3: /,
    ],
    [
      "unquoted text that the CLI's YAML 1.1 reader ends at a question mark",
      { "Pulumi.dev.yaml": "config:\n  a: cron(0 1 ? * *)\n  b: { c: cron(0 1 ? * *) }\n" },
      /^Pulumi\.dev\.yaml is not valid YAML:\n {2}Pulumi\.dev\.yaml:3: put "cron\(0 1 \? \* \*\)" in quotes: [^\n]*$/,
    ],
    [
      "a key twice",
      { "Pulumi.dev.yaml": "config:\n  a: 1\n  a: 2\n" },
      /^Pulumi\.dev\.yaml is not valid YAML:\n {2}Pulumi\.dev\.yaml:3: Map keys must be unique/,
    ],
    ["a list for a map", { "Pulumi.dev.yaml": "- a\n" }, /^Pulumi\.dev\.yaml must hold a map/],
    ["text for config", { "Pulumi.dev.yaml": "config: yes please\n" }, /^Pulumi\.dev\.yaml: "config" must be a map/],
    ["a project without a name", { "Pulumi.yaml": "runtime: nodejs\n" }, /^Pulumi\.yaml needs a "name"$/],
    [
      "a value that the project demands",
      { "Pulumi.yaml": "name: p\nconfig:\n  size:\n    type: integer\n", "Pulumi.dev.yaml": "config: {}\n" },
      /^Stack 'dev' is missing configuration value 'p:size'$/,
    ],
  ];
  for (const [what, files, message] of faults) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readStack(project(files), "dev"),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it("takes a stack without configuration", () => {
    assert.deepEqual(read("config:\n"), {});
    assert.deepEqual(read("secretsprovider: x\n"), {});
  });
});
