import { WebService } from "../components/web-service/web-service";

const place = {
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
};

// Behind the load balancer: deployed blue/green after its migration, scaled by requests, stopped for the night.
const api = new WebService("api", {
  ...place,
  cpu: 256,
  memory: 512,
  http: {
    listener: {
      listenerArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:listener/app/web/0123456789abcdef/0a",
      testListenerArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:listener/app/web/0123456789abcdef/0b",
      securityGroupId: "sg-0123456789abcdef0",
      arnSuffix: "app/web/0123456789abcdef",
    },
    port: 8080,
    priority: 10,
    paths: ["/api/*"],
  },
  migration: { command: ["node", "migrate.js"] },
  scaling: {
    min: 1,
    max: 4,
    requestsPerTarget: 600,
    schedules: [
      { name: "night", expression: "cron(0 20 ? * MON-FRI *)", timezone: "Asia/Tokyo", min: 0, max: 0 },
      { name: "morning", expression: "cron(0 8 ? * MON-FRI *)", timezone: "Asia/Tokyo", min: 1, max: 4 },
    ],
  },
  logRetentionDays: 30,
});

// Without `http`, a worker: replaced task by task, here on Spot.
new WebService("jobs", {
  ...place,
  cpu: 512,
  memory: 1024,
  capacity: "spot",
  command: ["node", "worker.js"],
  logRetentionDays: 30,
});

export const serviceName = api.serviceName;
