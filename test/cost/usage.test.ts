import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { findUsage, parseUsage } from "../../cost/usage";

const text = readFileSync(join(__dirname, "../..", "usage.yaml"), "utf8");

/** `usage.yaml` with one part changed. */
function changed(change: (content: Record<string, Record<string, Record<string, unknown>>>) => void): string {
  const content = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
  change(content);
  return stringify(content);
}

describe("usage.yaml", () => {
  for (const stack of ["dev", "stg", "prod"]) {
    it(`holds for ${stack}`, () => assert.ok(parseUsage(text, stack).of("").web.millionRequests.expected > 0));
  }

  it("reads one number as all three, and keeps three apart", () => {
    const usage = parseUsage(
      changed((all) => (all["defaults"]!["images"]!["storageGb"] = 7)),
      "dev",
    ).of("");
    assert.deepEqual(usage.images.storageGb, { low: 7, expected: 7, high: 7 });
    assert.deepEqual(usage.network.natGb, { low: 1, expected: 5, high: 20 });
  });

  it("has a component over its stack over the defaults, figure by figure", () => {
    const given = changed((all) => {
      all["stacks"]!["dev"] = {
        tables: { millionReads: 2 },
        components: { orders: { tables: { millionReads: 3 } } },
      };
    });
    const usage = parseUsage(given, "dev");
    assert.equal(usage.of("orders").tables.millionReads.expected, 3);
    assert.equal(usage.of("others").tables.millionReads.expected, 2);
    assert.equal(usage.of("orders").tables.millionWrites.expected, 0.1);
    assert.equal(parseUsage(given, "stg").of("orders").tables.millionReads.expected, 0.1);
    assert.deepEqual(usage.components, ["orders"]);
  });

  it("names each fault with its place", () => {
    const given = changed((all) => {
      all["defaults"]!["network"]!["natGb"] = [3, 2, 1];
      all["defaults"]!["images"]!["storageGb"] = -1;
      delete all["defaults"]!["users"]!["monthlyActive"];
    });
    const ordered = "one number, or three that do not fall: [low, expected, high]";
    assert.throws(() => parseUsage(given, "dev"), {
      name: "UsageError",
      message: [
        "usage.yaml has faults:",
        `  defaults.network.natGb: ${ordered}`,
        `  defaults.images.storageGb: ${ordered}`,
        `  defaults.users.monthlyActive: ${ordered}`,
      ].join("\n"),
    });
  });

  it("does not pass over a misspelt figure", () => {
    const given = changed((all) => (all["stacks"]!["dev"] = { tables: { millionRead: 1 } }));
    assert.throws(() => parseUsage(given, "dev"), /stacks\.dev\.tables: Unrecognized key: "millionRead"/);
  });

  it("is the project's own, or the nearest above it, and asked for where there is none", () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-usage-"));
    const [outer, inner] = [join(directory, "outer"), join(directory, "outer", "inner")];
    mkdirSync(inner, { recursive: true });
    try {
      assert.throws(() => findUsage(inner), /no usage\.yaml in .*inner or above it: --cost needs to know/);
      for (const place of [outer, inner]) {
        writeFileSync(join(place, "usage.yaml"), text);
        assert.equal(findUsage(inner), join(place, "usage.yaml"));
      }
      assert.equal(findUsage(outer), join(outer, "usage.yaml"));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
