import { LogArchive, Network } from "../components/index";

const logArchive = new LogArchive("logs", { retentionDays: 90, keep: false });
const network = new Network("network", {
  cidrBlock: "10.10.0.0/16",
  availabilityZones: ["ap-northeast-1a", "ap-northeast-1c"],
  maxAzs: 3,
  nat: "single",
  interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
  flowLogs: { traffic: "reject" },
  logArchive,
});

// A VPC that was made elsewhere; nothing of it is changed.
const shared = new Network("shared", {
  existing: {
    vpcId: "vpc-0123456789abcdef0",
    cidrBlock: "10.200.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    isolatedSubnetIds: [],
    availabilityZones: ["ap-northeast-1a", "ap-northeast-1c"],
  },
});

export const vpcIds = [network.vpcId, shared.vpcId];
