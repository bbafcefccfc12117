import assert from "node:assert/strict";

type Input = Record<string, unknown>;
type Send = (name: string, input: Input) => Promise<Input>;

/* eslint-disable @typescript-eslint/no-require-imports -- the function is plain JavaScript, as Lambda runs it */
const { createHandler } = require("../../components/gen-ai-endpoint/function/handler.js") as {
  createHandler: (aws: {
    iam: Send;
    cloudwatch: Send;
    sns: Send;
    env: Input;
    now: () => number;
  }) => (event: Input) => Promise<unknown>;
};
const { allows } = require("../../components/gen-ai-endpoint/function/statements.js") as {
  allows: (document: Input, action: string, resource: string) => boolean;
};
/* eslint-enable @typescript-eslint/no-require-imports */

const arn = "arn:aws:bedrock:ap-northeast-1:111111111111:application-inference-profile/abc";
const policy = "arn:aws:iam::111111111111:policy/ai-stop";
const topic = "arn:aws:sns:ap-northeast-1:111111111111:alarms";
const encoded = (statement: unknown): string => encodeURIComponent(JSON.stringify({ Statement: statement }));
const invokes = encoded([{ Effect: "Allow", Action: ["bedrock:InvokeModel"], Resource: [arn] }]);
const reads = encoded({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
const inline = (name: string, ...documents: string[]) => ({
  RoleName: name,
  Path: "/",
  RolePolicyList: documents.map((PolicyDocument) => ({ PolicyDocument })),
});

/** Answers pages in turn, and records what was asked; `failing` roles, and commands, refuse everything. */
function fake(pages: Record<string, Input[]>, failing: string[] = []) {
  const calls: [string, Input][] = [];
  const clock = { at: Date.parse("2026-11-26T12:00:00Z") };
  const send: Send = (name, input) => {
    calls.push([name, input]);
    const fails = failing.includes(input["RoleName"] as string) || failing.includes(name);
    return fails ? Promise.reject(new Error("limit exceeded")) : Promise.resolve(pages[name]?.shift() ?? {});
  };
  const env = {
    MODEL_ARN: arn,
    DENY_POLICY_ARN: policy,
    ENDPOINT: "ai",
    CEILING_USD: "2",
    PRICES: JSON.stringify({ InputTokenCount: 1.1, OutputTokenCount: 5.5 }),
    ALARM_TOPIC_ARN: topic,
  };
  const handler = createHandler({ iam: send, cloudwatch: send, sns: send, env, now: () => clock.at });
  const named = (pattern: RegExp) => calls.filter(([name]) => pattern.test(name));
  return { calls, clock, handler, named, changes: () => named(/^(At|De)tach/) };
}

const alarm = (value: string): Input => ({ source: "aws.cloudwatch", alarmData: { state: { value } } });

/** What fails on purpose is not for the tests' output. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { error } = console;
  console.error = () => undefined;
  try {
    await work();
  } finally {
    console.error = error;
  }
}

describe("the function of GenAiEndpoint", () => {
  it("denies the roles that may invoke, by policies of their own and attached ones, over all pages", async () => {
    const local = "arn:aws:iam::111111111111:policy/invoker";
    const { calls, handler, changes } = fake({
      GetAccountAuthorizationDetails: [
        {
          RoleDetailList: [inline("api", reads, invokes), inline("worker", reads)],
          IsTruncated: true,
          Marker: "next",
        },
        {
          RoleDetailList: [
            { RoleName: "batch", Path: "/jobs/", AttachedManagedPolicies: [{ PolicyArn: local }] },
            {
              RoleName: "old",
              Path: "/",
              AttachedManagedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/ReadOnly" }],
            },
            { ...inline("AWSServiceRoleForX", invokes), Path: "/aws-service-role/x.amazonaws.com/" },
          ],
          Policies: [
            {
              Arn: local,
              PolicyVersionList: [
                { IsDefaultVersion: false, Document: reads },
                { IsDefaultVersion: true, Document: invokes },
              ],
            },
          ],
          IsTruncated: false,
        },
      ],
    });
    assert.deepEqual(await handler(alarm("ALARM")), { stopped: ["api", "batch"] });
    const filter = { Filter: ["Role", "LocalManagedPolicy"] };
    assert.deepEqual(calls.slice(0, 2), [
      ["GetAccountAuthorizationDetails", filter],
      ["GetAccountAuthorizationDetails", { ...filter, Marker: "next" }],
    ]);
    assert.deepEqual(changes(), [
      ["AttachRolePolicy", { RoleName: "api", PolicyArn: policy }],
      ["AttachRolePolicy", { RoleName: "batch", PolicyArn: policy }],
    ]);
  });

  for (const event of [alarm("OK"), alarm("INSUFFICIENT_DATA"), {}]) {
    it(`does nothing for ${JSON.stringify(event)}`, async () => {
      const { calls, handler } = fake({});
      assert.deepEqual(await handler(event), { stopped: [] });
      assert.deepEqual(calls, []);
    });
  }

  it("passes over a role that is denied already", async () => {
    const stopped = { ...inline("api", invokes), AttachedManagedPolicies: [{ PolicyArn: policy }] };
    const { handler, changes } = fake({ GetAccountAuthorizationDetails: [{ RoleDetailList: [stopped] }] });
    assert.deepEqual(await handler(alarm("ALARM")), { stopped: [] });
    assert.deepEqual(changes(), []);
  });

  it("goes on after a role that fails, and then fails, so that Lambda tries again", async () => {
    const { handler, changes } = fake(
      { GetAccountAuthorizationDetails: [{ RoleDetailList: [inline("a", invokes), inline("b", invokes)] }] },
      ["a"],
    );
    await assert.rejects(handler(alarm("ALARM")), { message: "Changed b; failed: a: limit exceeded" });
    assert.equal(changes().length, 2);
  });

  it("lifts: detaches from every role, then puts the alarm back, so that it acts again", async () => {
    const { calls, handler } = fake({
      ListEntitiesForPolicy: [
        { PolicyRoles: [{ RoleName: "a" }], IsTruncated: true, Marker: "next" },
        { PolicyRoles: [{ RoleName: "b" }], IsTruncated: false },
      ],
    });
    assert.deepEqual(await handler({ lift: "ai-spend-alarm" }), { lifted: ["a", "b"] });
    const list = { PolicyArn: policy, EntityFilter: "Role" };
    assert.deepEqual(calls, [
      ["ListEntitiesForPolicy", list],
      ["ListEntitiesForPolicy", { ...list, Marker: "next" }],
      ["DetachRolePolicy", { RoleName: "a", PolicyArn: policy }],
      ["DetachRolePolicy", { RoleName: "b", PolicyArn: policy }],
      ["SetAlarmState", { AlarmName: "ai-spend-alarm", StateValue: "OK", StateReason: "The stop was lifted by hand" }],
    ]);
  });

  it("lifts where there is no alarm", async () => {
    const { calls, handler } = fake({ ListEntitiesForPolicy: [{ PolicyRoles: [{ RoleName: "a" }] }] });
    assert.deepEqual(await handler({ lift: true }), { lifted: ["a"] });
    assert.deepEqual(
      calls.map(([name]) => name),
      ["ListEntitiesForPolicy", "DetachRolePolicy"],
    );
  });

  describe("upon a call to the model", () => {
    const call = { "detail-type": "AWS API Call via CloudTrail", detail: { eventName: "Converse" } };
    const metrics = (input: number[], output: number[], more = {}): Input => ({
      MetricDataResults: [
        { Id: "tokens0", StatusCode: "Complete", Values: input },
        { Id: "tokens1", StatusCode: "Complete", Values: output },
      ],
      ...more,
    });
    const oneRole = () => [{ RoleDetailList: [inline("api", invokes)] }];
    const told = ({ named }: ReturnType<typeof fake>) =>
      named(/^Publish$/).map(([, input]) => {
        assert.equal(input["TopicArn"], topic);
        const { default: text = "", https = "" } = JSON.parse(input["Message"] as string) as Record<string, string>;
        const content = { title: input["Subject"], description: text };
        assert.deepEqual(JSON.parse(https), { version: "1.0", source: "custom", content });
        return content;
      });

    it("asks for the tokens of the last 60 minutes by the minute, and does nothing below the ceiling", async () => {
      // 1 million in at 1.10 USD.
      const { calls, handler } = fake({ GetMetricData: [metrics([400_000, 600_000], [])] });
      assert.deepEqual(await handler(call), { usd: 1.1, stopped: [] });
      const query = (Id: string, MetricName: string) => ({
        Id,
        MetricStat: {
          Metric: { Namespace: "AWS/Bedrock", MetricName, Dimensions: [{ Name: "ModelId", Value: "abc" }] },
          Period: 60,
          Stat: "Sum",
        },
      });
      assert.deepEqual(calls, [
        [
          "GetMetricData",
          {
            StartTime: new Date("2026-11-26T11:00:00Z"),
            EndTime: new Date("2026-11-26T12:00:00Z"),
            MetricDataQueries: [query("tokens0", "InputTokenCount"), query("tokens1", "OutputTokenCount")],
          },
        ],
      ]);
    });

    it("adds up all pages, denies the roles at the ceiling, and tells", async () => {
      // 1 + 0 million in, 0 + 0.2 million out: 1.10 + 1.10 = 2.20 USD.
      const made = fake({
        GetMetricData: [metrics([1_000_000], [], { NextToken: "next" }), metrics([], [200_000])],
        GetAccountAuthorizationDetails: oneRole(),
      });
      assert.deepEqual(await made.handler(call), { usd: 2.2, stopped: ["api"] });
      assert.equal(made.named(/^GetMetricData$/)[1]?.[1]["NextToken"], "next");
      assert.deepEqual(made.changes(), [["AttachRolePolicy", { RoleName: "api", PolicyArn: policy }]]);
      const [message, ...others] = told(made);
      assert.deepEqual(others, []);
      assert.equal(message?.title, "ai: ceiling reached, invoking was stopped");
      assert.match(
        message.description,
        /^Tokens cost 2\.20 USD within an hour; the ceiling is 2 USD\.\nDenied: api\.\n/,
      );
    });

    it("stops at the ceiling itself", async () => {
      const { handler, clock } = fake({
        GetMetricData: [metrics([1_818_180], []), metrics([1_818_182], [])],
        GetAccountAuthorizationDetails: oneRole(),
      });
      const below = (await handler(call)) as { stopped: string[] };
      clock.at += 60_000;
      const reached = (await handler(call)) as { stopped: string[] };
      assert.deepEqual([below.stopped, reached.stopped], [[], ["api"]]);
    });

    it("tells nobody again of what is stopped already", async () => {
      const role = { ...inline("api", invokes), AttachedManagedPolicies: [{ PolicyArn: policy }] };
      const made = fake({
        GetMetricData: [metrics([9_000_000], [])],
        GetAccountAuthorizationDetails: [{ RoleDetailList: [role] }],
      });
      assert.deepEqual(((await made.handler(call)) as Input)["stopped"], []);
      assert.deepEqual(told(made), []);
    });

    it("looks once in 15 seconds, however many calls there are", async () => {
      const { handler, named, clock } = fake({ GetMetricData: [metrics([], []), metrics([], [])] });
      for (const seconds of [0, 1, 13.9, 0.1]) {
        clock.at += seconds * 1000;
        await handler(call);
      }
      assert.equal(named(/^GetMetricData$/).length, 2);
    });

    for (const StatusCode of ["InternalError", "Forbidden"]) {
      it(`takes ${StatusCode} for no answer, tells and fails, so that Lambda tries again`, async () => {
        const made = fake({ GetMetricData: [{ MetricDataResults: [{ Id: "tokens0", StatusCode }] }] });
        await quietly(() => assert.rejects(made.handler(call), { message: `CloudWatch: ${StatusCode}` }));
        assert.deepEqual(
          told(made).map(({ title }) => title),
          ["ai: its spending could not be read"],
        );
      });
    }

    it("tells where a role could not be stopped, and fails", async () => {
      const made = fake({ GetMetricData: [metrics([9_000_000], [])], GetAccountAuthorizationDetails: oneRole() }, [
        "api",
      ]);
      const message = "Changed no role; failed: api: limit exceeded";
      await quietly(() => assert.rejects(made.handler(call), { message }));
      const [said] = told(made);
      assert.equal(said?.title, "ai: ceiling reached, invoking could NOT be stopped");
      assert.match(said.description, /^Changed no role; failed: api: limit exceeded\.\n/);
    });

    it("tells where the roles could not be read, and fails", async () => {
      const made = fake({ GetMetricData: [metrics([9_000_000], [])] }, ["GetAccountAuthorizationDetails"]);
      await quietly(() => assert.rejects(made.handler(call), { message: "limit exceeded" }));
      assert.equal(told(made).length, 1);
    });
  });

  describe("a statement", () => {
    const allow = { Effect: "Allow", Action: "bedrock:InvokeModel", Resource: arn };
    for (const [what, statement, expected] of [
      ["of that action on that model", allow, true],
      ["with a wildcard in the action, in other letters", { ...allow, Action: "Bedrock:invoke*" }, true],
      [
        "with wildcards in the model",
        { ...allow, Resource: "arn:aws:bedrock:*:*:application-inference-profile/a?c" },
        true,
      ],
      ["of everything", { Effect: "Allow", Action: "*", Resource: "*" }, true],
      ["of all but something else", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }, true],
      ["on all but something else", { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::b" }, true],
      ["that denies", { ...allow, Effect: "Deny" }, false],
      ["of another action", { ...allow, Action: ["bedrock:ApplyGuardrail"] }, false],
      ["of all but this", { Effect: "Allow", NotAction: ["bedrock:*"], Resource: "*" }, false],
      ["on another model", { ...allow, Resource: `${arn}d` }, false],
      ["on a model that a dot would match", { ...allow, Resource: arn.replace("abc", "a.c") }, false],
      ["on all but this model", { Effect: "Allow", Action: "*", NotResource: [arn] }, false],
    ] as const) {
      it(`${what}: ${expected ? "allows" : "does not"}`, () => {
        assert.equal(allows({ Statement: [statement] }, "bedrock:InvokeModel", arn), expected);
      });
    }
  });
});
