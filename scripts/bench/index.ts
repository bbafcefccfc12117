import "../../startup";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, Key, LoadBalancer, LogArchive, Network, WebService } from "../../components/index";

// A stack of as many web services as the configuration asks for, on the foundations that any stack has.
const count = new pulumi.Config("kiban").requireNumber("services");

const provider = new aws.Provider("aws", {
  region: "ap-northeast-1",
  allowedAccountIds: ["444444444444"],
  defaultTags: {
    tags: {
      Project: "bench",
      Environment: "dev",
      Owner: "platform",
      CostCenter: "CC-1000",
      ManagedBy: "pulumi",
      DataClass: "internal",
    },
  },
});
const opts = { providers: { aws: provider } };
const alarmTopicArn = "arn:aws:sns:ap-northeast-1:444444444444:alarms";

const key = new Key("key", { services: ["logs", "fargate"], keep: false }, opts);
const logArchive = new LogArchive("logs", { retentionDays: 30, keep: false }, opts);
const network = new Network(
  "network",
  {
    cidrBlock: "10.40.0.0/16",
    availabilityZones: ["ap-northeast-1a", "ap-northeast-1c"],
    maxAzs: 2,
    nat: "single",
    flowLogs: { traffic: "reject" },
    logArchive,
  },
  opts,
);
const cluster = new Cluster("cluster", { keyArn: key.arn, storageKeyArn: key.arn, insights: "disabled" }, opts);

// AWS: a load balancer takes 100 target groups, and a blue/green service has two.
const perLoadBalancer = 50;
let listener: LoadBalancer | undefined;
for (let i = 0; i < count; i++) {
  if (i % perLoadBalancer === 0) {
    const args = { network, logArchive, alarmTopicArn, keep: false };
    listener = new LoadBalancer(`web-${i / perLoadBalancer}`, args, opts);
  }
  if (listener === undefined) continue;
  new WebService(
    `service-${i}`,
    {
      cluster,
      network,
      keyArn: key.arn,
      alarmTopicArn,
      image: {
        repository: {
          url: "444444444444.dkr.ecr.ap-northeast-1.amazonaws.com/app",
          pull: { name: "app-images", env: {}, statements: [] },
        },
        tag: "4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98",
      },
      cpu: 256,
      memory: 512,
      http: { listener, port: 8080, priority: 1 + (i % perLoadBalancer), paths: [`/service-${i}/*`] },
      scaling: { min: 1, max: 4 },
      logRetentionDays: 7,
    },
    opts,
  );
}
