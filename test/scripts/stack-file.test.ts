import * as assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { UsageError } from "../../plan/usage";
import { StackFile } from "../../scripts/stack-file";

const text = `# head
config:
  kiban:one:   # of one
    id: "1" # an id
    list: [a, b] # append only
    flow: { x: 1, y: 2 }

  # before two
  kiban:two:
    inner:
      last: 3 # the end
  kiban:three: yes
`;

describe("StackFile", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "kiban-file-"));
    path = join(directory, "Pulumi.dev.yaml");
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const open = (content = text): StackFile => {
    writeFileSync(path, content);
    return StackFile.open(path);
  };

  it("reads values and keys", () => {
    const file = open();
    assert.deepEqual(file.value(["config", "kiban:one", "list"]), ["a", "b"]);
    assert.equal(file.value(["config", "kiban:none", "list"]), undefined);
    assert.deepEqual(file.keys(["config"]), ["kiban:one", "kiban:two", "kiban:three"]);
    assert.deepEqual(file.keys(["config", "kiban:three"]), []);
  });

  const edits: [string, (file: StackFile) => unknown, (before: string) => string][] = [
    ["a value", (f) => f.set(["config", "kiban:one", "id"], "012"), (t) => t.replace('id: "1"', 'id: "012"')],
    ["a list", (f) => f.set(["config", "kiban:one", "list"], ["c"]), (t) => t.replace("[a, b]", "[c]")],
    ["within braces", (f) => f.set(["config", "kiban:one", "flow", "y"], 5), (t) => t.replace("y: 2", "y: 5")],
    [
      "a new key",
      (f) => f.set(["config", "kiban:two", "inner", "first"], true),
      (t) => t.replace("      last:", "      first: true\n      last:"),
    ],
    [
      "the removal of a value",
      (f) => f.remove(["config", "kiban:one", "id"]),
      (t) => t.replace('    id: "1" # an id\n', ""),
    ],
    [
      "the removal of a block",
      (f) => f.remove(["config", "kiban:two"]),
      (t) => t.replace("  kiban:two:\n    inner:\n      last: 3 # the end\n", ""),
    ],
    [
      "the removal of the last key",
      (f) => f.remove(["config", "kiban:three"]),
      (t) => t.replace("  kiban:three: yes\n", ""),
    ],
    ["the removal of what is not there", (f) => f.remove(["config", "kiban:four"]), (t) => t],
    [
      "lines before a key",
      (f) => f.insertBefore(["config", "kiban:two"], "  kiban:new: 1\n"),
      (t) => t.replace("  kiban:two:", "  kiban:new: 1\n  kiban:two:"),
    ],
  ];
  for (const [what, edit, expected] of edits) {
    it(`leaves every other byte as it is: ${what}`, () => {
      const file = open();
      edit(file);
      assert.equal(file.content, expected(text));
    });
  }

  it("writes text so that YAML 1.1 and 1.2 both read that text", () => {
    const texts = [
      "123456789012",
      "012345670123",
      "12345678901234567890123456789012345678e9",
      "1e40000000000000000000000000000000000000",
      "0123456789012345678901234567890123456789",
      "4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98",
      "awskms://alias/kiban-pulumi?region=us-east-1",
      "no",
      "12:30",
      "a # b",
      "*.example.com",
      "a: b",
    ];
    for (const value of texts) {
      const file = open().set(["config", "kiban:one", "id"], value).set(["config", "kiban:one", "list"], [value]);
      for (const version of ["1.1", "1.2"] as const) {
        const read = parse(file.content, { version }) as { config: Record<string, { id: unknown; list: unknown[] }> };
        assert.equal(read.config["kiban:one"]?.id, value);
        assert.deepEqual(read.config["kiban:one"].list, [value]);
      }
    }
    assert.match(open().set(["config", "kiban:one", "id"], "4f2a9d1c").content, /id: 4f2a9d1c # an id/);
  });

  it("refuses lines that it would tear apart", () => {
    assert.throws(() => open().remove(["config", "kiban:one", "flow", "x"]), /write x on a line of its own/);
    assert.throws(() => open().set(["config", "kiban:one", "flow", "z"], 1), /write x on a line of its own/);
  });

  it("says what is wrong with a file", () => {
    assert.throws(() => StackFile.open(path), UsageError);
    assert.throws(() => open("a: [1"), /is not valid YAML/);
    assert.throws(() => open("- a\n"), /must hold a map/);
  });

  it("replaces the file in one step, and only when there is a change", () => {
    const file = open();
    file.save();
    assert.equal(readFileSync(path, "utf8"), text);
    file.set(["config", "kiban:one", "id"], "2").save();
    assert.match(readFileSync(path, "utf8"), /id: "2" # an id/);
    assert.deepEqual(readdirSync(directory), ["Pulumi.dev.yaml"]);
  });
});
