import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { placeOf, unique } from "../task/iam";
import type { ConnectionNodes } from "./network";
import { type People, permission } from "./people";
import type { Settled } from "./settle";
import type { DashboardsNodes } from "./types";

type SourceNodes = Pick<DashboardsNodes, "secretsPolicy" | "sourceRoles" | "sourcePolicies" | "dataSources">;
type Source = Settled["athena"][number] | Settled["databases"][number];

const types = { athena: "ATHENA", redshift: "REDSHIFT", auroraPostgresql: "AURORA_POSTGRESQL", auroraMysql: "AURORA" };

export function createDataSources(
  parent: pulumi.Resource,
  s: Settled,
  people: People,
  connection: ConnectionNodes,
): SourceNodes {
  const { name, args } = s;
  const secretsPolicy = createSecretsPolicy(parent, s);
  const roles = createSourceRoles(parent, s, assumableBy("quicksight.amazonaws.com"));
  const dataSources = [...s.athena, ...s.databases].map((source) => [
    source.name,
    new aws.quicksight.DataSource(
      `${name}-${source.name}`,
      override<aws.quicksight.DataSourceArgs>(
        {
          dataSourceId: `${name}-${source.name}`,
          name: source.name,
          type: types[source.kind],
          // To whoever is in a group, never to a user: people come and go.
          permissions: [permission("dataSource", people.authorsGroup)],
          sslProperties: { disableSsl: false },
          ...place(source, roles.sourceRoles, connection),
        },
        args.transform?.dataSources,
      ),
      // QuickSight tries the source when it is made.
      {
        parent,
        dependsOn: [
          secretsPolicy,
          ...Object.values(roles.sourcePolicies),
          ...Object.values(connection.sourceEgress ?? {}),
          ...Object.values(connection.sourceIngress ?? {}),
          ...Object.values(connection.returnIngress ?? {}),
        ].filter((child) => child !== undefined),
      },
    ),
  ]) satisfies [string, aws.quicksight.DataSource][];
  return { secretsPolicy, ...roles, dataSources: Object.fromEntries(dataSources) };
}

/** How QuickSight gets there: by a role, or through the network with a password. */
function place(
  source: Source,
  roles: SourceNodes["sourceRoles"],
  connection: ConnectionNodes,
): Pick<aws.quicksight.DataSourceArgs, "parameters" | "credentials" | "vpcConnectionProperties"> {
  if (source.kind === "athena") {
    const role = roles[source.name];
    return {
      parameters: {
        athena: { workGroup: source.workGroupName, ...(role !== undefined && { roleArn: role.arn }) },
      },
    };
  }
  const { host, port, databaseName: database, login } = source;
  const at = { host, port, database };
  return {
    parameters:
      source.kind === "redshift"
        ? { redshift: at }
        : source.kind === "auroraPostgresql"
          ? { auroraPostgresql: at }
          : { aurora: at },
    credentials: { secretArn: login.secretArn },
    ...(connection.vpcConnection !== undefined && {
      vpcConnectionProperties: { vpcConnectionArn: connection.vpcConnection.arn },
    }),
  };
}

/** A role for each source that is asked with a role's rights, and these rights. */
export function createSourceRoles(
  parent: pulumi.Resource,
  { name, args, athena }: Settled,
  assumeRolePolicy: aws.iam.PolicyDocument,
): Pick<SourceNodes, "sourceRoles" | "sourcePolicies"> {
  const more = athena.length === 0 ? [] : browsing(parent);
  const made = athena.map((source) => {
    const role = new aws.iam.Role(
      `${name}-${source.name}-role`,
      override<aws.iam.RoleArgs>(
        { description: `${name}: asks ${source.name}`, assumeRolePolicy },
        args.transform?.sourceRoles,
      ),
      { parent },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-${source.name}-policy`,
      override<aws.iam.RolePolicyArgs>(
        { role: role.name, policy: policyDocument([...source.access.statements, ...more]) },
        args.transform?.sourcePolicies,
      ),
      { parent },
    );
    return { name: source.name, role, policy };
  });
  return {
    sourceRoles: Object.fromEntries(made.map((each) => [each.name, each.role])),
    sourcePolicies: Object.fromEntries(made.map((each) => [each.name, each.policy])),
  };
}

/** Rights to look around, which tools want before they ask: names of databases; what is in them is the access's to say. */
function browsing(parent: pulumi.Resource): aws.iam.PolicyStatement[] {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const arn = (service: string, resource: string) =>
    pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return [
    {
      Effect: "Allow",
      Action: ["athena:ListDataCatalogs", "athena:ListWorkGroups"],
      Resource: "*", // The actions know no resources.
    },
    {
      Effect: "Allow",
      Action: [
        "athena:GetDataCatalog",
        "athena:GetDatabase",
        "athena:GetTableMetadata",
        "athena:ListDatabases",
        "athena:ListTableMetadata",
      ],
      Resource: arn("athena", "datacatalog/AwsDataCatalog"),
    },
    { Effect: "Allow", Action: "glue:GetDatabases", Resource: [arn("glue", "catalog"), arn("glue", "database/*")] },
  ];
}

/** Lets QuickSight's role of the account read these secrets: it has no right to any until then. */
function createSecretsPolicy(
  parent: pulumi.Resource,
  { name, args, databases }: Settled,
): SourceNodes["secretsPolicy"] {
  const role = args.quicksight?.subscription?.secretsRoleName;
  const [first] = databases;
  if (role === undefined || first === undefined) return undefined;
  const { region } = placeOf(first.login.secretArn);
  return new aws.iam.RolePolicy(
    `${name}-secrets-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role,
        policy: policyDocument([
          {
            Effect: "Allow",
            Action: "secretsmanager:GetSecretValue",
            Resource: unique(databases.map(({ login }) => login.secretArn)),
          },
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: unique(databases.map(({ login }) => login.keyArn)),
            Condition: {
              StringEquals: { "kms:ViaService": pulumi.interpolate`secretsmanager.${region}.amazonaws.com` },
            },
          },
        ]),
      },
      args.transform?.secretsPolicy,
    ),
    { parent },
  );
}
