import type { PlannedResource } from "../../plan/run";
import { block, hoursAMonth, idle, list, number, type Rules, type Setting, text, unpriced, use } from "../pricer";
import { combine, product, type Range } from "../range";

const cluster = "aws:rds/cluster:Cluster";
const instance = "aws:rds/clusterInstance:ClusterInstance";

interface Capacity {
  readonly min: number;
  readonly max: number;
}

function capacityOf(found: PlannedResource | undefined): Capacity {
  const given = block(found?.inputs["serverlessv2ScalingConfiguration"]);
  return { min: number(given["minCapacity"], 0.5), max: number(given["maxCapacity"], 0.5) };
}

function isIoOptimized(found: PlannedResource | undefined): boolean {
  return found?.inputs["storageType"] === "aurora-iopt1";
}

/** Capacity above the least, on average over the hours that the database is in use. */
function above({ min, max }: Capacity, { averageAcu, activeHours }: Setting["usage"]["database"]): Range {
  return combine((average, hours) => Math.max(0, Math.min(average, max) - min) * hours, averageAcu, activeHours);
}

function ofInstance(resource: PlannedResource, setting: Setting) {
  const [found] = setting.refersTo(resource, "clusterIdentifier", cluster);
  if (resource.inputs["instanceClass"] !== "db.serverless") {
    return [unpriced("instance", `no price of ${text(resource.inputs["instanceClass"])} at hand`)];
  }
  const price = `aurora.serverlessV2.${isIoOptimized(found) ? "ioOptimized" : "standard"}.acuHour` as const;
  const capacity = capacityOf(found);
  return [
    ...(capacity.min > 0 ? [idle("least capacity", price, capacity.min * hoursAMonth)] : []),
    use("capacity in use", price, above(capacity, setting.usage.database)),
  ];
}

function ofCluster(resource: PlannedResource, { usage }: Setting) {
  const { storageGb, millionIo, backupGb } = usage.database;
  const { inputs } = resource;
  const optimized = isIoOptimized(resource);
  return [
    ...(inputs["manageMasterUserPassword"] === true
      ? [idle("the master user's secret", "secretsManager.secret", 1)]
      : []),
    use("data", optimized ? "aurora.storage.ioOptimized" : "aurora.storage.standard", storageGb),
    ...(optimized ? [] : [use("reads and writes of pages", "aurora.io", millionIo)]),
    use("backups beyond the free size", "aurora.backup", backupGb),
    ...(inputs["databaseInsightsMode"] === "advanced"
      ? [unpriced("Database Insights, advanced", "billed by the ACU-hour, of which no price is at hand")]
      : []),
  ];
}

/** AWS bills a proxy by the capacity of the instances behind it, 8 ACU at least. */
const leastProxyAcu = 8;

function ofProxyTarget(resource: PlannedResource, setting: Setting) {
  const [found] = setting.refersTo(resource, "dbClusterIdentifier", cluster);
  const instances = found === undefined ? 1 : setting.referredBy(found, instance, "clusterIdentifier").length;
  const acu = Math.max(leastProxyAcu, capacityOf(found).min * instances);
  return [idle(`proxy over ${acu} ACU`, "rdsProxy.serverlessV2.acuHour", acu * hoursAMonth)];
}

function ofTable({ inputs }: PlannedResource, { usage }: Setting) {
  const { millionReads, millionWrites, storageGb } = usage.tables;
  if (inputs["billingMode"] !== "PAY_PER_REQUEST") {
    return [unpriced("provisioned throughput", "only on-demand tables have a price here")];
  }
  const indexes = list(inputs["globalSecondaryIndexes"]).length;
  const recovery = block(inputs["pointInTimeRecovery"])["enabled"] === true;
  return [
    use("reads", "dynamodb.onDemand.read", millionReads),
    use(indexes > 0 ? "writes, indexes too" : "writes", "dynamodb.onDemand.write", product(millionWrites, 1 + indexes)),
    use("data", "dynamodb.storage", storageGb),
    ...(recovery ? [use("point-in-time recovery", "dynamodb.pitr", storageGb)] : []),
  ];
}

/** Databases. */
export const database: Rules = {
  [cluster]: ofCluster,
  [instance]: ofInstance,
  // By the target, which knows the cluster; the proxy itself does not.
  "aws:rds/proxyTarget:ProxyTarget": ofProxyTarget,
  // AWS: RDS Proxy pricing: an endpoint of one's own is a PrivateLink endpoint in each of its subnets.
  "aws:rds/proxyEndpoint:ProxyEndpoint": ({ inputs }) => [
    idle("proxy endpoint", "vpce.interface.hour", list(inputs["vpcSubnetIds"]).length * hoursAMonth),
  ],
  "aws:dynamodb/table:Table": ofTable,
};
