import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { connectTo } from "./access";
import { identifierOf } from "./foundation";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";

type Proxy = Pick<
  AuroraClusterNodes,
  | "proxyLogGroup"
  | "proxyRole"
  | "proxyPolicy"
  | "proxySecurityGroup"
  | "proxyEgress"
  | "proxyIngress"
  | "proxy"
  | "proxyTargetGroup"
  | "proxyTarget"
  | "proxyReadEndpoint"
>;
type Made = Pick<AuroraClusterNodes, "suffix" | "cluster" | "securityGroup" | "writer" | "readers">;

const none: Proxy = {
  proxyLogGroup: undefined,
  proxyRole: undefined,
  proxyPolicy: undefined,
  proxySecurityGroup: undefined,
  proxyEgress: undefined,
  proxyIngress: undefined,
  proxy: undefined,
  proxyTargetGroup: undefined,
  proxyTarget: undefined,
  proxyReadEndpoint: undefined,
};

/** Shares connections: TLS and IAM on the way in, IAM on the way to the database, no password anywhere. */
export function createProxy(parent: pulumi.Resource, s: Settled, made: Made): Proxy {
  const { name, args, engine } = s;
  if (s.proxy === undefined) return none;
  const transform = args.transform ?? {};
  const opts = { parent };
  const proxyName = identifierOf(s, made.suffix);

  const proxyLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-proxy-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      {
        // The name that the proxy writes to. AWS: Aurora user guide, "Monitoring RDS Proxy".
        name: pulumi.interpolate`/aws/rds/proxy/${proxyName}`,
        kmsKeyId: args.keyArn,
        retentionInDays: args.logRetentionDays,
        deletionProtectionEnabled: args.keep,
      },
      transform.proxyLogGroup,
    ),
    { parent, protect: args.keep },
  );
  const roles = createRole(parent, s, made.cluster);
  const network = createNetwork(parent, s, made.securityGroup);
  const proxy = new aws.rds.Proxy(
    `${name}-proxy`,
    override<aws.rds.ProxyArgs>(
      {
        name: proxyName,
        engineFamily: engine.proxyFamily,
        // End to end: clients sign in by IAM, and so does the proxy to the database.
        defaultAuthScheme: "IAM_AUTH",
        requireTls: true,
        idleClientTimeout: s.proxy.idleClientTimeoutSeconds,
        // On, it writes the text of statements, and what is in them, to the logs.
        debugLogging: false,
        roleArn: roles.proxyRole.arn,
        vpcSubnetIds: pulumi.output(args.network.isolatedSubnetIds),
        vpcSecurityGroupIds: [network.proxySecurityGroup.id],
      },
      transform.proxy,
    ),
    { parent, dependsOn: [proxyLogGroup, roles.proxyPolicy] },
  );
  const proxyTargetGroup = new aws.rds.ProxyDefaultTargetGroup(
    `${name}-proxy-targets`,
    override<aws.rds.ProxyDefaultTargetGroupArgs>(
      { dbProxyName: proxy.name, connectionPoolConfig: { maxConnectionsPercent: s.proxy.maxConnectionsPercent } },
      transform.proxyTargetGroup,
    ),
    opts,
  );
  const proxyTarget = new aws.rds.ProxyTarget(
    `${name}-proxy-target`,
    override<aws.rds.ProxyTargetArgs>(
      { dbProxyName: proxy.name, targetGroupName: proxyTargetGroup.name, dbClusterIdentifier: made.cluster.id },
      transform.proxyTarget,
    ),
    // AWS refuses a target without an instance.
    { parent, dependsOn: [made.writer] },
  );
  // Without a reader it would lead nowhere; one that the scaling takes away again does not count.
  const proxyReadEndpoint =
    s.readers.length === 0
      ? undefined
      : new aws.rds.ProxyEndpoint(
          `${name}-proxy-read`,
          override<aws.rds.ProxyEndpointArgs>(
            {
              dbProxyName: proxy.name,
              dbProxyEndpointName: pulumi.interpolate`${proxyName}-read`,
              targetRole: "READ_ONLY",
              vpcSubnetIds: pulumi.output(args.network.isolatedSubnetIds),
              vpcSecurityGroupIds: [network.proxySecurityGroup.id],
            },
            transform.proxyReadEndpoint,
          ),
          { parent, dependsOn: [...made.readers] },
        );
  return { proxyLogGroup, ...roles, ...network, proxy, proxyTargetGroup, proxyTarget, proxyReadEndpoint };
}

function createRole(parent: pulumi.Resource, s: Settled, cluster: aws.rds.Cluster) {
  const { proxyRole: editRole, proxyPolicy: editPolicy } = s.args.transform ?? {};
  const proxyRole = new aws.iam.Role(
    `${s.name}-proxy-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${s.name}: the proxy signs in to the database`,
        // No condition: AWS documents none for this role, and the proxy could not assume it without the keys.
        assumeRolePolicy: assumableBy("rds.amazonaws.com"),
      },
      editRole,
    ),
    { parent },
  );
  const proxyPolicy = new aws.iam.RolePolicy(
    `${s.name}-proxy-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: proxyRole.name,
        policy: policyDocument(throughProxy(s).map((user) => connectTo(cluster, cluster.clusterResourceId, user.name))),
      },
      editPolicy,
    ),
    { parent },
  );
  return { proxyRole, proxyPolicy };
}

/** Who signs in through the proxy: `migrate` does not, since what it does would tie connections to it. */
function throughProxy(s: Settled) {
  return [s.own.connect, s.own.read, ...s.more];
}

function createNetwork(parent: pulumi.Resource, s: Settled, securityGroup: aws.ec2.SecurityGroup) {
  const transform = s.args.transform ?? {};
  const ports = { ipProtocol: "tcp", fromPort: s.engine.port, toPort: s.engine.port };
  const proxySecurityGroup = new aws.ec2.SecurityGroup(
    `${s.name}-proxy-security-group`,
    override<aws.ec2.SecurityGroupArgs>(
      { vpcId: s.args.network.vpcId, description: `Proxy of database ${s.name}` },
      transform.proxySecurityGroup,
    ),
    { parent },
  );
  const proxyEgress = new aws.vpc.SecurityGroupEgressRule(
    `${s.name}-from-proxy`,
    override<aws.vpc.SecurityGroupEgressRuleArgs>(
      {
        securityGroupId: proxySecurityGroup.id,
        description: `To database ${s.name}`,
        referencedSecurityGroupId: securityGroup.id,
        ...ports,
      },
      transform.proxyEgress,
    ),
    { parent },
  );
  const proxyIngress = new aws.vpc.SecurityGroupIngressRule(
    `${s.name}-from-proxy`,
    override<aws.vpc.SecurityGroupIngressRuleArgs>(
      {
        securityGroupId: securityGroup.id,
        description: `From the proxy of database ${s.name}`,
        referencedSecurityGroupId: proxySecurityGroup.id,
        ...ports,
      },
      transform.proxyIngress,
    ),
    { parent },
  );
  return { proxySecurityGroup, proxyEgress, proxyIngress };
}
