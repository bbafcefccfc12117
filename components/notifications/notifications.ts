import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { type Override } from "../shared/override";
import { createLogsAlarms, type LogsAlarmNodes, type LogsAlarmTransform, type LogsCeiling } from "./logs-alarm";
import { createSlack, type SlackChannel, type SlackTransform } from "./slack";
import { createTopic, type TopicNodes } from "./topic";

export type { LogsCeiling } from "./logs-alarm";
export type { SlackChannel } from "./slack";

/** Where CloudFront's metrics and alarms are, and so the topic that they publish to. */
const edgeRegion = "us-east-1";

/** What Notifications are made of. */
export interface NotificationsArgs {
  /** The stack's region: in us-east-1 one topic serves the edge too. */
  region: string;
  /** ARN of the key for the topic; its policy admits `cloudwatch`, `events`, `budgets` and `costalerts`. */
  keyArn: pulumi.Input<string>;
  /** Addresses that get every message; each must confirm the subscription once. */
  emails: string[];
  /** A chat channel that gets every message. */
  chat?: { slack: SlackChannel };
  /** Adds the topic for CloudFront's alarms in us-east-1, with a key of that region. */
  edge?: { keyArn: pulumi.Input<string> };
  /** Tells when more is written to logs than somebody chose: in the stack's region, and where the edge's logs are. */
  logs?: LogsCeiling;
  /** Last say on each child's arguments; `emails` and `edgeEmails` apply to each subscription. */
  transform?: NotificationsTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface NotificationsTransform extends SlackTransform, LogsAlarmTransform {
  topic?: Override<aws.sns.TopicArgs>;
  topicPolicy?: Override<aws.sns.TopicPolicyArgs>;
  emails?: Override<aws.sns.TopicSubscriptionArgs>;
  edgeTopic?: Override<aws.sns.TopicArgs>;
  edgeTopicPolicy?: Override<aws.sns.TopicPolicyArgs>;
  edgeEmails?: Override<aws.sns.TopicSubscriptionArgs>;
}

/**
 * The topics that alarms, budgets and events publish to, and the people and channels that hear of it: one topic in the
 * stack's region, one in us-east-1 where there is an edge, with the same receivers.
 */
export class Notifications extends pulumi.ComponentResource {
  /** ARN of the topic in the stack's region, once its policy is there. */
  public readonly topicArn: pulumi.Output<string>;
  /** ARN of the topic in us-east-1; `undefined` without `edge`. In a stack in us-east-1 it is `topicArn`. */
  public readonly edgeTopicArn: pulumi.Output<string> | undefined;
  /** The resources themselves. */
  public readonly nodes: {
    readonly topic: aws.sns.Topic;
    readonly topicPolicy: aws.sns.TopicPolicy;
    readonly emails: Readonly<Record<string, aws.sns.TopicSubscription>>;
    readonly edgeTopic: aws.sns.Topic | undefined;
    readonly edgeTopicPolicy: aws.sns.TopicPolicy | undefined;
    readonly edgeEmails: Readonly<Record<string, aws.sns.TopicSubscription>>;
    readonly slackRole: aws.iam.Role | undefined;
    readonly slackRights: aws.iam.Policy | undefined;
    readonly slackAttachment: aws.iam.RolePolicyAttachment | undefined;
    readonly slackChannel: aws.chatbot.SlackChannelConfiguration | undefined;
  } & LogsAlarmNodes;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { region, keyArn, emails, chat, edge, logs } = args;
    const transform = args.transform ?? {};
    check(name, args);
    super("kiban:index:Notifications", name, {}, opts);

    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { partition } = aws.getPartitionOutput({}, parent);
    const common = { emails, accountId, partition };
    const main = createTopic(parent, name, {
      ...common,
      keyArn,
      transform: { topic: transform.topic, policy: transform.topicPolicy, emails: transform.emails },
    });
    const apart: TopicNodes | undefined =
      edge !== undefined && region !== edgeRegion
        ? createTopic(parent, `${name}-edge`, {
            ...common,
            keyArn: edge.keyArn,
            region: edgeRegion,
            transform: { topic: transform.edgeTopic, policy: transform.edgeTopicPolicy, emails: transform.edgeEmails },
          })
        : undefined;
    const slack =
      chat !== undefined
        ? createSlack(parent, name, {
            channel: chat.slack,
            topicArns: [main.topic.arn, ...(apart !== undefined ? [apart.topic.arn] : [])],
            accountId,
            transform,
          })
        : undefined;

    const alarms = createLogsAlarms(parent, name, {
      ceiling: logs,
      topic: main,
      edge: apart && { topic: apart, region: edgeRegion },
      transform,
    });

    // Through the policy: a budget or an alarm made before it may not publish.
    this.topicArn = main.policy.arn;
    this.edgeTopicArn = edge !== undefined ? (apart ?? main).policy.arn : undefined;
    this.nodes = {
      topic: main.topic,
      topicPolicy: main.policy,
      emails: main.emails,
      edgeTopic: apart?.topic,
      edgeTopicPolicy: apart?.policy,
      edgeEmails: apart?.emails ?? {},
      slackRole: slack?.role,
      slackRights: slack?.rights,
      slackAttachment: slack?.attachment,
      slackChannel: slack?.channel,
      ...alarms,
    };
    this.registerOutputs({ topicArn: this.topicArn, edgeTopicArn: this.edgeTopicArn });
  }
}

function check(name: string, { region, emails, chat, logs }: NotificationsArgs): void {
  const faults = new Faults("Notifications", name);
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) {
    faults.add("region", region, "an AWS region, such as ap-northeast-1", "set the stack's region");
  }
  if (emails.length === 0 && chat === undefined) {
    faults.add("emails", emails, "at least one receiver", "add an address, or set chat");
  }
  const seen = new Set<string>();
  for (const [index, email] of emails.entries()) {
    if (!/^[^\s@:]+@[^\s@.:]+(\.[^\s@.:]+)+$/.test(email)) {
      faults.add(`emails[${index}]`, email, "an e-mail address", "correct it");
    }
    if (seen.has(email.toLowerCase())) faults.add(`emails[${index}]`, email, "each address once", "remove it");
    seen.add(email.toLowerCase());
  }
  // AWS: Chatbot API reference, CreateSlackChannelConfiguration; Slack's own ids start so.
  if (chat !== undefined && !/^T[0-9A-Z]+$/.test(chat.slack.workspaceId)) {
    faults.add("chat.slack.workspaceId", chat.slack.workspaceId, "T and capitals or digits", "copy the workspace's id");
  }
  if (chat !== undefined && !/^[CG][0-9A-Z]+$/.test(chat.slack.channelId)) {
    faults.add(
      "chat.slack.channelId",
      chat.slack.channelId,
      "C or G and capitals or digits",
      "copy the id at the end of the channel's link",
    );
  }
  if (logs !== undefined && !(logs.gbPerHour > 0 && Number.isFinite(logs.gbPerHour))) {
    faults.add("logs.gbPerHour", logs.gbPerHour, "gigabytes an hour, above 0", "set what programs may log at most");
  }
  faults.raise();
}
