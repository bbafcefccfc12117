import assert from "node:assert/strict";

import {
  AuroraCluster,
  type AuroraClusterNodes,
  type AuroraClusterTransform,
} from "../../components/aurora-cluster/aurora-cluster";
import { run, type Run } from "../harness";
import { everything, runCluster } from "./aurora-cluster-fixture";

/** A cluster with every child there is, one of each. */
const all = (transform: AuroraClusterTransform = {}) =>
  everything({ readers: [{}], logs: ["postgresql"], dataApi: false, transform });

/** Each child by its key: type and name as registered, and an override whose value no other child has. */
const overrides = {
  suffix: ["RandomId db-suffix", { byteLength: 5 }],
  subnetGroup: ["SubnetGroup db-subnets", { description: "of subnets" }],
  securityGroup: ["SecurityGroup db-security-group", { description: "of the group" }],
  parameterGroup: ["ClusterParameterGroup db-parameters", { description: "of parameters" }],
  logGroups: ["LogGroup db-postgresql-logs", { retentionInDays: 1 }],
  monitoringRole: ["Role db-monitoring-role", { description: "of monitoring" }],
  monitoringPolicy: ["RolePolicyAttachment db-monitoring-policy", { policyArn: "arn:aws:iam::aws:policy/other" }],
  cluster: ["Cluster db-cluster", { preferredBackupWindow: "01:00-02:00" }],
  writer: ["ClusterInstance db-writer", { promotionTier: 11 }],
  readers: ["ClusterInstance db-reader-1", { promotionTier: 12 }],
  masterRotation: ["SecretRotation db-master-rotation", { rotationRules: { automaticallyAfterDays: 11 } }],
  scalingTarget: ["Target db-reader-scaling", { maxCapacity: 14 }],
  scalingPolicy: ["Policy db-scale-readers", { name: "of-scaling" }],
  proxyLogGroup: ["LogGroup db-proxy-logs", { retentionInDays: 3 }],
  proxyRole: ["Role db-proxy-role", { description: "of the proxy's role" }],
  proxyPolicy: ["RolePolicy db-proxy-policy", { name: "of-proxy-policy" }],
  proxySecurityGroup: ["SecurityGroup db-proxy-security-group", { description: "of the proxy's group" }],
  proxyEgress: ["SecurityGroupEgressRule db-from-proxy", { description: "out of the proxy" }],
  proxyIngress: ["SecurityGroupIngressRule db-from-proxy", { description: "in from the proxy" }],
  proxy: ["Proxy db-proxy", { idleClientTimeout: 77 }],
  proxyTargetGroup: ["ProxyDefaultTargetGroup db-proxy-targets", { dbProxyName: "of-targets" }],
  proxyTarget: ["ProxyTarget db-proxy-target", { targetGroupName: "of-target" }],
  proxyReadEndpoint: ["ProxyEndpoint db-proxy-read", { dbProxyEndpointName: "of-endpoint" }],
  passwordSecrets: ["Secret db-tableau-password", { description: "of the secret" }],
  usersLogGroup: ["LogGroup db-users-logs", { retentionInDays: 5 }],
  usersRole: ["Role db-users-role", { description: "of the users' role" }],
  usersPolicy: ["RolePolicy db-users-policy", { name: "of-users-policy" }],
  usersFunction: ["Function db-users-function", { memorySize: 512 }],
  usersInvocation: ["Invocation db-users", { qualifier: "7" }],
  rotationPermissions: ["Permission db-tableau-rotation", { statementId: "of-permission" }],
  passwordRotations: ["SecretRotation db-tableau-rotation", { rotationRules: { automaticallyAfterDays: 12 } }],
  capacityAlarm: ["MetricAlarm db-capacity-alarm", { threshold: 71 }],
  cpuAlarm: ["MetricAlarm db-cpu-alarm", { threshold: 72 }],
  connectionsAlarm: ["MetricAlarm db-connections-alarm", { threshold: 73 }],
  replicaLagAlarm: ["MetricAlarm db-replica-lag-alarm", { threshold: 74 }],
  storageAlarm: ["MetricAlarm db-storage-alarm", { threshold: 75 }],
} as const satisfies { [K in keyof Required<AuroraClusterTransform>]: readonly [string, object] };

describe("AuroraCluster transform", () => {
  let overridden: Run;
  before(async () => {
    const transform = Object.fromEntries(Object.entries(overrides).map(([key, [, by]]) => [key, by]));
    overridden = await runCluster(all(transform));
    assert.equal(overridden.error, undefined);
  });

  for (const key of Object.keys(overrides) as (keyof typeof overrides)[]) {
    it(`reaches ${key}, and it alone`, () => {
      const [child, by] = overrides[key];
      const [property, value] = Object.entries(by)[0] as [string, unknown];
      const reached = overridden.resources.filter(
        (r) => r.custom && JSON.stringify(r.inputs[property]) === JSON.stringify(value),
      );
      assert.deepEqual(
        reached.map((r) => `${r.type.split(":")[2] ?? ""} ${r.name}`),
        [child],
      );
    });
  }

  it("takes a function of our arguments", async () => {
    const result = await runCluster(
      all({ cluster: (ours) => ({ ...ours, storageType: ours.storageEncrypted === true ? "aurora-iopt1" : "" }) }),
    );
    const cluster = result.resources.find((r) => r.name === "db-cluster");
    assert.equal(cluster?.inputs["storageType"], "aurora-iopt1");
    assert.equal(cluster.inputs["iamDatabaseAuthenticationEnabled"], true);
  });

  it("has a key for each node, and a node for each child", async () => {
    let nodes: AuroraClusterNodes | undefined;
    const result = await run(() => {
      nodes = new AuroraCluster("db", all()).nodes;
    });
    assert.ok(nodes);
    assert.deepEqual(Object.keys(nodes).toSorted(), Object.keys(overrides).toSorted());
    const made = Object.values(nodes).flat();
    assert.ok(made.every((node) => node !== undefined));
    assert.equal(made.length, result.resources.filter((r) => r.custom).length);
  });
});
