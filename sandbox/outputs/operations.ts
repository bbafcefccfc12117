import { secret } from "../values";
import { byArn, type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "Amazon CloudWatch", "Amazon CloudWatch Logs", "Amazon SNS",
// "Amazon SQS", "Amazon EventBridge", "AWS Budgets", "Amazon Cognito", "AWS Chatbot".

function alarm(property: string): (c: Context) => Made {
  return (c) => ({ id: c.name(property), outputs: { arn: c.arn("cloudwatch", `alarm:${c.name(property)}`) } });
}

function topic(c: Context): Made {
  return byArn(c.arn("sns", c.name()), {
    owner: c.account,
    beginningArchiveTime: "",
    signatureVersion: c.given("signatureVersion", 1),
  });
}

function subscription(c: Context): Made {
  const arn = `${c.text("topic") ?? c.arn("sns", c.name())}:${c.uuid()}`;
  // An e-mail address has to be confirmed by hand; every other protocol confirms itself.
  const pending = c.text("protocol") === "email" || c.text("protocol") === "email-json";
  return byArn(arn, { ownerId: c.account, confirmationWasAuthenticated: !pending, pendingConfirmation: pending });
}

function queue(c: Context): Made {
  const url = `https://sqs.${c.region}.${c.dnsSuffix}/${c.account}/${c.name()}`;
  return { id: url, outputs: { arn: c.arn("sqs", c.name()), url } };
}

function userPool(c: Context): Made {
  const id = `${c.region}_${c.upper(9)}`;
  return {
    id,
    outputs: {
      arn: c.arn("cognito-idp", `userpool/${id}`),
      endpoint: `cognito-idp.${c.region}.${c.dnsSuffix}/${id}`,
      domain: "",
      customDomain: "",
    },
  };
}

export const operations: Makers = {
  "cloudwatch/metricAlarm": alarm("name"),
  "cloudwatch/compositeAlarm": alarm("alarmName"),
  "cloudwatch/dashboard": (c) => ({
    id: c.name("dashboardName"),
    outputs: { dashboardArn: c.arn("cloudwatch", `dashboard/${c.name("dashboardName")}`, { region: "" }) },
  }),
  "cloudwatch/logGroup": (c) => ({
    id: c.name(),
    outputs: { arn: c.arn("logs", `log-group:${c.name()}`), logGroupClass: c.given("logGroupClass", "STANDARD") },
  }),
  "cloudwatch/logDelivery": (c) => ({ id: c.lower(16), outputs: { arn: c.arn("logs", `delivery:${c.lower(16)}`) } }),
  "cloudwatch/logDeliveryDestination": (c) => ({
    id: c.name(),
    outputs: { arn: c.arn("logs", `delivery-destination:${c.name()}`), deliveryDestinationType: "S3" },
  }),
  "cloudwatch/logDeliverySource": (c) => ({
    id: c.name(),
    outputs: { arn: c.arn("logs", `delivery-source:${c.name()}`) },
  }),
  "cloudwatch/queryDefinition": (c) => ({
    id: c.uuid(),
    outputs: { arn: c.arn("logs", `query-definition:${c.uuid()}`), queryDefinitionId: c.uuid() },
  }),
  "cloudwatch/logResourcePolicy": (c) => ({ id: c.name("policyName"), outputs: {} }),
  "cloudwatch/eventRule": (c) => ({ id: c.name(), outputs: { arn: c.arn("events", `rule/${c.name()}`) } }),
  "cloudwatch/eventTarget": (c) => ({ id: `${c.name("rule")}-${c.name("targetId")}`, outputs: {} }),
  "wafv2/webAclLoggingConfiguration": (c) => ({ id: c.name("resourceArn"), outputs: {} }),
  "sns/topic": topic,
  "sns/topicPolicy": (c) => ({ id: c.name("arn"), outputs: { owner: c.account } }),
  "sns/topicSubscription": subscription,
  "sqs/queue": queue,
  "sqs/queuePolicy": (c) => ({ id: c.name("queueUrl"), outputs: {} }),
  "cognito/userPool": userPool,
  "cognito/userPoolClient": (c) => ({ id: c.lower(26), outputs: { clientSecret: secret(c.lower(32, "secret")) } }),
  "budgets/budget": (c) => ({
    id: `${c.account}:${c.name()}`,
    outputs: {
      arn: c.arn("budgets", `budget/${c.name()}`, { region: "" }),
      accountId: c.given("accountId", c.account),
    },
  }),
  "cloudtrail/trail": (c) => byArn(c.arn("cloudtrail", `trail/${c.name()}`), { homeRegion: c.region }),
  "chatbot/slackChannelConfiguration": (c) => {
    const arn = c.arn("chatbot", `chat-configuration/slack-channel/${c.name("configurationName")}`, { region: "" });
    return {
      id: c.name("configurationName"),
      outputs: { chatConfigurationArn: arn, slackTeamName: "team", slackChannelName: "alerts" },
    };
  },
};
