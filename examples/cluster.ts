import { Cluster, Key } from "../components/index";

const key = new Key("key", { services: ["logs", "fargate"], keep: true });
const cluster = new Cluster("cluster", {
  keyArn: key.arn,
  insights: "enhanced",
  storageKeyArn: key.arn,
  keep: true,
});

export const clusterName = cluster.name;
