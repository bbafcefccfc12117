import { AuroraCluster } from "../components/aurora-cluster/aurora-cluster";

const place = {
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
    isolatedSubnetIds: ["subnet-0a1b2c3d4e5f60005", "subnet-0a1b2c3d4e5f60006"],
  },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logRetentionDays: 30 as const,
};

// Development: pauses after five minutes without a connection, and then costs its storage alone.
const database = new AuroraCluster("database", {
  ...place,
  engine: "postgresql",
  engineVersion: "17.7",
  acu: { min: 0, max: 2 },
  keep: false,
});

// As for production: a reader that can take over, more of them under load, and a tool that knows passwords alone.
new AuroraCluster("orders", {
  ...place,
  engine: "postgresql",
  engineVersion: "17.7",
  acu: { min: 1, max: 16 },
  readers: [{ promotionTier: 1 }],
  readerScaling: { min: 1, max: 4 },
  extensions: ["pg_trgm"],
  users: { etl: "read" },
  passwordUsers: ["tableau"],
  insights: "advanced",
  enhancedMonitoringSeconds: 60,
  keep: true,
});

// A service takes `database.connect`, its migrations `database.migrate`, a report `database.read`.
export const writerEndpoint = database.writerEndpoint;
export const readerEndpoint = database.readerEndpoint;
