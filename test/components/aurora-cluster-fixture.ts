import * as pulumi from "@pulumi/pulumi";

import { AuroraCluster, type AuroraClusterArgs } from "../../components/aurora-cluster/aurora-cluster";
import type { Access } from "../../components/shared/access";
import { type Registration, resource, type Run, run, type RunOptions } from "../harness";

export const network = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  publicSubnetIds: ["subnet-0aaaaaaaaaaaaaaa1"],
  privateSubnetIds: ["subnet-0bbbbbbbbbbbbbbb1", "subnet-0bbbbbbbbbbbbbbb2"],
  isolatedSubnetIds: ["subnet-0ccccccccccccccc1", "subnet-0ccccccccccccccc2"],
};
export const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
export const alarmTopicArn = "arn:aws:sns:ap-northeast-1:111111111111:alarms";

/** The least that a PostgreSQL cluster needs. */
export function postgresql(more: Partial<AuroraClusterArgs> = {}): AuroraClusterArgs {
  return {
    engine: "postgresql",
    engineVersion: "17.7",
    network,
    keyArn,
    alarmTopicArn,
    keep: false,
    acu: { min: 0.5, max: 4 },
    logRetentionDays: 30,
    ...more,
  };
}

/** The least that a MySQL cluster needs. */
export function mysql(more: Partial<AuroraClusterArgs> = {}): AuroraClusterArgs {
  return postgresql({ engine: "mysql", engineVersion: "8.0.mysql_aurora.3.10.0", ...more });
}

/** Everything that PostgreSQL can have, at once. */
export function everything(more: Partial<AuroraClusterArgs> = {}): AuroraClusterArgs {
  return postgresql({
    readers: [{ promotionTier: 1 }, { promotionTier: 2 }],
    readerScaling: { min: 1, max: 5 },
    users: { etl_job: "owner" },
    passwordUsers: ["tableau"],
    dataApi: true,
    proxy: {},
    enhancedMonitoringSeconds: 60,
    ...more,
  });
}

/** One AuroraCluster called `db` in a program of its own. */
export function runCluster(args: AuroraClusterArgs, options?: RunOptions): Promise<Run> {
  return run(() => void new AuroraCluster("db", args), options);
}

/** Every access that a cluster called `db` offers, with its values known, and what was registered. */
export async function accessesOf(args: AuroraClusterArgs): Promise<{ accesses: Record<string, Access>; result: Run }> {
  let accesses: Record<string, Access> = {};
  const result = await run(async () => {
    const { connect, read, migrate, users, dataApi } = new AuroraCluster("db", args);
    const all = { connect, read, migrate, ...users, ...(dataApi !== undefined && { dataApi }) };
    accesses = await new Promise((resolve) => pulumi.output(all).apply((known) => resolve(known as typeof accesses)));
  });
  if (result.error !== undefined) throw result.error;
  return { accesses, result };
}

/** An output that is text, such as a name or an ARN. */
export function output(registration: Registration, property: string): string {
  const value = registration.outputs[property];
  if (typeof value !== "string") throw new Error(`${registration.name} has no text as ${property}`);
  return value;
}

/** A policy as the program gave it, whether in wire form a document or JSON text. */
export function statements(registration: Registration, property = "policy"): unknown {
  const value = registration.inputs[property];
  const document: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return (document as { Statement: unknown }).Statement;
}

export const types = {
  cluster: "aws:rds/cluster:Cluster",
  instance: "aws:rds/clusterInstance:ClusterInstance",
  invocation: "aws:lambda/invocation:Invocation",
  lambda: "aws:lambda/function:Function",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  policy: "aws:iam/rolePolicy:RolePolicy",
  rotation: "aws:secretsmanager/secretRotation:SecretRotation",
  secret: "aws:secretsmanager/secret:Secret",
  proxy: "aws:rds/proxy:Proxy",
  parameters: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
} as const;

/** The cluster itself. */
export const clusterOf = (result: Run): Registration => resource(result, types.cluster, "db-cluster");
