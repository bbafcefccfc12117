import { Key } from "../components/index";

// One key for the stack, and one for the topic of CloudFront's alarms, which must be in us-east-1.
const key = new Key("key", { services: ["logs", "cloudwatch", "events", "fargate"], keep: true });
const edgeKey = new Key("edge-key", { services: ["cloudwatch"], keep: true, region: "us-east-1" });

export const keyArn = key.arn;
export const edgeKeyArn = edgeKey.arn;
