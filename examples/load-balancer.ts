import { LoadBalancer } from "../components/load-balancer/load-balancer";

const web = new LoadBalancer("web", {
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
    isolatedSubnetIds: [],
  },
  logArchive: { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" },
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  keep: true,
  domain: { name: "app.example.com", zoneId: "Z0123456789EXAMPLE" },
});

export const listenerArn = web.listenerArn;
export const testUrl = web.testUrl;
