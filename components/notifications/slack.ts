import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";

/** A Slack channel; the workspace must have been authorised once, by hand, in the console of Amazon Q Developer in chat. */
export interface SlackChannel {
  /** Id of the workspace, such as `T0123ABCD`. */
  workspaceId: string;
  /** Id of the channel, such as `C0123ABCD`: the end of the channel's link. */
  channelId: string;
}

/** The resources that bring a topic's messages to Slack. */
export interface SlackNodes {
  readonly role: aws.iam.Role;
  readonly rights: aws.iam.Policy;
  readonly attachment: aws.iam.RolePolicyAttachment;
  readonly channel: aws.chatbot.SlackChannelConfiguration;
}

/** Last say on each of them. */
export interface SlackTransform {
  readonly slackRole?: Override<aws.iam.RoleArgs>;
  readonly slackRights?: Override<aws.iam.PolicyArgs>;
  readonly slackAttachment?: Override<aws.iam.RolePolicyAttachmentArgs>;
  readonly slackChannel?: Override<aws.chatbot.SlackChannelConfigurationArgs>;
}

/** A channel that can show alarms and do nothing else: its role and its guardrail are one small policy. */
export function createSlack(
  parent: pulumi.CustomResourceOptions,
  name: string,
  args: {
    readonly channel: SlackChannel;
    readonly topicArns: pulumi.Input<string>[];
    readonly accountId: pulumi.Input<string>;
    readonly transform: SlackTransform;
  },
): SlackNodes {
  const { channel, topicArns, accountId, transform } = args;
  const role = new aws.iam.Role(
    `${name}-slack-role`,
    override<aws.iam.RoleArgs>(
      {
        description: "Assumed by the chat service to show alarms in Slack",
        // AWS: "Cross-service confused deputy prevention" in the chat service's guide.
        assumeRolePolicy: assumableBy("chatbot.amazonaws.com", { StringEquals: { "aws:SourceAccount": accountId } }),
      },
      transform.slackRole,
    ),
    parent,
  );
  const rights = new aws.iam.Policy(
    `${name}-slack-rights`,
    override<aws.iam.PolicyArgs>(
      { description: "Shows alarms and their graphs in Slack", policy: alarmReading },
      transform.slackRights,
    ),
    parent,
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-slack-attachment`,
    override<aws.iam.RolePolicyAttachmentArgs>({ role: role.name, policyArn: rights.arn }, transform.slackAttachment),
    parent,
  );
  const configuration = new aws.chatbot.SlackChannelConfiguration(
    `${name}-slack-channel`,
    override<aws.chatbot.SlackChannelConfigurationArgs>(
      {
        // Required and unique in the account; the provider makes no name of its own for it.
        configurationName: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        slackTeamId: channel.workspaceId,
        slackChannelId: channel.channelId,
        snsTopicArns: topicArns,
        iamRoleArn: role.arn,
        // Without a guardrail AWS sets AdministratorAccess (Chatbot API reference, GuardrailPolicyArns).
        guardrailPolicyArns: [rights.arn],
        loggingLevel: "ERROR",
      },
      transform.slackChannel,
    ),
    parent,
  );
  return { role, rights, attachment, channel: configuration };
}

const alarmReading: aws.iam.PolicyDocument = policyDocument([
  {
    Effect: "Allow",
    Action: [
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetMetricData",
      "cloudwatch:GetMetricStatistics",
      "cloudwatch:ListMetrics",
    ],
    Resource: "*", // Metrics are no resources, and the channel is to show every alarm.
  },
]);
