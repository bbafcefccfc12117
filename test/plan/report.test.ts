import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Ajv } from "ajv";
import addFormats from "ajv-formats";

import { type PolicyReport } from "../../plan/policy/findings";
import { json } from "../../plan/report/json";
import { junit } from "../../plan/report/junit";
import { markdown } from "../../plan/report/markdown";
import { reportFor } from "../../plan/report/report";
import { sarif } from "../../plan/report/sarif";
import { type Plan } from "../../plan/run";
import { plan as command, projects, root } from "./command";

const queue = "urn:pulumi:prod::shop::aws:sqs/queue:Queue::orders";
const topic = "urn:pulumi:prod::shop::shop:index:Site$aws:sns/topic:Topic::news";
const none = { passed: 0, failed: 0, exempted: 0, notEvaluated: 0, notApplicable: 0 };
const bare = { sees: "resource", severity: undefined, framework: undefined, url: undefined } as const;

const sqs: PolicyReport = {
  name: "sqs-sse",
  description: "Queues encrypt",
  sees: "resource",
  severity: "high",
  framework: { name: "FSBP", reference: "SQS.1", title: "Queues should be encrypted" },
  url: "https://docs.aws.amazon.com/sqs",
  remediationSteps: "Set kmsMasterKeyId.",
  counts: { passed: 2, failed: 1, exempted: 1, notEvaluated: 1, notApplicable: 9 },
};
const other = { ...bare, name: "names", description: "Names are short", remediationSteps: undefined };
const made: Plan = {
  project: "shop",
  stack: "prod",
  resources: [],
  outputs: {},
  violations: [
    { policy: "sqs-sse", level: "mandatory", urn: queue, message: 'key is <none> & "empty": set it' },
    { policy: "names", level: "advisory", urn: topic, message: "too long | by far\nshorten it\u0000" },
  ],
  exempted: [
    { policy: "sqs-sse", urn: topic, message: "m", reason: "old one", owner: "o@x.org", expires: "2027-03-31" },
  ],
  notEvaluated: [{ policy: "sqs-sse", urn: queue, path: "policy.Statement[0]" }],
  policies: [
    sqs,
    { ...other, counts: { ...none, failed: 1 } },
    { ...other, name: "unused", counts: { ...none, notApplicable: 3 } },
  ],
  summary: {
    resources: 3,
    components: 1,
    mandatory: 1,
    advisory: 1,
    exempted: 1,
    notEvaluated: 1,
    remediations: [],
    policyPack: "rules",
    policies: 3,
    asPreview: false,
    milliseconds: 1,
  },
};
const sums = { passed: 2, failed: 2, exempted: 1, notEvaluated: 1, notApplicable: 12 };
const clean: Plan = {
  ...made,
  violations: [],
  exempted: [],
  notEvaluated: [],
  policies: [{ ...sqs, counts: { ...none, passed: 4 } }],
  summary: { ...made.summary, mandatory: 0, advisory: 0, exempted: 0, notEvaluated: 0 },
};

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly kind?: string;
  readonly message: { readonly text: string };
  readonly suppressions?: readonly { readonly justification: string }[];
  readonly locations: readonly { readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[] }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Record<string, unknown>[] } };
      readonly results: readonly Result[];
      readonly properties: { readonly counts: unknown };
    },
  ];
}

describe("reports", () => {
  describe("SARIF", () => {
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(readFileSync(join(root, "test/fixtures/sarif/sarif-2.1.0-rtm.5.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const validate = addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile(schema);
    const [run] = (JSON.parse(sarif(made)) as Log).runs;

    for (const [what, plan] of [
      ["with findings", made],
      ["without any", clean],
    ] as const) {
      it(`is valid ${what}`, () => assert.ok(validate(JSON.parse(sarif(plan))), JSON.stringify(validate.errors)));
    }

    it("is checked by a schema that refuses what is wrong", () => {
      const log = JSON.parse(sarif(made)) as { runs: { results: { level: string }[] }[] };
      (log.runs[0]?.results[0] as { level: string }).level = "fatal";
      assert.equal(validate(log), false);
    });

    it("says of each rule what it checks, how grave it is, what to do and where to read on", () => {
      assert.equal(run.tool.driver.name, "rules");
      assert.deepEqual(run.tool.driver.rules[0], {
        id: "sqs-sse",
        shortDescription: { text: "Queues encrypt" },
        help: { text: "Set kmsMasterKeyId." },
        helpUri: "https://docs.aws.amazon.com/sqs",
        properties: {
          tags: ["security", "SQS.1"],
          severity: "high",
          "security-severity": "8.0",
          framework: sqs.framework,
          counts: sqs.counts,
        },
      });
      assert.deepEqual(run.properties.counts, sums);
    });

    it("has a result for each finding, suppressed where it is exempted, open where a value was unknown", () => {
      assert.deepEqual(
        run.results.map((r) => [r.ruleId, r.ruleIndex, r.kind ?? "fail", r.level, r.suppressions?.[0]?.justification]),
        [
          ["sqs-sse", 0, "fail", "error", undefined],
          ["names", 1, "fail", "warning", undefined],
          ["sqs-sse", 0, "fail", "note", "old one (o@x.org, until 2027-03-31)"],
          ["sqs-sse", 0, "open", "none", undefined],
        ],
      );
      assert.equal(run.results[0]?.message.text, 'orders (aws:sqs/queue:Queue): key is <none> & "empty": set it');
      assert.equal(run.results[1]?.locations[0]?.logicalLocations[0]?.fullyQualifiedName, topic);
    });

    it("has fingerprints that differ by rule, resource and text, and stay the same", () => {
      const prints = (plan: Plan) =>
        (JSON.parse(sarif(plan)) as Log).runs[0].results.map((r) => r.partialFingerprints["finding/v1"]);
      assert.equal(new Set(prints(made)).size, 4);
      const reversed = prints({ ...made, violations: [...made.violations].reverse() });
      assert.deepEqual(reversed.slice(0, 2).reverse(), prints(made).slice(0, 2));
    });
  });

  it("JUnit: mandatory findings fail, all others are skipped cases that say why", () => {
    const expected = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="rules">
<testsuite name="shop/prod" tests="0" failures="0">
<properties>
<property name="passed" value="2"/>
<property name="failed" value="2"/>
<property name="exempted" value="1"/>
<property name="notEvaluated" value="1"/>
<property name="notApplicable" value="12"/>
</properties>
</testsuite>
<testsuite name="sqs-sse" tests="4" failures="1" skipped="2" errors="0">
<testcase classname="sqs-sse" name="orders (aws:sqs/queue:Queue)">
<failure type="mandatory" message="key is &lt;none&gt; &amp; &quot;empty&quot;: set it">
key is &lt;none&gt; &amp; &quot;empty&quot;: set it
${queue}
Set kmsMasterKeyId.
https://docs.aws.amazon.com/sqs
</failure>
</testcase>
<testcase classname="sqs-sse" name="news (aws:sns/topic:Topic)">
<skipped message="exempted until 2027-03-31 by o@x.org (old one): m"/>
</testcase>
<testcase classname="sqs-sse" name="orders (aws:sqs/queue:Queue)">
<skipped message="not evaluated: policy.Statement[0] is unknown"/>
</testcase>
<testcase classname="sqs-sse" name="2 passed: Queues encrypt"/>
</testsuite>
<testsuite name="names" tests="1" failures="0" skipped="1" errors="0">
<testcase classname="names" name="news (aws:sns/topic:Topic)">
<skipped message="advisory: too long | by far
shorten it\uFFFD"/>
</testcase>
</testsuite>
</testsuites>
`;
    assert.equal(junit(made), expected);
  });

  it("Markdown: the verdict, the counts, the findings, and the rest folded away", () => {
    const expected = `## Policies: shop/prod

**1 mandatory**, 1 advisory findings of rules on 3 resources.

| passed | failed | exempted | not evaluated | not applicable |
| --- | --- | --- | --- | --- |
| 2 | 2 | 1 | 1 | 12 |

### Mandatory: they stop an update

| rule | severity | resource | what, and what to set |
| --- | --- | --- | --- |
| [\`sqs-sse\`](https://docs.aws.amazon.com/sqs) (SQS.1) | high | \`orders\` (aws:sqs/queue:Queue) | key is &lt;none> & "empty": set it |

### Advisory

| rule | severity | resource | what, and what to set |
| --- | --- | --- | --- |
| \`names\` |  | \`news\` (aws:sns/topic:Topic) | too long \\| by far shorten it\u0000 |

<details>
<summary>How to mend</summary>

- \`sqs-sse\`: Set kmsMasterKeyId.

</details>

<details>
<summary>1 exempted</summary>

| rule | resource | finding | reason | owner | until |
| --- | --- | --- | --- | --- | --- |
| \`sqs-sse\` | \`news\` (aws:sns/topic:Topic) | m | old one | o@x.org | 2027-03-31 |

</details>

<details>
<summary>1 not evaluated: unknown</summary>

| rule | resource | property |
| --- | --- | --- |
| \`sqs-sse\` | \`orders\` (aws:sqs/queue:Queue) | \`policy.Statement[0]\` |

</details>
`;
    assert.equal(markdown(made), expected);
    assert.match(markdown(clean), /^no mandatory, 0 advisory findings of rules on 3 resources\.$/m);
    assert.doesNotMatch(markdown(clean), /###|<details>/);
  });

  it("Markdown fits into a comment, and says what it leaves out", () => {
    const [open] = made.notEvaluated;
    assert.ok(open);
    const long = markdown({ ...made, notEvaluated: Array.from({ length: 2000 }, () => open) });
    assert.ok(long.length < 65_536);
    assert.match(long, /<\/details>\n\n\.\.\. and \d+ more lines\n$/);
    assert.equal(long.match(/<details>/g)?.length, long.match(/<\/details>/g)?.length);
  });

  it("JSON: the findings and every policy with its counts, no resource", () => {
    assert.deepEqual(JSON.parse(json(made)), {
      project: "shop",
      stack: "prod",
      policyPack: "rules",
      asPreview: false,
      counts: sums,
      violations: made.violations,
      exempted: made.exempted,
      notEvaluated: made.notEvaluated,
      remediations: [],
      policies: JSON.parse(JSON.stringify(made.policies)) as unknown,
    });
  });

  it("takes its form from the ending", () => {
    const names = ["a.sarif", "a.xml", "a.b.md", "a.json"];
    assert.deepEqual(names.map(reportFor), [sarif, junit, markdown, json]);
    const message = "--report a.txt: the ending says the form: .sarif, .xml, .md, .json";
    assert.throws(() => reportFor("a.txt"), { name: "UsageError", message });
  });

  it("is written by the command, as often as it is asked for, beside what it prints and its exit code", async function () {
    this.timeout(60_000);
    const directory = mkdtempSync(join(tmpdir(), "kiban-report-"));
    try {
      const names = ["a.sarif", "b.xml", "c.md", "d.json"];
      const flags = names.flatMap((name) => ["--report", join(directory, name)]);
      const { code, stdout } = await command(join(projects, "shop"), ["prod", ...flags]);
      assert.equal(code, 1);
      assert.match(stdout, /bucket-owner/);
      assert.deepEqual(readdirSync(directory).sort(), names);
      for (const name of names) assert.match(readFileSync(join(directory, name), "utf8"), /bucket-owner/);
      const wrong = await command(join(projects, "shop"), ["prod", "--report", "x.txt"]);
      assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
