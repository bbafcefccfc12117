import { Warehouse } from "../components/warehouse/warehouse";

const zone = (name: string) => ({
  bucketName: `lake-${name}-1a2b3c4`,
  bucketArn: `arn:aws:s3:::lake-${name}-1a2b3c4`,
  databaseName: `lake_${name}`,
});
const access = (name: string) => ({ name, env: {}, statements: [] });
// In a program of yours: `new DataLake("lake", { ... })`.
const lake = {
  zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") },
  workGroupName: "lake",
  workGroupArn: "arn:aws:athena:ap-northeast-1:111111111111:workgroup/lake",
  resultsBucketArn: "arn:aws:s3:::lake-results-1a2b3c4",
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  read: access,
  write: access,
  readWrite: access,
  query: { ...access("lake"), env: { WORKGROUP: "lake" } },
};
const place = {
  lake,
  keyArn: lake.keyArn,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
};

// Development: Athena, paid by the terabyte that queries read.
new Warehouse("questions", { ...place, keep: false });

// Production: Redshift Serverless for the dashboards that are open all day, at most 64 RPU-hours of it a day.
const warehouse = new Warehouse("warehouse", {
  ...place,
  engine: "redshiftServerless",
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004", "subnet-0a1b2c3d4e5f60005"],
    isolatedSubnetIds: [],
    availabilityZones: ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"],
  },
  redshift: { baseRpu: 8, maxRpu: 32, limits: { dailyRpuHours: 64, monthlyRpuHours: 640 }, passwordUsers: ["tableau"] },
  keep: true,
});

// Snowflake, the first of two steps: paste settings.createIntegration there, then set userArn and externalId here.
const snowflake = new Warehouse("snowflake", {
  ...place,
  engine: "snowflake",
  snowflake: { prefix: "orders/" },
  keep: true,
});

// A service takes `uses: [warehouse.query]`, whatever answers.
export const host = warehouse.settings["host"];
export const pasteIntoSnowflake = snowflake.settings["createIntegration"];
export const nextStep = snowflake.settings["nextStep"];
