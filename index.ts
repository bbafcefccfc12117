import "./traces";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  Cluster,
  Edge,
  ImageRepository,
  Key,
  LoadBalancer,
  LogArchive,
  Network,
  Notifications,
  WebService,
  type WebServiceArgs,
} from "./components/index";
import { readSettings, type ServiceSettings } from "./settings";

// The platform of one stack. A service of yours: a name here, a block of that name under kiban:services in the stack files.
const settings = readSettings({ services: ["api", "worker"] });
const { account, keep, domain } = settings;

// The one provider: with exactly this stack's account allowed, credentials of another account change nothing there.
const provider = new aws.Provider("aws", {
  region: account.region as aws.Region,
  allowedAccountIds: [account.id],
  ...(account.assumeRoleArn !== undefined && { assumeRoles: [{ roleArn: account.assumeRoleArn }] }),
  defaultTags: { tags: settings.defaultTags },
});
const opts: pulumi.ComponentResourceOptions = { providers: { aws: provider } };

const key = new Key("key", { services: ["logs", "cloudwatch", "fargate"], keep }, opts);
// CloudFront's alarms exist in us-east-1 alone, as do WAF's logs: their topic and the key that encrypts them must be there too.
const edgeKey = new Key("edge-key", { services: ["logs", "cloudwatch"], keep, region: "us-east-1" }, opts);
const logArchive = new LogArchive("logs", { retentionDays: settings.logs.archiveDays, keep }, opts);
const notifications = new Notifications(
  "alerts",
  {
    region: account.region,
    keyArn: key.arn,
    edge: { keyArn: edgeKey.arn },
    emails: settings.notifications.emails,
    ...(settings.notifications.slack && { chat: { slack: settings.notifications.slack } }),
  },
  opts,
);
const alarmTopicArn = notifications.topicArn;

const network = new Network("network", { ...settings.network, logArchive, keep }, opts);
const cluster = new Cluster(
  "cluster",
  { keyArn: key.arn, insights: settings.cluster.insights, storageKeyArn: key.arn, keep },
  opts,
);
const loadBalancer = new LoadBalancer(
  "web",
  { network, logArchive, alarmTopicArn, keep, ...(domain && { domain }) },
  opts,
);
const edge = new Edge(
  "edge",
  {
    origin: loadBalancer.origin,
    logArchive,
    alarmTopicArn: notifications.edgeTopicArn ?? alarmTopicArn,
    priceClass: settings.edge.priceClass,
    ...(settings.edge.waf && { waf: { logKeyArn: edgeKey.arn } }),
    ...(domain ? { domain } : { withoutDomain: true }),
  },
  opts,
);

const repository = { keyArn: key.arn, keep, keepImages: settings.images.keep };
const repositories = {
  api: new ImageRepository("api-images", repository, opts),
  worker: new ImageRepository("worker-images", repository, opts),
};
const common = { cluster, network, keyArn: key.arn, alarmTopicArn, keep };

const api = withImage("api", (image, sizes) => {
  const http = { listener: loadBalancer, port: 8080, priority: 100 };
  return new WebService("api", { ...common, ...sizes, image, http }, opts);
});
const worker = withImage("worker", (image, sizes) => new WebService("worker", { ...common, ...sizes, image }, opts));

export const url = edge.url;
export const services = { ...(api && { api: api.serviceName }), ...(worker && { worker: worker.serviceName }) };
export const repositoryUrls = { api: repositories.api.url, worker: repositories.worker.url };
export const alarmTopic = alarmTopicArn;

/** Makes a service once the stack file has its image; until then says how to get there. No other image is ever run. */
function withImage<T>(
  service: keyof typeof repositories,
  make: (image: WebServiceArgs["image"], sizes: Omit<ServiceSettings, "image">) => T,
): T | undefined {
  const { image: tag, ...sizes } = settings.services[service];
  const repository = repositories[service];
  if (tag !== undefined) return make({ repository, tag }, sizes);
  void pulumi.log.warn(
    `Service ${service} is not made: kiban:services.${service}.image is not set. Push an image to the repository of ` +
      `output repositoryUrls.${service} under the full git SHA, then commit that SHA to Pulumi.${settings.stack}.yaml.`,
  );
  return undefined;
}
