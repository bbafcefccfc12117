import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { override } from "../shared/override";
import type { NetworkPlacement } from "../shared/placement";
import { policyDocument } from "../shared/policy-document";
import { tcp } from "../task/network";
import { adminName } from "./check";
import type { Settled, SettledRedshift } from "./settle";
import type { WarehouseNodes } from "./types";
import { createLimits } from "./usage";

type Defined<T> = { readonly [K in keyof T]: NonNullable<T[K]> };

/** What Redshift itself is made of. */
export type RedshiftNodes = Defined<
  Pick<
    WarehouseNodes,
    | "suffix"
    | "logGroups"
    | "securityGroup"
    | "httpsEgress"
    | "lakeRole"
    | "lakePolicy"
    | "namespace"
    | "workgroup"
    | "dailyLimit"
    | "monthlyLimit"
    | "usageAlarm"
    | "passwordSecrets"
  >
>;

/** Name of the logs that Redshift exports, all that there are. */
const logs = ["connectionlog", "userlog", "useractivitylog"];

export function createRedshift(
  parent: pulumi.Resource,
  s: Settled,
  r: SettledRedshift,
  place: NetworkPlacement,
): RedshiftNodes {
  const { name, args } = s;
  const transform = args.transform ?? {};
  // AWS wants names for both, and a namespace under a name that is taken cannot replace another.
  const suffix = new random.RandomId(
    `${name}-suffix`,
    override<random.RandomIdArgs>({ byteLength: 4 }, transform.suffix),
    { parent },
  );
  const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
  const logGroups = logs.map(
    (log) =>
      // Redshift would make them without an end and without the key.
      new aws.cloudwatch.LogGroup(
        `${name}-${log}`,
        override<aws.cloudwatch.LogGroupArgs>(
          {
            name: pulumi.interpolate`/aws/redshift/${identifier}/${log}`,
            kmsKeyId: args.keyArn,
            retentionInDays: r.logRetentionDays,
            deletionProtectionEnabled: args.keep,
          },
          transform.logGroups,
        ),
        { parent, protect: args.keep },
      ),
  );
  const reader = createLakeRole(parent, s);
  const network = createNetwork(parent, s, place);
  const namespace = new aws.redshiftserverless.Namespace(
    `${name}-namespace`,
    override<aws.redshiftserverless.NamespaceArgs>(
      {
        namespaceName: identifier,
        dbName: r.databaseName,
        adminUsername: adminName,
        manageAdminPassword: true,
        adminPasswordSecretKmsKeyId: args.keyArn,
        kmsKeyId: args.keyArn,
        iamRoles: [reader.lakeRole.arn],
        defaultIamRoleArn: reader.lakeRole.arn,
        logExports: logs,
      },
      transform.namespace,
    ),
    { parent, protect: args.keep, dependsOn: logGroups },
  );
  const workgroup = new aws.redshiftserverless.Workgroup(
    `${name}-workgroup`,
    override<aws.redshiftserverless.WorkgroupArgs>(
      {
        namespaceName: namespace.namespaceName,
        workgroupName: identifier,
        baseCapacity: r.baseRpu,
        maxCapacity: r.maxRpu,
        // Enhanced routing sends it through the VPC to the Glue catalog, which isolated subnets have no way to.
        subnetIds: place.privateSubnetIds,
        securityGroupIds: [network.securityGroup.id],
        publiclyAccessible: false,
        enhancedVpcRouting: true,
        configParameters: parameters(r),
      },
      transform.workgroup,
    ),
    { parent, dependsOn: [network.httpsEgress] },
  );
  return {
    suffix,
    logGroups,
    ...reader,
    ...network,
    namespace,
    workgroup,
    ...createLimits(parent, s, r, workgroup),
    passwordSecrets: createSecrets(parent, s, r),
  };
}

/** Redshift answers with all of them: one that is left out would show as a change in every preview. */
function parameters(r: SettledRedshift): aws.types.input.redshiftserverless.WorkgroupConfigParameter[] {
  return Object.entries({
    auto_mv: "true",
    datestyle: "ISO, MDY",
    enable_case_sensitive_identifier: "false",
    enable_user_activity_logging: "true",
    max_query_execution_time: String(r.queryTimeoutSeconds),
    query_group: "default",
    require_ssl: "true",
    search_path: "$user, public",
    use_fips_ssl: "false",
  }).map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue }));
}

/** Reads the zones for whoever asks through their schemas. */
function createLakeRole(parent: pulumi.Resource, s: Settled): Pick<RedshiftNodes, "lakeRole" | "lakePolicy"> {
  const { name, args } = s;
  const lakeRole = new aws.iam.Role(
    `${name}-lake-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: Redshift reads the lake`,
        // Without conditions: AWS names no source for Redshift Serverless, and iam:PassRole keeps other namespaces out.
        assumeRolePolicy: policyDocument([
          {
            Effect: "Allow",
            Principal: { Service: ["redshift-serverless.amazonaws.com", "redshift.amazonaws.com"] },
            Action: "sts:AssumeRole",
          },
        ]),
      },
      args.transform?.lakeRole,
    ),
    { parent },
  );
  const lakePolicy = new aws.iam.RolePolicy(
    `${name}-lake-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: lakeRole.name, policy: policyDocument(s.zones.flatMap((zone) => args.lake.read(zone).statements)) },
      args.transform?.lakePolicy,
    ),
    { parent },
  );
  return { lakeRole, lakePolicy };
}

function createNetwork(
  parent: pulumi.Resource,
  { name, args }: Settled,
  place: NetworkPlacement,
): Pick<RedshiftNodes, "securityGroup" | "httpsEgress"> {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    // The description cannot change without replacing the group.
    override<aws.ec2.SecurityGroupArgs>(
      { vpcId: place.vpcId, description: `Warehouse ${name}` },
      args.transform?.securityGroup,
    ),
    { parent },
  );
  const httpsEgress = new aws.vpc.SecurityGroupEgressRule(
    `${name}-https-out`,
    override<aws.vpc.SecurityGroupEgressRuleArgs>(
      {
        securityGroupId: securityGroup.id,
        description: "S3 and Glue, through NAT or endpoints",
        // AWS APIs have no fixed addresses.
        cidrIpv4: "0.0.0.0/0",
        ...tcp(443),
      },
      args.transform?.httpsEgress,
    ),
    { parent },
  );
  return { securityGroup, httpsEgress };
}

function createSecrets(
  parent: pulumi.Resource,
  { name, args }: Settled,
  r: SettledRedshift,
): aws.secretsmanager.Secret[] {
  return r.passwordUsers.map(
    (user) =>
      // Its value is the function's: neither the program nor the state ever has it.
      new aws.secretsmanager.Secret(
        `${name}-${user}-password`,
        override<aws.secretsmanager.SecretArgs>(
          {
            description: `${name}: password of warehouse user ${user}`,
            kmsKeyId: args.keyArn,
            recoveryWindowInDays: args.keep ? 30 : 7,
          },
          args.transform?.passwordSecrets,
        ),
        { parent, protect: args.keep },
      ),
  );
}
