import { ScheduledTask } from "../components/scheduled-task/scheduled-task";

// Every night at half past two, Tokyo time; on Spot, since the report may as well run an hour later.
const report = new ScheduledTask("nightly-report", {
  cluster: { arn: "arn:aws:ecs:ap-northeast-1:111111111111:cluster/main", name: "main", execStatements: [] },
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
    isolatedSubnetIds: [],
  },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  image: {
    repository: {
      url: "111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api",
      pull: { name: "api-images", env: {}, statements: [] },
    },
    tag: "0123456789abcdef0123456789abcdef01234567",
  },
  cpu: 256,
  memory: 512,
  command: ["node", "report.js"],
  schedule: { expression: "cron(30 2 * * ? *)", timezone: "Asia/Tokyo" },
  capacity: "spot",
  logRetentionDays: 30,
});

// Once, by hand: eval "$(pulumi stack output runReport)"
export const runReport = report.runCommand;
