import { Cluster } from "../components/cluster/cluster";
import { Edge } from "../components/edge/edge";
import { LoadBalancer } from "../components/load-balancer/load-balancer";
import { WebService } from "../components/web-service/web-service";

// A front end that renders on the server, here Next.js: a WebService behind CloudFront. CloudFront keeps what the build
// names by its content and passes everything else on, cookies and all.
const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const alarmTopicArn = "arn:aws:sns:ap-northeast-1:111111111111:alarms";
const logArchive = { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" };
const domain = { name: "www.example.com", zoneId: "Z0123456789EXAMPLE" };
const network = {
  vpcId: "vpc-0123456789abcdef0",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
  isolatedSubnetIds: [],
};

const cluster = new Cluster("main", { keyArn, insights: "enabled", keep: true });
const loadBalancer = new LoadBalancer("web", { network, logArchive, alarmTopicArn, domain, keep: true });

new WebService("front", {
  cluster,
  network,
  keyArn,
  alarmTopicArn,
  image: {
    repository: {
      url: "111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/front",
      pull: { name: "front-images", env: {}, statements: [] },
    },
    tag: "0123456789abcdef0123456789abcdef01234567",
  },
  cpu: 512,
  memory: 1024,
  // After the rules of an API, such as /api/* with priority 10.
  http: { listener: loadBalancer, port: 3000, priority: 1000 },
  scaling: { min: 2, max: 10, requestsPerTarget: 600 },
  logRetentionDays: 30,
});

const edge = new Edge("edge", {
  origin: loadBalancer.origin,
  domain,
  logArchive,
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:edge-alarms",
  cachedPaths: ["/_next/static/*"],
});

export const url = edge.url;
