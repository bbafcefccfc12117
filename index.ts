import "./startup";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  AuroraCluster,
  AuthPool,
  Cluster,
  Edge,
  ImageRepository,
  Key,
  LoadBalancer,
  LogArchive,
  Network,
  Notifications,
  ScheduledTask,
  StaticSite,
  Table,
  WebService,
  type WebServiceArgs,
} from "./components/index";
import { aiUses, createAi, createBudget, documentsOf } from "./platform/ai";
import { boundRoles } from "./platform/boundary";
import { createDataPlatform } from "./platform/data";
import { readSettings } from "./settings";

// The platform of one stack. A service of yours: a name here, a block of that name under kiban:services in the stack files.
const settings = readSettings({
  services: ["api", "worker"],
  tasks: ["nightly"],
  streams: ["clicks"],
  jobs: ["daily"],
});
const { account, keep, domain } = settings;
boundRoles(account);

// The one provider: with exactly this stack's account allowed, credentials of another account change nothing there.
const provider = new aws.Provider("aws", {
  region: account.region as aws.Region,
  allowedAccountIds: [account.id],
  ...(account.assumeRoleArn !== undefined && { assumeRoles: [{ roleArn: account.assumeRoleArn }] }),
  defaultTags: { tags: settings.defaultTags },
});
const opts: pulumi.ComponentResourceOptions = { providers: { aws: provider } };

const documents = documentsOf(settings);

// Foundations that the rest is given.
const key = new Key(
  "key",
  {
    services: [
      ...(["logs", "cloudwatch", "events", "budgets", "costalerts", "fargate", "cloudfront"] as const),
      ...(documents === undefined ? [] : (["s3vectors"] as const)),
    ],
    keep,
  },
  opts,
);
// What CloudFront reports exists in us-east-1 alone: alarms, their topic, WAF's logs, and the key that encrypts them.
const edgeKey = new Key("edge-key", { services: ["logs", "cloudwatch"], keep, region: "us-east-1" }, opts);
const logArchive = new LogArchive("logs", { retentionDays: settings.logs.archiveDays, keep }, opts);
const notifications = new Notifications(
  "alerts",
  {
    region: account.region,
    keyArn: key.arn,
    edge: { keyArn: edgeKey.arn },
    emails: settings.notifications.emails,
    logs: { gbPerHour: settings.logs.gbPerHour },
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
// Users' names: the site has the domain itself, the API a name below it. One certificate in the region covers them all.
const apiDomain = domain && { name: `api.${domain.name}`, zoneId: domain.zoneId };
const loadBalancer = new LoadBalancer(
  "web",
  {
    network,
    logArchive,
    alarmTopicArn,
    keep,
    ...(domain && { domain: { ...domain, aliases: [`api.${domain.name}`, ...domain.aliases] } }),
  },
  opts,
);
const front = {
  logArchive,
  alarmTopicArn: notifications.edgeTopicArn ?? alarmTopicArn,
  priceClass: settings.edge.priceClass,
  ...(settings.edge.waf && { waf: { logKeyArn: edgeKey.arn, keep } }),
};
const edge = new Edge(
  "edge",
  { ...front, origin: loadBalancer.origin, ...(apiDomain ? { domain: apiDomain } : { withoutDomain: true }) },
  opts,
);
const site = new StaticSite(
  "site",
  {
    ...front,
    keyArn: key.arn,
    keep,
    mode: "spa",
    immutablePaths: ["/assets/*"],
    api: { origin: loadBalancer.origin },
    ...(domain ? { domain } : { withoutDomain: true }),
  },
  opts,
);

// Users and data.
const users = new AuthPool(
  "users",
  {
    ...settings.auth,
    keep,
    keyArn: key.arn,
    ...(domain && {
      domain: { name: `auth.${domain.name}`, zoneId: domain.zoneId, parentRecords: Object.values(site.nodes.records) },
    }),
    clients: {
      site: {
        preset: "spa",
        callbackUrls: [pulumi.interpolate`${site.url}/signed-in`],
        logoutUrls: [pulumi.interpolate`${site.url}/`],
      },
    },
  },
  opts,
);
const data = { keyArn: key.arn, alarmTopicArn, keep };
const orders = new Table(
  "orders",
  {
    ...data,
    ...settings.table,
    partitionKey: { name: "customer", type: "string" },
    sortKey: { name: "order", type: "string" },
  },
  opts,
);
// One database is in use. To restore, add a second under a new name, lead `active` to it, then let the first go.
const databases = Object.entries(settings.database.clusters).map(([name, sizes]) => {
  const args = { ...data, network, engine: "postgresql" as const, accessName: "database", ...sizes };
  return { name, cluster: new AuroraCluster(`database-${name}`, args, opts) };
});
const database = databases.find(({ name }) => name === settings.database.active)?.cluster;

const { lake, transfers, clicks, daily, warehouse, dashboards } = createDataPlatform(
  { settings, keyArn: key.arn, alarmTopicArn, logArchive, network, orders, database },
  opts,
);

// Programs.
const repository = { keyArn: key.arn, keep, keepImages: settings.images.keep };
const repositories = {
  api: new ImageRepository("api-images", repository, opts),
  worker: new ImageRepository("worker-images", repository, opts),
};
const modelImages =
  settings.ai?.engine === "sagemaker" ? new ImageRepository("model-images", repository, opts) : undefined;
const ai = createAi({ settings, keyArn: key.arn, alarmTopicArn, lake, modelImages }, opts);
const program = { cluster, network, keyArn: key.arn, alarmTopicArn, keep };

const api = withImage("api", settings.services.api, (image, sizes) => {
  const http = { listener: loadBalancer, port: 8080, priority: 100 };
  const data = [...(database ? [database.connect] : []), orders.readWrite, clicks.write];
  const uses = [...data, users.verify, ...aiUses(ai)];
  // Before a new revision takes traffic it migrates the schema, as the one user that owns it.
  const migration = database && { command: ["node", "migrate.js"], uses: [database.migrate] };
  return new WebService("api", { ...program, ...sizes, image, http, uses, ...(migration && { migration }) }, opts);
});
const worker = withImage("worker", settings.services.worker, (image, sizes) => {
  return new WebService("worker", { ...program, ...sizes, image, uses: [orders.readWrite] }, opts);
});
const nightly = withImage("worker", settings.tasks.nightly, (image, sizes) => {
  const command = ["node", "nightly.js"];
  return new ScheduledTask("nightly", { ...program, ...sizes, image, command, uses: [orders.read] }, opts);
});

// What may be spent. Who invokes the model stands here, so that the budget can stop it.
createBudget({ settings, alarmTopicArn, ai, callers: api ? [api] : [] }, opts);

export const url = site.url;
export const apiUrl = edge.url;
/** Where a release of the site goes, for `npm run site`. */
export const siteRelease = site.deploy.env;
export const loginUrl = users.loginUrl;
/** To commit to the stack file as kiban:auth.recorded: what must never change about the user pool. */
export const authRecord = users.record;
export const services = { ...(api && { api: api.serviceName }), ...(worker && { worker: worker.serviceName }) };
export const runNightlyNow = nightly?.runCommand ?? "no image yet";
export const repositoryUrls = {
  api: repositories.api.url,
  worker: repositories.worker.url,
  ...(modelImages && { model: modelImages.url }),
};
export const alarmTopic = alarmTopicArn;
/** Where to ask, the lake's databases in the workgroup or the warehouse, and where to put events. docs/data.md walks the whole way. */
export const dataPlatform = {
  clickStream: clicks.streamName,
  workGroup: lake.workGroupName,
  ...(documents !== undefined && {
    documents: pulumi.interpolate`s3://${lake.zones.curated.bucketName}/${documents}`,
  }),
  databases: {
    raw: lake.zones.raw.databaseName,
    curated: lake.zones.curated.databaseName,
    analytics: lake.zones.analytics.databaseName,
  },
  warehouse: warehouse.settings,
  connections: dashboards.connections,
};
/** What is run by hand: a night's transfers, or all over again, a day's tables, what the stream gave up, dashboards to save, documents. */
export const runNow = {
  databaseToLake: transfers.database?.runCommand ?? "no database",
  databaseAnew: transfers.database?.restartCommand ?? "no database",
  ordersToLake: transfers.orders.runCommand,
  ordersAnew: transfers.orders.restartCommand,
  daily: daily.runCommand,
  backfillDaily: daily.backfillCommand,
  replayClicks: clicks.replayCommand,
  saveDashboards: dashboards.saveCommands,
  ...(ai?.ingestCommand && { importDocuments: ai.ingestCommand }),
};
/** The most that an hour of tokens may cost before the stop acts, in USD, and the command that lifts the stop. */
export const aiStop = ai?.liftCommand
  ? { mostLostUsd: ai.mostLostUsd, liftCommand: ai.liftCommand }
  : "no ceiling on tokens";

/** Makes a program once the stack file has its image; until then says how to get there. No other image is ever run. */
function withImage<T, Sizes extends { image?: string }>(
  name: keyof typeof repositories,
  { image: tag, ...sizes }: Sizes,
  make: (image: WebServiceArgs["image"], sizes: Omit<Sizes, "image">) => T,
): T | undefined {
  if (tag !== undefined) return make({ repository: repositories[name], tag }, sizes);
  void pulumi.log.warn(
    `A program with the image of ${name} is not made: the stack file has no image for it. Push one to the repository of ` +
      `output repositoryUrls.${name} under the full git SHA, then commit that SHA to Pulumi.${settings.stack}.yaml.`,
  );
  return undefined;
}
