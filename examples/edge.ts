import { Edge } from "../components/edge/edge";
import { LoadBalancer } from "../components/load-balancer/load-balancer";

const logArchive = { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" };
const domain = { name: "app.example.com", zoneId: "Z0123456789EXAMPLE" };

const web = new LoadBalancer("web", {
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
    isolatedSubnetIds: [],
  },
  logArchive,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  keep: true,
  domain,
});

const edge = new Edge("www", {
  origin: web.origin,
  domain,
  logArchive,
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:edge-alarms",
  waf: { logKeyArn: "arn:aws:kms:us-east-1:111111111111:key/mrk-0123456789abcdef0123456789abcdef" },
  cachedPaths: ["/assets/*"],
});

export const url = edge.url;
