import assert from "node:assert/strict";

type Input = Record<string, unknown>;
type Send = (name: string, input: Input) => Promise<Input>;

/* eslint-disable @typescript-eslint/no-require-imports -- the function is plain JavaScript, as Lambda runs it */
const { createHandler } = require("../../components/gen-ai-endpoint/function/handler.js") as {
  createHandler: (aws: { iam: Send; cloudwatch: Send; env: Input }) => (event: Input) => Promise<unknown>;
};
const { allows } = require("../../components/gen-ai-endpoint/function/statements.js") as {
  allows: (document: Input, action: string, resource: string) => boolean;
};
/* eslint-enable @typescript-eslint/no-require-imports */

const arn = "arn:aws:bedrock:ap-northeast-1:111111111111:application-inference-profile/abc";
const policy = "arn:aws:iam::111111111111:policy/ai-stop";
const encoded = (statement: unknown): string => encodeURIComponent(JSON.stringify({ Statement: statement }));
const invokes = encoded([{ Effect: "Allow", Action: ["bedrock:InvokeModel"], Resource: [arn] }]);
const reads = encoded({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
const inline = (name: string, ...documents: string[]) => ({
  RoleName: name,
  Path: "/",
  RolePolicyList: documents.map((PolicyDocument) => ({ PolicyDocument })),
});

/** Answers pages in turn, and records what was asked; `failing` roles refuse every change. */
function fake(pages: Record<string, Input[]>, failing: string[] = []) {
  const calls: [string, Input][] = [];
  const send: Send = (name, input) => {
    calls.push([name, input]);
    if (failing.includes(input["RoleName"] as string)) return Promise.reject(new Error("limit exceeded"));
    return Promise.resolve(pages[name]?.shift() ?? {});
  };
  const handler = createHandler({ iam: send, cloudwatch: send, env: { MODEL_ARN: arn, DENY_POLICY_ARN: policy } });
  return { calls, handler, changes: () => calls.filter(([name]) => /^(At|De)tach/.test(name)) };
}

const alarm = (value: string): Input => ({ source: "aws.cloudwatch", alarmData: { state: { value } } });

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
