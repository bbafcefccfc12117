import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { Override } from "../shared/override";

/** Who shows the dashboards: QuickSight, or a tool outside of AWS such as Tableau or Looker. */
export type DashboardTool = "quicksight" | "external";

/** The lake, asked through Athena with the rights of a role of its own. */
export interface AthenaSource {
  readonly kind: "athena";
  /** Workgroup that its queries run in. */
  readonly workGroupName: Input<string>;
  /** What the role may do: `warehouse.query`, or `lake.query` with `lake.read(...)`. */
  readonly uses: readonly Access[];
}

/** A database in the network, asked over TLS with a user's password. A Warehouse's `endpoint` and one of its `logins` fit. */
export interface DatabaseSource {
  readonly kind: "redshift" | "auroraPostgresql" | "auroraMysql";
  readonly host: Input<string>;
  readonly port: number;
  readonly databaseName: Input<string>;
  /** Group of the database, which is told to let the tool in. */
  readonly securityGroupId: Input<string>;
  /** Secret of a user that may read: JSON with `username` and `password`; and the key that encrypts it. */
  readonly login: { readonly secretArn: Input<string>; readonly keyArn: Input<string> };
}

/** Where data comes from. */
export type DashboardSource = AthenaSource | DatabaseSource;

/** A table with its columns, types as SQL has them. A table of the lake fits. */
export interface DashboardTable {
  /** Database of the Glue catalog, or schema. */
  readonly databaseName: Input<string>;
  readonly tableName: Input<string>;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Columns that the table is partitioned by, where they stand apart. @default [] */
  readonly partitions?: readonly { readonly name: string; readonly type: string }[];
}

/** A table as authors see it. */
export interface DataSetOptions {
  /** Name of its source. */
  source: string;
  /** The table, with the columns to show. */
  table: DashboardTable;
  /** Shown to authors. @default its name */
  title?: string;
  /** `spice`: a copy in QuickSight's memory; `direct`: the source is asked each time. @default "spice" */
  mode?: "spice" | "direct";
  /** When the copy is made anew each day: `HH:MM` and an IANA zone. @default { at: "06:00", timezone: "UTC" } */
  refresh?: { at: string; timezone: string };
}

/** A dashboard that is kept as a file. */
export interface DashboardOptions {
  /** Path of the definition, what `aws quicksight describe-dashboard-definition` prints; the same file for each stack. */
  definition: string;
  /** Shown to readers. @default its name */
  title?: string;
  /** Data set by the identifier that the definition calls it by. @default the data set of that name */
  dataSets?: Record<string, string>;
}

/** The account's subscription: made once by hand or in the account's own stack, and only referred to here. */
export interface QuickSightSubscription {
  /** Region where the account keeps QuickSight's users and groups. @default the provider's region */
  identityRegion?: string;
  /** Namespace of the users and groups. @default "default" */
  namespace?: string;
  /** Role that QuickSight reads secrets with; sources with a password want it. @default none */
  secretsRoleName?: string;
}

/** What QuickSight shows, and to whom. */
export interface QuickSightOptions {
  /** The account's subscription. @default see QuickSightSubscription */
  subscription?: QuickSightSubscription;
  /** Names of users that make analyses of the data sets, and see the dashboards. @default [] */
  authors?: string[];
  /** Names of users that see the dashboards. @default [] */
  readers?: string[];
  /** Data sets by name. @default {} */
  dataSets?: Record<string, DataSetOptions>;
  /** Dashboards by name. @default {} */
  dashboards?: Record<string, DashboardOptions>;
}

/** Who asks from outside, and from where. */
export interface ExternalOptions {
  /** Second step: ARN of the tool's own role or user, which takes the reader role. @default none: nobody can take it yet */
  principalArn?: string;
  /** Second step: what the tool says when it takes the role, so that no other customer of it can. @default none */
  externalId?: string;
  /** IPv4 blocks that the tool comes from, through a VPN or a peering. @default [] */
  cidrs?: string[];
  /** Group of a bridge or gateway of the tool's in the network. @default none */
  bridgeSecurityGroupId?: Input<string>;
}

/** Children by the name of the source, data set or dashboard. */
type Named<T> = Readonly<Record<string, T>>;

/** The raw children of Dashboards. Those that the tool does not need are undefined or empty. */
export interface DashboardsNodes {
  readonly authorsGroup: aws.quicksight.Group | undefined;
  readonly readersGroup: aws.quicksight.Group | undefined;
  readonly memberships: readonly aws.quicksight.GroupMembership[];
  readonly securityGroup: aws.ec2.SecurityGroup | undefined;
  readonly sourceEgress: Named<aws.vpc.SecurityGroupEgressRule>;
  readonly sourceIngress: Named<aws.vpc.SecurityGroupIngressRule>;
  readonly returnIngress: Named<aws.vpc.SecurityGroupIngressRule>;
  readonly vpcRole: aws.iam.Role | undefined;
  readonly vpcPolicy: aws.iam.RolePolicy | undefined;
  readonly vpcConnection: aws.quicksight.VpcConnection | undefined;
  readonly secretsPolicy: aws.iam.RolePolicy | undefined;
  readonly sourceRoles: Named<aws.iam.Role>;
  readonly sourcePolicies: Named<aws.iam.RolePolicy>;
  readonly dataSources: Named<aws.quicksight.DataSource>;
  readonly dataSets: Named<aws.quicksight.DataSet>;
  readonly refreshSchedules: Named<aws.quicksight.RefreshSchedule>;
  readonly dashboards: Named<aws.cloudcontrol.Resource>;
  readonly cidrIngress: readonly aws.vpc.SecurityGroupIngressRule[];
}

/** The children of a tool that makes none of them. */
export const noNodes: DashboardsNodes = {
  authorsGroup: undefined,
  readersGroup: undefined,
  memberships: [],
  securityGroup: undefined,
  sourceEgress: {},
  sourceIngress: {},
  returnIngress: {},
  vpcRole: undefined,
  vpcPolicy: undefined,
  vpcConnection: undefined,
  secretsPolicy: undefined,
  sourceRoles: {},
  sourcePolicies: {},
  dataSources: {},
  dataSets: {},
  refreshSchedules: {},
  dashboards: {},
  cidrIngress: [],
};

/** Last say on the arguments of each child, by its name in `nodes`; where there are many, applied to each. */
export interface DashboardsTransform {
  authorsGroup?: Override<aws.quicksight.GroupArgs>;
  readersGroup?: Override<aws.quicksight.GroupArgs>;
  memberships?: Override<aws.quicksight.GroupMembershipArgs>;
  securityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  sourceEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  sourceIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  returnIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  vpcRole?: Override<aws.iam.RoleArgs>;
  vpcPolicy?: Override<aws.iam.RolePolicyArgs>;
  vpcConnection?: Override<aws.quicksight.VpcConnectionArgs>;
  secretsPolicy?: Override<aws.iam.RolePolicyArgs>;
  sourceRoles?: Override<aws.iam.RoleArgs>;
  sourcePolicies?: Override<aws.iam.RolePolicyArgs>;
  dataSources?: Override<aws.quicksight.DataSourceArgs>;
  dataSets?: Override<aws.quicksight.DataSetArgs>;
  refreshSchedules?: Override<aws.quicksight.RefreshScheduleArgs>;
  dashboards?: Override<aws.cloudcontrol.ResourceArgs>;
  cidrIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
}
