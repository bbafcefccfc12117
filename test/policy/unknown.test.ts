import assert from "node:assert/strict";

import { on, rule, stackRule } from "../../policy/lib/rule";
import { Exemptions } from "../../policy/lib/exemptions";
import { setPackSettings } from "../../policy/lib/settings";
import { tagRequiredKeys } from "../../policy/rules/tagging";
import { type Props, StackBuilder, UNKNOWN, analyse, outcome, urnOf } from "./harness";

const type = "aws:sqs/queue:Queue";
const info = { name: "r", description: "d", severity: "low", levels: "A/M/M", remediationSteps: "s" } as const;
const both = rule(
  info,
  on<{ a: string; b: { c: string }; d: string }>([type], ({ props, report }) => {
    if (props.at("a").isNot("x")) report(props.at("a"), "is not x", "set it");
    if (props.at("b").at("c").isNot("x")) report(props.at("b").at("c"), "is not x", "set it");
    if (props.at("d").json().dig("e").isEmpty()) report("d", "is empty", "set it");
  }),
);
const good = { a: "x", b: { c: "x" }, d: '{"e":1}' };
const strictly = (path: string, rule = "r") =>
  `${path} is unknown at preview: strictUnknown asks for a value that ${rule} can read`;

function unread(props: Props): string[] {
  analyse(both, type, props);
  return outcome().unread.map(({ path }) => path);
}

describe("unknown values", () => {
  afterEach(() => setPackSettings({}));

  it("are counted by property, the outermost that is unknown, and the rule goes on", () => {
    assert.deepEqual(unread(good), []);
    assert.deepEqual(unread({ ...good, a: UNKNOWN }), ["a"]);
    assert.deepEqual(unread({ ...good, b: UNKNOWN }), ["b"]);
    assert.deepEqual(unread({ ...good, b: { c: UNKNOWN } }), ["b.c"]);
    assert.deepEqual(unread({ ...good, d: UNKNOWN }), ["d"]);
    assert.deepEqual(unread({ ...good, d: `{"e":${UNKNOWN}}` }), ["d"], "JSON with an unknown in it cannot be parsed");
    assert.deepEqual(unread({ a: UNKNOWN, b: UNKNOWN, d: UNKNOWN, other: UNKNOWN }), ["a", "b", "d"]);
    const findings = analyse(both, type, { ...good, a: UNKNOWN, b: { c: "y" } });
    assert.deepEqual(findings, [{ message: "b.c is not x: set it", severity: "low" }]);
    assert.deepEqual(outcome().unread, [{ urn: urnOf(type, "it"), path: "a" }]);
  });

  it("are violations where the rule, or the pack, is strict, at the rule's level", () => {
    const props = { ...good, a: UNKNOWN };
    const expected = [{ message: strictly("a"), severity: "low" }];
    assert.deepEqual(analyse(both, type, props, { config: { strictUnknown: true } }), expected);
    setPackSettings({ strictUnknown: true });
    assert.deepEqual(analyse(both, type, props), expected);
    assert.deepEqual(analyse(both, type, props, { stack: "dev" }), [{ ...expected[0], enforcementLevel: "advisory" }]);
    assert.deepEqual(analyse(both, type, good), []);
    assert.deepEqual(analyse(both, type, props, { config: { strictUnknown: false } }), [], "a rule may be let off");
    const exempt = { rule: "r", resource: urnOf(type, "it"), reason: "r", owner: "o", expires: "2027-01-01" };
    setPackSettings({ strictUnknown: true, exemptions: new Exemptions([exempt], "2026-12-01") });
    assert.deepEqual(analyse(both, type, props), []);
  });

  it("of a stack rule are counted on their resource, and a link through an unknown id is none", () => {
    const topic = "aws:sns/topic:Topic";
    const linked = stackRule(info, [type], ({ stack, report }) => {
      for (const node of stack.ofType([type])) {
        const topics = stack.targets(node, "topic", [topic]);
        if (topics.length === 0 || node.props.dig("a").isNot("x")) report(node, "a", "is wrong", "set it");
      }
    });
    const stack = new StackBuilder()
      .add(topic, "t", {})
      .add(type, "q", { topic: UNKNOWN, a: UNKNOWN }, { links: { topic: ["t"] } });
    assert.deepEqual(stack.check(linked), []);
    assert.deepEqual(outcome().unread, [{ urn: urnOf(type, "q"), path: "a" }]);
    assert.deepEqual(stack.check(linked, { strictUnknown: true }), [
      { message: strictly("a"), severity: "low", urn: urnOf(type, "q") },
    ]);
  });

  it("of computed tags are none where the tags that they are made of are known", () => {
    const tags = {
      Project: "p",
      Environment: "prod",
      Owner: "o",
      CostCenter: "c",
      ManagedBy: "pulumi",
      DataClass: "internal",
    };
    const provider = { defaultTags: JSON.stringify({ tags }) };
    assert.deepEqual(analyse(tagRequiredKeys, type, { tagsAll: UNKNOWN }, { provider }), []);
    assert.deepEqual(outcome().unread, []);
    analyse(tagRequiredKeys, type, { tagsAll: UNKNOWN, tags: UNKNOWN }, { provider });
    assert.deepEqual(
      outcome().unread.map(({ path }) => path),
      ["tags"],
    );
  });
});
