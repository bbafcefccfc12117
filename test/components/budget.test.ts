import * as assert from "node:assert/strict";

import { Budget, type BudgetArgs, type BudgetTransform } from "../../components/budget/budget";
import { children, resource, run } from "../harness";

const account = "111111111111";
const topicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;
const policyArn = `arn:aws:iam::${account}:policy/ai-stop`;
const least: BudgetArgs = { limitUsd: 100, receivers: { topicArn } };
const full: BudgetArgs = {
  limitUsd: 1000,
  receivers: { emails: ["a@example.com"], topicArn },
  ai: { limitUsd: 200, stop: { policyArn, roleNames: ["api-task"] } },
  anomalies: { fromUsd: 20 },
};
const make = (args: Partial<BudgetArgs> = {}, base = least) =>
  run(() => void new Budget("spend", { ...base, ...args }));

const types = {
  budget: "aws:budgets/budget:Budget",
  action: "aws:budgets/budgetAction:BudgetAction",
  monitor: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  subscription: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  role: "aws:iam/role:Role",
  rights: "aws:iam/rolePolicy:RolePolicy",
};
const everyChild = [
  `${types.budget} spend-ai`,
  `${types.budget} spend-monthly`,
  `${types.action} spend-stop-action`,
  `${types.monitor} spend-anomalies`,
  `${types.subscription} spend-anomalies-emails`,
  `${types.subscription} spend-anomalies-topic`,
  `${types.role} spend-stop-role`,
  `${types.rights} spend-stop-rights`,
];

describe("Budget", () => {
  it("makes the stack's budget", async () => {
    assert.deepEqual(children(await make(), "spend"), [`${types.budget} spend-monthly`]);
  });

  it("adds a budget for AI with its action, and anomaly detection", async () => {
    const result = await make({}, full);
    assert.equal(result.error, undefined);
    assert.deepEqual(children(result, "spend"), everyChild);
  });

  it("tells at 50, 80 and 100 % of what was spent, and of what is foreseen", async () => {
    const tell = {
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: ["a@example.com"],
      subscriberSnsTopicArns: [topicArn],
    };
    assert.deepEqual(resource(await make({}, full), types.budget, "spend-monthly").inputs, {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "1000",
      limitUnit: "USD",
      costTypes: { includeCredit: false, includeRefund: false },
      notifications: [
        ...[50, 80, 100].map((threshold) => ({ ...tell, threshold, notificationType: "ACTUAL" })),
        { ...tell, threshold: 100, notificationType: "FORECASTED" },
      ],
    });
  });

  it("tells those who are there, at other percentages", async () => {
    const { inputs } = resource(await make({ percentages: [90] }), types.budget, "spend-monthly");
    const tell = {
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [topicArn],
    };
    assert.deepEqual(inputs["notifications"], [
      { ...tell, threshold: 90, notificationType: "ACTUAL" },
      { ...tell, threshold: 100, notificationType: "FORECASTED" },
    ]);
  });

  const aiFilters = async (args: Partial<BudgetArgs>) =>
    resource(await make(args, full), types.budget, "spend-ai").inputs["costFilters"];

  it("filters the AI part by service, and by tag where that is active", async () => {
    assert.deepEqual(await aiFilters({}), [
      { name: "Service", values: ["Amazon Bedrock", "Amazon SageMaker", "Claude Haiku 4.5 (Amazon Bedrock Edition)"] },
    ]);
    assert.deepEqual(await aiFilters({ ai: { limitUsd: 1, services: ["Amazon Bedrock"] } }), [
      { name: "Service", values: ["Amazon Bedrock"] },
    ]);
    assert.deepEqual(await aiFilters({ costTagsActive: true }), [
      { name: "TagKeyValue", values: ["user:Part$generative-ai"] },
    ]);
  });

  it("stops the named roles at 100 %, with the right to attach that policy to them alone", async () => {
    const result = await make({}, full);
    const role = resource(result, types.role, "spend-stop-role");
    const { stopRole, ...action } = resource(result, types.action, "spend-stop-action").inputs;
    assert.equal(stopRole, undefined);
    assert.deepEqual(action, {
      budgetName: resource(result, types.budget, "spend-ai").outputs["name"],
      actionType: "APPLY_IAM_POLICY",
      approvalModel: "AUTOMATIC",
      notificationType: "ACTUAL",
      actionThreshold: { actionThresholdType: "PERCENTAGE", actionThresholdValue: 100 },
      definition: { iamActionDefinition: { policyArn, roles: ["api-task"] } },
      executionRoleArn: role.outputs["arn"],
      subscribers: [
        { address: "a@example.com", subscriptionType: "EMAIL" },
        { address: topicArn, subscriptionType: "SNS" },
      ],
    });
    assert.deepEqual(role.inputs["assumeRolePolicy"], {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "budgets.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:aws:budgets::${account}:budget/*` },
          },
        },
      ],
    });
    assert.deepEqual(resource(result, types.rights, "spend-stop-rights").inputs["policy"], {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
          Resource: [`arn:aws:iam::${account}:role/api-task`],
          Condition: { ArnEquals: { "iam:PolicyARN": policyArn } },
        },
      ],
    });
  });

  it("tells a topic of anomalies at once, and addresses each day", async () => {
    const result = await make({}, full);
    const monitor = resource(result, types.monitor, "spend-anomalies");
    assert.deepEqual(monitor.inputs, { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" });
    const common = {
      monitorArnLists: [monitor.outputs["arn"]],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: ["20"],
        },
      },
    };
    assert.deepEqual(resource(result, types.subscription, "spend-anomalies-topic").inputs, {
      ...common,
      frequency: "IMMEDIATE",
      subscribers: [{ type: "SNS", address: topicArn }],
    });
    assert.deepEqual(resource(result, types.subscription, "spend-anomalies-emails").inputs, {
      ...common,
      frequency: "DAILY",
      subscribers: [{ type: "EMAIL", address: "a@example.com" }],
    });
  });

  it("uses the account's monitor where it is there", async () => {
    const monitorArn = `arn:aws:ce::${account}:anomalymonitor/1`;
    const result = await make({ anomalies: { fromUsd: 5, monitorArn } });
    assert.deepEqual(children(result, "spend"), [
      `${types.budget} spend-monthly`,
      `${types.subscription} spend-anomalies-topic`,
    ]);
    const { inputs } = resource(result, types.subscription, "spend-anomalies-topic");
    assert.deepEqual(inputs["monitorArnLists"], [monitorArn]);
  });

  describe("refuses", () => {
    const cases: [what: string, args: Partial<BudgetArgs>, lines: string[]][] = [
      [
        "a budget without a receiver",
        { receivers: {} },
        ["receivers: was {}; allowed: an address or a topic at least; set emails, topicArn or both"],
      ],
      [
        "addresses that are none, or too many",
        { receivers: { emails: ["me", ...Array.from({ length: 10 }, (_, i) => `${i}@example.com`)] } },
        [
          "receivers.emails: was 11; allowed: at most 10; use a topic for the others",
          'receivers.emails: was "me"; allowed: an e-mail address; correct the address',
        ],
      ],
      [
        "a limit of nothing",
        { limitUsd: 0 },
        ["limitUsd: was 0; allowed: USD, above 0; set what may be spent in a month"],
      ],
      [
        "percentages that are none, or twice the same",
        { percentages: [0, 50, 50] },
        [
          "percentages: was [0,50,50]; allowed: 1 to 9 of them, each once; set [50, 80, 100]",
          "percentages: was 0; allowed: above 0, at most 1000; set percentages of the limit",
        ],
      ],
      [
        "more for AI than for all",
        { ai: { limitUsd: 101 } },
        ["ai.limitUsd: was 101; allowed: at most limitUsd (100); it is a part of the stack's"],
      ],
      [
        "no services, no roles",
        { ai: { limitUsd: 1, services: [], stop: { policyArn, roleNames: [] } } },
        [
          "ai.services: was []; allowed: one at least; name the services, or leave it out",
          'ai.stop.roleNames: was "0 of them"; allowed: 1 to 100; name the roles that invoke',
        ],
      ],
      [
        "services beside the tag",
        { costTagsActive: true, ai: { limitUsd: 1, services: ["Amazon Bedrock"] } },
        [
          'ai.services: was ["Amazon Bedrock"]; allowed: none with costTagsActive; leave it out: the tag says what counts',
        ],
      ],
      [
        "anomalies below nothing",
        { anomalies: { fromUsd: -1 } },
        ["anomalies.fromUsd: was -1; allowed: USD, 0 or more; set the smallest impact that is told"],
      ],
    ];
    for (const [what, args, lines] of cases) {
      it(what, async () => {
        const result = await make(args);
        assert.deepEqual(result.resources, []);
        assert.deepEqual(result.error?.message.split("\n"), ['Budget "spend":', ...lines.map((line) => `  ${line}`)]);
      });
    }
  });

  describe("transform", () => {
    const marks: Record<keyof BudgetTransform, [string, string]> = {
      monthly: [types.budget, "spend-monthly"],
      ai: [types.budget, "spend-ai"],
      stopRole: [types.role, "spend-stop-role"],
      stopRights: [types.rights, "spend-stop-rights"],
      stopAction: [types.action, "spend-stop-action"],
      monitor: [types.monitor, "spend-anomalies"],
      topicSubscription: [types.subscription, "spend-anomalies-topic"],
      emailSubscription: [types.subscription, "spend-anomalies-emails"],
    };
    for (const [child, [type, name]] of Object.entries(marks)) {
      it(`reaches ${child}`, async () => {
        const by = child === "stopAction" ? "budgetName" : "name";
        const result = await make({ transform: { [child]: { [by]: "mine" } } }, full);
        assert.equal(result.error, undefined);
        assert.equal(resource(result, type, name).inputs[by], "mine");
      });
    }
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new Budget(name, full);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (everyChild.length + 1));
  });
});
