import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";
import type { Parameter } from "./types";

type Foundation = Pick<
  AuroraClusterNodes,
  "suffix" | "subnetGroup" | "securityGroup" | "parameterGroup" | "logGroups" | "monitoringRole" | "monitoringPolicy"
>;

/** Identifier of the cluster, of its proxy and, with `-final`, of its last snapshot. */
export function identifierOf(s: Settled, suffix: random.RandomId): pulumi.Output<string> {
  return pulumi.interpolate`${s.identifier}-${suffix.hex}`;
}

/** What the cluster stands on. */
export function createFoundation(parent: pulumi.Resource, s: Settled): Foundation {
  const { name, args, engine } = s;
  const transform = args.transform ?? {};
  const opts = { parent };

  const suffix = new random.RandomId(
    `${name}-suffix`,
    override<random.RandomIdArgs>(
      // New with each thing that replaces the cluster: old and new then have an identifier and a last snapshot each.
      { byteLength: 4, keepers: { engine: args.engine, databaseName: s.databaseName, keyArn: args.keyArn } },
      transform.suffix,
    ),
    opts,
  );
  const subnetGroup = new aws.rds.SubnetGroup(
    `${name}-subnets`,
    override<aws.rds.SubnetGroupArgs>(
      { subnetIds: args.network.isolatedSubnetIds, description: `Database ${name}` },
      transform.subnetGroup,
    ),
    opts,
  );
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    // Without rules: each user adds its own, and the database opens no connections itself.
    override<aws.ec2.SecurityGroupArgs>(
      { vpcId: args.network.vpcId, description: `Database ${name}` },
      transform.securityGroup,
    ),
    opts,
  );
  const parameterGroup = new aws.rds.ClusterParameterGroup(
    `${name}-parameters`,
    override<aws.rds.ClusterParameterGroupArgs>(
      {
        family: engine.family(args.engineVersion) ?? "",
        description: `Database ${name}`,
        parameters: parametersOf(s),
      },
      transform.parameterGroup,
    ),
    opts,
  );
  const logGroups = s.logs.map(
    (log) =>
      new aws.cloudwatch.LogGroup(
        `${name}-${log}-logs`,
        override<aws.cloudwatch.LogGroupArgs>(
          {
            // RDS writes to this name, and makes the group itself, unencrypted and for ever, unless it is there.
            name: pulumi.interpolate`/aws/rds/cluster/${identifierOf(s, suffix)}/${log}`,
            kmsKeyId: args.keyArn,
            retentionInDays: args.logRetentionDays,
            deletionProtectionEnabled: args.keep,
          },
          transform.logGroups,
        ),
        { parent, protect: args.keep },
      ),
  );
  return { suffix, subnetGroup, securityGroup, parameterGroup, logGroups, ...createMonitoring(parent, s) };
}

function parametersOf(s: Settled): aws.types.input.rds.ClusterParameterGroupParameter[] {
  const { tls } = s.engine;
  const ofLogs = s.logs.flatMap((log) => Object.entries(s.engine.logParameters[log] ?? {}));
  const given = Object.entries(s.args.parameters ?? {});
  const all = new Map<string, Parameter>([...ofLogs, ...given, [tls.name, tls.value]]);
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, parameter]) => {
      const { value, apply } = typeof parameter === "string" ? { value: parameter, apply: "immediate" } : parameter;
      return { name, value, applyMethod: apply === "immediate" ? "immediate" : "pending-reboot" };
    });
}

/** What the operating system reports. AWS: Aurora user guide, "Setting up and enabling Enhanced Monitoring". */
function createMonitoring(
  parent: pulumi.Resource,
  s: Settled,
): Pick<AuroraClusterNodes, "monitoringRole" | "monitoringPolicy"> {
  if (s.args.enhancedMonitoringSeconds === undefined) {
    return { monitoringRole: undefined, monitoringPolicy: undefined };
  }
  const { monitoringRole: editRole, monitoringPolicy: editPolicy } = s.args.transform ?? {};
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const { partition } = aws.getPartitionOutput({}, { parent });
  const monitoringRole = new aws.iam.Role(
    `${s.name}-monitoring-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${s.name}: sends what the operating system reports to CloudWatch Logs`,
        assumeRolePolicy: assumableBy("monitoring.rds.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountId },
        }),
      },
      editRole,
    ),
    { parent },
  );
  const monitoringPolicy = new aws.iam.RolePolicyAttachment(
    `${s.name}-monitoring-policy`,
    override<aws.iam.RolePolicyAttachmentArgs>(
      {
        role: monitoringRole.name,
        policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
      },
      editPolicy,
    ),
    { parent },
  );
  return { monitoringRole, monitoringPolicy };
}
