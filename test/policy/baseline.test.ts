import assert from "node:assert/strict";

import { Exemptions, type Exemption, parseExemptions } from "../../policy/lib/exemptions";
import { BaselineError, baseline, findingsIn } from "../../policy/lib/baseline";

const common = { reason: "found when the pack came", owner: "platform@example.com", expires: "2027-03-31" };
const today = "2026-11-26";
const urnOf = (name: string): string => `urn:pulumi:stg::shop::aws:sqs/queue:Queue::${name}`;
const finding = (policy: string, name: string, level: "mandatory" | "advisory" = "mandatory") => ({
  policy,
  level,
  urn: urnOf(name),
  message: "kmsMasterKeyId is missing: name a key",
});

describe("baseline", () => {
  it("accepts each mandatory finding of a rule once, and lets through no other", () => {
    const text = baseline(
      [
        finding("sqs-sse", "a"),
        finding("sqs-sse", "a"),
        finding("tag-format", "a"),
        finding("sqs-sse", "b", "advisory"),
        finding("pack", "a"),
      ],
      common,
      today,
    );
    const entries = parseExemptions(text) as Exemption[];
    assert.deepEqual(entries, [
      { rule: "sqs-sse", resource: urnOf("a"), ...common },
      { rule: "tag-format", resource: urnOf("a"), ...common },
    ]);
    const exemptions = new Exemptions(entries, today);
    assert.deepEqual(exemptions.find("sqs-sse", urnOf("a")), entries[0]);
    assert.equal(exemptions.find("sqs-sse", urnOf("new")), undefined);
    assert.deepEqual(
      exemptions.notices("stg").map(({ message }) => message.split(":").at(-1)),
      [" remove the entry"],
      "what is mended has an entry too many",
    );
  });

  it("knows a default provider after an upgrade", () => {
    const provider = (version: string) => `urn:pulumi:stg::shop::pulumi:providers:aws::default_${version}`;
    const violations = [{ policy: "account-allow-list", level: "mandatory", urn: provider("7_48_0") }];
    const exemptions = new Exemptions(parseExemptions(baseline(violations, common, today)) as Exemption[], today);
    assert.ok(exemptions.find("account-allow-list", provider("7_49_1")));
  });

  it("is an empty list where nothing is found", () => {
    assert.deepEqual(parseExemptions(baseline([], common, today)), []);
  });

  it("reads a plan, and the engine's events", () => {
    const expected = [{ policy: "sqs-sse", level: "mandatory", urn: urnOf("a") }];
    assert.deepEqual(findingsIn(JSON.stringify({ stack: "stg", violations: [finding("sqs-sse", "a")] })), expected);
    const policyEvent = { resourceUrn: urnOf("a"), policyName: "sqs-sse", enforcementLevel: "mandatory", message: "m" };
    const events = [
      { sequence: 0, policyLoadEvent: {} },
      { sequence: 1, policyEvent },
    ];
    assert.deepEqual(findingsIn(events.map((event) => `${JSON.stringify(event)}\n`).join("")), expected);
    for (const other of ["", "Previewing update", "[]", '{ "steps": [] }']) {
      assert.throws(() => findingsIn(other), BaselineError);
    }
  });

  it("refuses what the pack would refuse, each fault once", () => {
    assert.throws(
      () =>
        baseline([finding("sqs-sse", "a"), finding("sqs-sse", "b")], { ...common, owner: "", expires: "soon" }, today),
      (error) =>
        error instanceof BaselineError &&
        error.message.split("\n").filter((line) => /^the baseline/.test(line)).length === 2,
    );
  });
});
