import { writeFileSync } from "node:fs";
import { join } from "node:path";

const tags = {
  Project: "kiban",
  Environment: "stg",
  ManagedBy: "pulumi",
  Owner: "platform",
  CostCenter: "CC-1000",
  DataClass: "internal",
};

/** A program for stack stg that the policies let pass, and `more` to break it. */
export function program(more: string, provider: object = { allowedAccountIds: ["222222222222"] }): string {
  const settings = { region: "ap-northeast-1", defaultTags: { tags }, ...provider };
  return `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const opts = { provider: new aws.Provider("aws", ${JSON.stringify(settings)} as aws.ProviderArgs) };
const key = new aws.kms.Key("key", { enableKeyRotation: true, deletionWindowInDays: 30 }, opts);
export const keyArn = key.arn;
void [random, pulumi];
${more}
`;
}

/** The platform's foundations, some 60 resources: enough to stop half-way in, and to try that often. */
export const foundations = `
import "./startup";
import * as aws from "@pulumi/aws";
import { Cluster, Key, LoadBalancer, LogArchive, Network, Table } from "./components/index";
import { readSettings } from "./settings";

const { account, defaultTags, keep, network: sizes } = readSettings(${JSON.stringify({
  services: ["api", "worker"],
  tasks: ["nightly"],
  streams: ["clicks"],
  jobs: ["daily"],
})});
const provider = new aws.Provider("aws", {
  region: account.region as aws.Region,
  allowedAccountIds: [account.id],
  defaultTags: { tags: defaultTags },
});
const opts = { providers: { aws: provider } };
const key = new Key("key", { services: ["logs", "cloudwatch", "fargate"], keep }, opts);
const logArchive = new LogArchive("logs", { retentionDays: 30, keep }, opts);
const network = new Network("network", { ...sizes, logArchive, keep }, opts);
new Cluster("cluster", { keyArn: key.arn, storageKeyArn: key.arn, insights: "disabled", keep }, opts);
const alarmTopicArn = \`arn:aws:sns:\${account.region}:\${account.id}:alarms\`;
new LoadBalancer("web", { network, logArchive, alarmTopicArn, keep }, opts);
for (const name of ["orders", "carts", "prices"]) {
  const partitionKey = { name: "id", type: "string" as const };
  new Table(name, { partitionKey, keyArn: key.arn, alarmTopicArn, keep, ceiling: { readUnits: 10, writeUnits: 10 } }, opts);
}
`;

/** Puts the program in the copy's place of the platform. */
export function useProgram(copy: string, text: string): void {
  writeFileSync(join(copy, "index.ts"), text);
}
