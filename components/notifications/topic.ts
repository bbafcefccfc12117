import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate } from "@pulumi/pulumi";

import { policyDocument } from "../shared/policy-document";
import { override, type Override } from "../shared/override";

/** One encrypted topic with its policy and a subscription per e-mail address. */
export interface TopicArgs {
  readonly keyArn: Input<string>;
  readonly emails: readonly string[];
  /** Region of the topic; absent: the provider's. */
  readonly region?: string;
  readonly accountId: Input<string>;
  readonly partition: Input<string>;
  readonly transform: {
    readonly topic?: Override<aws.sns.TopicArgs> | undefined;
    readonly policy?: Override<aws.sns.TopicPolicyArgs> | undefined;
    readonly emails?: Override<aws.sns.TopicSubscriptionArgs> | undefined;
  };
}

/** The resources of one topic; `emails` by address. */
export interface TopicNodes {
  readonly topic: aws.sns.Topic;
  readonly policy: aws.sns.TopicPolicy;
  readonly emails: Readonly<Record<string, aws.sns.TopicSubscription>>;
}

/** `prefix` is the Pulumi name before `-topic`; a subscription's name ends in its address, so that the list has no order. */
export function createTopic(parent: CustomResourceOptions, prefix: string, args: TopicArgs): TopicNodes {
  const place = args.region !== undefined ? { region: args.region } : {};
  const topic = new aws.sns.Topic(
    `${prefix}-topic`,
    override<aws.sns.TopicArgs>({ kmsMasterKeyId: args.keyArn, ...place }, args.transform.topic),
    parent,
  );
  const policy = new aws.sns.TopicPolicy(
    `${prefix}-topic-policy`,
    override<aws.sns.TopicPolicyArgs>(
      { arn: topic.arn, policy: topicPolicy(topic.arn, args), ...place },
      args.transform.policy,
    ),
    parent,
  );
  const emails = args.emails.map((email) => {
    const subscription = new aws.sns.TopicSubscription(
      `${prefix}-email-${email}`,
      override<aws.sns.TopicSubscriptionArgs>(
        { topic: topic.arn, protocol: "email", endpoint: email, ...place },
        args.transform.emails,
      ),
      parent,
    );
    return [email, subscription] as const;
  });
  return { topic, policy, emails: Object.fromEntries(emails) };
}

/** Who may publish: alarms, budgets and cost anomalies of this account, EventBridge rules; nobody without TLS. */
function topicPolicy(topicArn: Input<string>, place: Pick<TopicArgs, "accountId" | "partition">) {
  const { accountId, partition } = place;
  const publish = (sid: string, principal: string, condition?: Record<string, unknown>): aws.iam.PolicyStatement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: principal },
    Action: "sns:Publish",
    Resource: topicArn,
    ...(condition !== undefined && { Condition: condition }),
  });
  const account = { StringEquals: { "aws:SourceAccount": accountId } };
  const document: aws.iam.PolicyDocument = policyDocument([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    publish("Alarms", "cloudwatch.amazonaws.com", {
      ...account,
      ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:cloudwatch:*:${accountId}:alarm:*` },
    }),
    publish("Budgets", "budgets.amazonaws.com", {
      ...account,
      ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:budgets::${accountId}:*` },
    }),
    publish("CostAnomalies", "costalerts.amazonaws.com", account),
    // No condition: AWS (EventBridge user guide, SNS permissions) does not support one in a topic's policy for EventBridge;
    // with it the messages would be lost without an error.
    publish("Events", "events.amazonaws.com"),
  ]);
  return document;
}
