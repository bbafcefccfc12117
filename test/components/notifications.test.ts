import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";

import { Notifications, type NotificationsArgs } from "../../components/notifications/notifications";
import { children, resource, type Run, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
const edgeKeyArn = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000001`;
const slack = { workspaceId: "T0123ABCD", channelId: "C0123ABCD" };
const make = (args: Partial<NotificationsArgs> = {}) =>
  run(
    () => void new Notifications("alerts", { region: "ap-northeast-1", keyArn, emails: ["ops@example.com"], ...args }),
  );

const topic = "aws:sns/topic:Topic";
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const slackChannel = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const mainTopic = [
  "aws:sns/topic:Topic alerts-topic",
  "aws:sns/topicPolicy:TopicPolicy alerts-topic-policy",
  "aws:sns/topicSubscription:TopicSubscription alerts-email-ops@example.com",
];
const edgeTopic = [
  "aws:sns/topic:Topic alerts-edge-topic",
  "aws:sns/topicPolicy:TopicPolicy alerts-edge-topic-policy",
  "aws:sns/topicSubscription:TopicSubscription alerts-edge-email-ops@example.com",
];
const slackParts = [
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration alerts-slack-channel",
  "aws:iam/policy:Policy alerts-slack-rights",
  "aws:iam/role:Role alerts-slack-role",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment alerts-slack-attachment",
];

/** A policy as an object: it is registered as one, and checked into a string. */
function documentOf(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

function outputsOf(result: Run): Record<string, unknown> {
  return resource(result, "kiban:index:Notifications", "alerts").outputs;
}

describe("Notifications", () => {
  it("makes one topic with its policy and a subscription per address", async () => {
    assert.deepEqual(children(await make(), "alerts"), mainTopic);
  });

  it("makes a second topic with the same receivers where there is an edge", async () => {
    const result = await make({ edge: { keyArn: edgeKeyArn } });
    assert.deepEqual(children(result, "alerts"), [...mainTopic, ...edgeTopic].sort());
    for (const [type, name] of [
      [topic, "alerts-edge-topic"],
      [topicPolicy, "alerts-edge-topic-policy"],
      [subscription, "alerts-edge-email-ops@example.com"],
    ] as const) {
      assert.equal(resource(result, type, name).inputs["region"], "us-east-1", name);
    }
    assert.equal(resource(result, topic, "alerts-edge-topic").inputs["kmsMasterKeyId"], edgeKeyArn);
    assert.equal(resource(result, topic, "alerts-topic").inputs["kmsMasterKeyId"], keyArn);
    assert.equal(outputsOf(result)["edgeTopicArn"], resource(result, topic, "alerts-edge-topic").outputs["arn"]);
  });

  it("uses one topic for both in us-east-1", async () => {
    const result = await make({ region: "us-east-1", edge: { keyArn: edgeKeyArn } });
    assert.deepEqual(children(result, "alerts"), mainTopic);
    assert.equal(outputsOf(result)["edgeTopicArn"], outputsOf(result)["topicArn"]);
  });

  it("has no edge topic without an edge", async () => {
    let edgeTopicArn: unknown = "not read";
    await run(() => {
      const alerts = new Notifications("alerts", { region: "us-east-1", keyArn, emails: ["ops@example.com"] });
      edgeTopicArn = alerts.edgeTopicArn;
    });
    assert.equal(edgeTopicArn, undefined);
  });

  for (const name of ["alerts", "alerts-edge"]) {
    it(`lets only the senders of this account publish to ${name}-topic, over TLS`, async () => {
      const result = await make({ edge: { keyArn: edgeKeyArn } });
      const arn = resource(result, topic, `${name}-topic`).outputs["arn"];
      const own = { "aws:SourceAccount": account };
      const publish = (Sid: string, Service: string, Condition?: object) => ({
        Sid,
        Effect: "Allow",
        Principal: { Service },
        Action: "sns:Publish",
        Resource: arn,
        ...(Condition !== undefined && { Condition }),
      });
      const { inputs } = resource(result, topicPolicy, `${name}-topic-policy`);
      assert.equal(inputs["arn"], arn);
      assert.deepEqual(documentOf(inputs["policy"]), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          publish("Alarms", "cloudwatch.amazonaws.com", {
            StringEquals: own,
            ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:*:${account}:alarm:*` },
          }),
          publish("Budgets", "budgets.amazonaws.com", {
            StringEquals: own,
            ArnLike: { "aws:SourceArn": `arn:aws:budgets::${account}:*` },
          }),
          publish("CostAnomalies", "costalerts.amazonaws.com", { StringEquals: own }),
          publish("Events", "events.amazonaws.com"),
        ],
      });
    });
  }

  it("subscribes each address by its own name, so that the list has no order", async () => {
    const emails = ["b@example.com", "a@example.com"];
    const result = await make({ emails });
    for (const email of emails) {
      const { inputs } = resource(result, subscription, `alerts-email-${email}`);
      assert.equal(inputs["protocol"], "email");
      assert.equal(inputs["endpoint"], email);
      assert.equal(inputs["topic"], resource(result, topic, "alerts-topic").outputs["arn"]);
    }
  });

  describe("chat", () => {
    it("adds a channel for both topics, with a role of its own", async () => {
      const result = await make({ edge: { keyArn: edgeKeyArn }, chat: { slack } });
      assert.deepEqual(children(result, "alerts"), [...mainTopic, ...edgeTopic, ...slackParts].sort());
      const { inputs } = resource(result, slackChannel, "alerts-slack-channel");
      assert.equal(inputs["configurationName"], "kiban-dev-alerts");
      assert.equal(inputs["slackTeamId"], slack.workspaceId);
      assert.equal(inputs["slackChannelId"], slack.channelId);
      assert.deepEqual(
        inputs["snsTopicArns"],
        ["alerts-topic", "alerts-edge-topic"].map((name) => resource(result, topic, name).outputs["arn"]),
      );
    });

    it("is enough of a receiver", async () => {
      const result = await make({ emails: [], chat: { slack } });
      assert.deepEqual(children(result, "alerts"), [...mainTopic.slice(0, 2), ...slackParts].sort());
    });

    it("can read alarms and metrics, by its role and by its guardrail", async () => {
      const result = await make({ chat: { slack } });
      const role = resource(result, "aws:iam/role:Role", "alerts-slack-role");
      assert.deepEqual(documentOf(role.inputs["assumeRolePolicy"]), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "chatbot.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": account } },
          },
        ],
      });
      const rights = resource(result, "aws:iam/policy:Policy", "alerts-slack-rights");
      assert.deepEqual(documentOf(rights.inputs["policy"]), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [
              "cloudwatch:DescribeAlarms",
              "cloudwatch:GetMetricData",
              "cloudwatch:GetMetricStatistics",
              "cloudwatch:ListMetrics",
            ],
            Resource: "*",
          },
        ],
      });
      const attachment = resource(
        result,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "alerts-slack-attachment",
      );
      assert.equal(attachment.inputs["policyArn"], rights.outputs["arn"]);
      assert.equal(attachment.inputs["role"], role.outputs["name"]);
      const channel = resource(result, slackChannel, "alerts-slack-channel");
      assert.deepEqual(channel.inputs["guardrailPolicyArns"], [rights.outputs["arn"]]);
      assert.equal(channel.inputs["iamRoleArn"], role.outputs["arn"]);
    });
  });

  describe("logs", () => {
    const logs = { gbPerHour: 0.5 };

    it("adds an alarm on what all log groups are given, in each region with a topic", async () => {
      const result = await make({ edge: { keyArn: edgeKeyArn }, logs });
      const alarms = [`${alarm} alerts-edge-logs-alarm`, `${alarm} alerts-logs-alarm`];
      assert.deepEqual(children(result, "alerts"), [...alarms, ...mainTopic, ...edgeTopic].sort());
      for (const [name, prefix, region] of [
        ["alerts-logs-alarm", "alerts", undefined],
        ["alerts-edge-logs-alarm", "alerts-edge", "us-east-1"],
      ] as const) {
        const { alarmDescription, ...inputs } = resource(result, alarm, name).inputs;
        assert.match(alarmDescription as string, /^alerts: 0\.5 GB or more were written to logs within an hour\. /);
        const topicArn = resource(result, topic, `${prefix}-topic`).outputs["arn"];
        assert.deepEqual(inputs, {
          namespace: "AWS/Logs",
          metricName: "IncomingBytes",
          statistic: "Sum",
          period: 3600,
          evaluationPeriods: 1,
          threshold: 500_000_000,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [topicArn],
          okActions: [topicArn],
          ...(region !== undefined && { region }),
        });
      }
    });

    for (const [where, args] of [
      ["without an edge", {}],
      ["in us-east-1", { region: "us-east-1", edge: { keyArn: edgeKeyArn } }],
    ] as const) {
      it(`has one alarm ${where}`, async () => {
        const result = await make({ ...args, logs });
        assert.deepEqual(children(result, "alerts"), [`${alarm} alerts-logs-alarm`, ...mainTopic].sort());
      });
    }
  });

  it("gives out its topics when their policies are there", async () => {
    const result = await run(() => {
      const alerts = new Notifications("alerts", {
        region: "ap-northeast-1",
        keyArn,
        emails: ["ops@example.com"],
        edge: { keyArn: edgeKeyArn },
      });
      for (const [name, arn] of [
        ["main", alerts.topicArn],
        ["edge", alerts.edgeTopicArn ?? "none"],
      ] as const) {
        new aws.cloudwatch.MetricAlarm(name, {
          comparisonOperator: "GreaterThanThreshold",
          evaluationPeriods: 1,
          alarmActions: [arn],
        });
      }
    });
    for (const [name, policy] of [
      ["main", "alerts-topic-policy"],
      ["edge", "alerts-edge-topic-policy"],
    ] as const) {
      const { dependencies } = resource(result, "aws:cloudwatch/metricAlarm:MetricAlarm", name);
      assert.ok(
        dependencies.some((urn) => urn.endsWith(`::${policy}`)),
        name,
      );
    }
  });

  const faults: [string, Partial<NotificationsArgs>, string][] = [
    [
      "a region that is none",
      { region: "Tokyo" },
      'region: was "Tokyo"; allowed: an AWS region, such as ap-northeast-1; set the stack\'s region',
    ],
    ["no receiver", { emails: [] }, "emails: was []; allowed: at least one receiver; add an address, or set chat"],
    ...["ops", "ops@example", "o ps@example.com", "@example.com", "ops@@example.com", "ops@example..com"].map(
      (email): [string, Partial<NotificationsArgs>, string] => [
        `the address ${JSON.stringify(email)}`,
        { emails: ["ops@example.com", email] },
        `emails[1]: was ${JSON.stringify(email)}; allowed: an e-mail address; correct it`,
      ],
    ),
    [
      "an address twice, whatever its case",
      { emails: ["ops@example.com", "Ops@example.com"] },
      'emails[1]: was "Ops@example.com"; allowed: each address once; remove it',
    ],
    [
      "a workspace that is none",
      { chat: { slack: { ...slack, workspaceId: "example" } } },
      'chat.slack.workspaceId: was "example"; allowed: T and capitals or digits; copy the workspace\'s id',
    ],
    [
      "a channel by its name",
      { chat: { slack: { ...slack, channelId: "#alerts" } } },
      'chat.slack.channelId: was "#alerts"; allowed: C or G and capitals or digits; copy the id at the end of the channel\'s link',
    ],
  ];
  for (const gbPerHour of [0, -1, Infinity]) {
    faults.push([
      `logs of ${gbPerHour} GB an hour`,
      { logs: { gbPerHour } },
      `logs.gbPerHour: was ${JSON.stringify(gbPerHour)}; allowed: gigabytes an hour, above 0; set what programs may log at most`,
    ]);
  }
  for (const [what, args, line] of faults) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `Notifications "alerts":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const result = await make({
      edge: { keyArn: edgeKeyArn },
      chat: { slack },
      logs: { gbPerHour: 1 },
      transform: {
        logsAlarm: { threshold: 1 },
        edgeLogsAlarm: { threshold: 2 },
        topic: { displayName: "topic" },
        topicPolicy: { policy: '{"Id":"topicPolicy"}' },
        emails: (ours) => ({ ...ours, filterPolicyScope: "MessageBody" }),
        edgeTopic: { displayName: "edgeTopic" },
        edgeTopicPolicy: { policy: '{"Id":"edgeTopicPolicy"}' },
        edgeEmails: { filterPolicyScope: "MessageAttributes" },
        slackRole: { description: "slackRole" },
        slackRights: { description: "slackRights" },
        slackAttachment: { policyArn: "arn:slackAttachment" },
        slackChannel: { loggingLevel: "INFO" },
      },
    });
    const input = (type: string, name: string, key: string) => resource(result, type, name).inputs[key];
    assert.equal(input(alarm, "alerts-logs-alarm", "threshold"), 1);
    assert.equal(input(alarm, "alerts-edge-logs-alarm", "threshold"), 2);
    assert.equal(input(topic, "alerts-topic", "displayName"), "topic");
    assert.equal(input(topic, "alerts-edge-topic", "displayName"), "edgeTopic");
    assert.deepEqual(documentOf(input(topicPolicy, "alerts-topic-policy", "policy")), { Id: "topicPolicy" });
    assert.deepEqual(documentOf(input(topicPolicy, "alerts-edge-topic-policy", "policy")), { Id: "edgeTopicPolicy" });
    assert.equal(input(subscription, "alerts-email-ops@example.com", "filterPolicyScope"), "MessageBody");
    assert.equal(input(subscription, "alerts-edge-email-ops@example.com", "filterPolicyScope"), "MessageAttributes");
    assert.equal(input("aws:iam/role:Role", "alerts-slack-role", "description"), "slackRole");
    assert.equal(input("aws:iam/policy:Policy", "alerts-slack-rights", "description"), "slackRights");
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    assert.equal(input(attachment, "alerts-slack-attachment", "policyArn"), "arn:slackAttachment");
    assert.equal(input(slackChannel, "alerts-slack-channel", "loggingLevel"), "INFO");
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) {
        new Notifications(name, {
          region: "ap-northeast-1",
          keyArn,
          emails: ["ops@example.com"],
          edge: { keyArn: edgeKeyArn },
          chat: { slack },
          logs: { gbPerHour: 1 },
        });
      }
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 26);
  });
});
