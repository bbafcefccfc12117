import { Key, Notifications } from "../components/index";

const key = new Key("key", { services: ["cloudwatch", "events", "budgets", "costalerts"], keep: false });
const edgeKey = new Key("edge-key", { services: ["cloudwatch"], keep: false, region: "us-east-1" });

const alerts = new Notifications("alerts", {
  region: "ap-northeast-1",
  keyArn: key.arn,
  emails: ["ops@example.com"],
  chat: { slack: { workspaceId: "T0123ABCD", channelId: "C0123ABCD" } },
  edge: { keyArn: edgeKey.arn },
  logs: { gbPerHour: 1 },
});

export const alarmTopic = alerts.topicArn;
export const edgeAlarmTopic = alerts.edgeTopicArn;
