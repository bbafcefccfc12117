import { Key, LogArchive, StateBucket } from "../components/index";

const key = new Key("pulumi", { services: [], keep: true });
const logArchive = new LogArchive("logs", { retentionDays: 365, keep: true });
const state = new StateBucket("state", {
  prefix: "kiban-state",
  accountId: "111111111111",
  region: "ap-northeast-1",
  keyArn: key.arn,
  logArchive,
  keep: true,
});

// s3://kiban-state-111111111111-ap-northeast-1-an?region=ap-northeast-1
export const backend = state.backendUrl;
