import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ReportViolation, StackValidationArgs } from "@pulumi/policy";

import { settle } from "../../policy/lib/configure";
import { type Exemption, Exemptions } from "../../policy/lib/exemptions";
import { packPolicy } from "../../policy/lib/pack";
import { setPackSettings } from "../../policy/lib/settings";
import { rules } from "../../policy/rules";
import { sqsSse } from "../../policy/rules/encryption";
import { sqsSnsSsl } from "../../policy/rules/transit";
import { StackBuilder, analyse, outcome, urnOf } from "./harness";

const policies = [...rules, packPolicy];
const queue = "aws:sqs/queue:Queue";
const urn = urnOf(queue, "it");
const today = "2027-03-01";
const entry = {
  rule: "sqs-sse",
  resource: urn,
  reason: "old consumer",
  owner: "data@example.com",
  expires: "2027-03-31",
};
const without = (key: keyof typeof entry) => Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key));

function faultsOf(entries: unknown[]): string[] {
  return settle(new Map([["pack", { today, exemptions: entries }]]), policies, tmpdir())[1];
}

describe("exemptions", () => {
  afterEach(() => setPackSettings({}));

  it("are taken when they say what, why, who and how long", () => {
    assert.deepEqual(faultsOf([entry, { ...without("resource"), type: queue, name: "i*", stack: "prod" }]), []);
    assert.deepEqual(faultsOf([{ ...entry, expires: "2028-03-01" }]), [], "a year ahead");
    assert.deepEqual(
      faultsOf([{ ...entry, expires: "2027-02-28" }]),
      [],
      "one that has ended is reported, not refused",
    );
  });

  const refused: [what: string, entry: unknown, fault: string][] = [
    ["no rule", without("rule"), 'exemption 1 needs "rule": name of the rule'],
    ["no reason", without("reason"), 'exemption 1 (sqs-sse) needs "reason": why the finding is accepted'],
    ["an empty reason", { ...entry, reason: " " }, 'exemption 1 (sqs-sse) needs "reason": why the finding is accepted'],
    ["no owner", without("owner"), 'exemption 1 (sqs-sse) needs "owner": who answers for it'],
    ["no end", without("expires"), 'exemption 1 (sqs-sse) needs "expires": last day, an ISO date at most a year ahead'],
    ["no resource", without("resource"), 'exemption 1 (sqs-sse) needs "resource", a URN, or both "type" and "name"'],
    [
      "a type alone",
      { ...without("resource"), type: queue },
      'exemption 1 (sqs-sse) needs "resource", a URN, or both "type" and "name"',
    ],
    [
      "two ways to name the resource",
      { ...entry, name: "it" },
      'exemption 1 (sqs-sse) has both "resource" and "type" or "name": keep one way to name the resource',
    ],
    [
      "no URN",
      { ...entry, resource: "*" },
      'exemption 1 (sqs-sse) needs a URN as "resource", such as urn:pulumi:dev::*',
    ],
    [
      "an unknown rule",
      { ...entry, rule: "sqs-see" },
      "exemption 1 (sqs-see) names no rule of the pack; near: sqs-sse, sns-sse",
    ],
    ["the pack itself", { ...entry, rule: "pack" }, "exemption 1 (pack) names no rule of the pack"],
    [
      "an unknown key",
      { ...entry, expire: "x" },
      'exemption 1 (sqs-sse) has no key "expire"; near: expires; keys: rule, resource, type, name, stack, reason, owner, expires',
    ],
    [
      "another kind of date",
      { ...entry, expires: "31.3.2027" },
      'exemption 1 (sqs-sse) needs an ISO date as "expires", such as 2027-03-01, not "31.3.2027"',
    ],
    [
      "a day that there is not",
      { ...entry, expires: "2027-02-30" },
      'exemption 1 (sqs-sse) needs an ISO date as "expires", such as 2027-03-01, not "2027-02-30"',
    ],
    [
      "an end too far ahead",
      { ...entry, expires: "2028-03-02" },
      "exemption 1 (sqs-sse) expires in more than a year: set a date up to a year ahead",
    ],
    ["no text", { ...entry, owner: 7 }, 'exemption 1 (sqs-sse) needs a text as "owner"'],
    [
      "no object",
      "sqs-sse",
      "exemption 1 must be an object with rule, resource, type, name, stack, reason, owner, expires",
    ],
  ];
  for (const [what, given, fault] of refused) {
    it(`are refused with ${what}`, () => assert.equal(faultsOf([given])[0], fault));
  }

  it("are refused with every fault of every entry, and then none is in force", () => {
    const [settings, faults] = settle(
      new Map([["pack", { today, exemptions: [entry, { rule: "sqs-sse" }, "x"] }]]),
      policies,
      tmpdir(),
    );
    assert.equal(faults.length, 5);
    assert.ok(faults.every((fault) => /^exemption [23]/.test(fault)));
    assert.equal(settings.exemptions.find("sqs-sse", urn), undefined);
  });

  it("come from a file in YAML or JSON, beside those of the configuration, and a fault names the file", () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-exemptions-"));
    const found = (name: string, text: string, exemptionsFile?: string): string[] => {
      writeFileSync(join(directory, name), text);
      const block = { today, ...(exemptionsFile !== undefined && { exemptionsFile }) };
      const [settings, faults] = settle(new Map([["pack", block]]), policies, directory);
      return settings.exemptions.find("sqs-sse", urn) === undefined ? faults : ["found"];
    };
    const yaml = Object.entries(entry).map(([key, value]) => `${key}: ${value}`);
    try {
      assert.deepEqual(found("exemptions.yaml", `- ${yaml.join("\n  ")}\n`), ["found"], "the usual file");
      assert.deepEqual(found("exemptions.yaml", "# none\n"), []);
      assert.deepEqual(found("e.json", JSON.stringify([entry]), "e.json"), ["found"]);
      assert.deepEqual(found("e.json", "{}", "e.json"), ["e.json: must be a list of exemptions"]);
      assert.match(found("e.yaml", "- [", "e.yaml")[0] ?? "", /^e\.yaml: .*line 1/);
      assert.match(found("f.yaml", "- rule: sqs-sse\n", "f.yaml")[0] ?? "", /^f\.yaml: exemption 1 \(sqs-sse\) needs/);
      assert.deepEqual(found("f.yaml", "", "g.yaml"), [
        `the file of exemptions is not there: ${join(directory, "g.yaml")}`,
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  const matching: [what: string, change: Partial<Exemption>, matches: boolean][] = [
    ["its URN", {}, true],
    ["a pattern", { resource: "urn:pulumi:prod::*::it" }, true],
    ["a pattern over the parent's types", { resource: "urn:*Queue::it" }, true],
    ["another rule", { rule: "sns-sse" }, false],
    ["another name", { resource: "urn:pulumi:prod::*::i" }, false],
    ["another stack", { resource: "urn:pulumi:dev::*" }, false],
    ["a dot, which is no pattern", { resource: urn.replace("pulumi", "pul.mi") }, false],
    ["another stack beside it", { resource: "urn:*", stack: "dev" }, false],
  ];
  for (const [what, change, expected] of matching) {
    it(`${expected ? "match" : "do not match"} by ${what}`, () => {
      const found = new Exemptions([{ ...entry, ...change }], today).find("sqs-sse", urn);
      assert.equal(found !== undefined, expected);
    });
  }

  it("match by type and name, under any parent", () => {
    const { rule, reason, owner, expires } = entry;
    const exempt = new Exemptions([{ rule, reason, owner, expires, type: queue, name: "i*" }], today);
    assert.ok(exempt.find("sqs-sse", urn));
    assert.ok(exempt.find("sqs-sse", `urn:pulumi:dev::shop::kiban:index:ScheduledTask$${queue}::import`));
    assert.equal(exempt.find("sqs-sse", urnOf("aws:sns/topic:Topic", "it")), undefined);
    assert.equal(exempt.find("sqs-sse", urnOf(queue, "other")), undefined);
  });

  it("take a finding away, and are told with it", () => {
    setPackSettings({ exemptions: new Exemptions([entry], today) });
    assert.deepEqual(analyse(sqsSse, queue, {}), []);
    const { reason, owner, expires } = entry;
    assert.deepEqual(outcome().exempted, [
      {
        urn,
        message:
          "sqsManagedSseEnabled is not on, and kmsMasterKeyId is not set: " +
          "set kmsMasterKeyId to the stack's key, or this to true",
        reason,
        owner,
        expires,
      },
    ]);
    assert.equal(analyse(sqsSse, queue, {}, { stack: "stg" }).length, 1, "and no other");
  });

  it("take a finding of a stack rule away on one resource", () => {
    const rule = "sqs-sns-ssl";
    setPackSettings({ exemptions: new Exemptions([{ ...entry, rule, resource: urnOf(queue, "a") }], today) });
    const stack = new StackBuilder().add(queue, "a", {}).add(queue, "b", {});
    assert.deepEqual(
      stack.messages(sqsSnsSsl).map((message) => message.split(":")[0]),
      ["b"],
    );
    assert.deepEqual(
      outcome().exempted.map((one) => one.urn),
      [urnOf(queue, "a")],
    );
  });

  /** What the pack's own policy says at the end of a run on these days. */
  function notices(change: Partial<Exemption>, day: string, used: boolean, stack = "prod"): string[] {
    setPackSettings({ exemptions: new Exemptions([{ ...entry, ...change }], day) });
    if (used) analyse(sqsSse, queue, {});
    const findings: { message: string; urn?: string; enforcementLevel?: string }[] = [];
    const resources = [{ urn: urnOf("pulumi:pulumi:Stack", "shop", stack) }];
    const args = { resources } as unknown as StackValidationArgs;
    void packPolicy.validateStack(args, findings.push.bind(findings) as unknown as ReportViolation);
    return findings.map(
      (f) => `${f.enforcementLevel ?? "mandatory"} ${f.urn === undefined ? "" : "on it "}${f.message}`,
    );
  }
  const about = `exemption from sqs-sse for ${urn} (data@example.com)`;
  const soon = (when: string) => [`advisory on it ${about} ends ${when}: mend the resource, or renew the entry`];
  const over = `${about} expired on 2027-03-31: mend the resource and remove the entry, or renew it with its reason`;
  const days: [day: string, expected: string[]][] = [
    ["2027-03-16", []],
    ["2027-03-17", soon("in 14 days")],
    ["2027-03-30", soon("tomorrow")],
    ["2027-03-31", soon("today")],
    ["2027-04-01", [`mandatory on it ${over}`]],
  ];
  for (const [day, expected] of days) {
    it(`say on ${day}: ${expected[0] ?? "nothing"}`, () => assert.deepEqual(notices({}, day, true), expected));
  }

  it("that have ended let the finding through again", () => {
    setPackSettings({ exemptions: new Exemptions([entry], "2027-04-01") });
    assert.equal(analyse(sqsSse, queue, {}).length, 1);
    assert.deepEqual(outcome().exempted, []);
  });

  it("are reported where they match no finding, but not those of another stack", () => {
    assert.deepEqual(notices({}, today, false), [`advisory ${about} matches no finding: remove the entry`]);
    assert.deepEqual(notices({}, today, false, "dev"), []);
    assert.deepEqual(notices({}, "2027-04-01", false), [`mandatory ${over}`]);
    assert.equal(notices({ resource: "urn:pulumi:*::it" }, today, false, "dev").length, 1);
    assert.deepEqual(notices({ resource: "urn:pulumi:*::it", stack: "prod" }, today, false, "dev"), []);
  });
});
