import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { type People, permission } from "./people";
import type { Settled, SettledDataSet } from "./settle";
import type { DashboardsNodes } from "./types";

type DataSources = DashboardsNodes["dataSources"];
type DataSets = Pick<DashboardsNodes, "dataSets" | "refreshSchedules">;

/** The data sets, and when their copies are made anew. */
export function createDataSets(parent: pulumi.Resource, s: Settled, people: People, sources: DataSources): DataSets {
  const { name, args } = s;
  const dataSets = Object.fromEntries(
    s.dataSets.map((dataSet) => [
      dataSet.name,
      new aws.quicksight.DataSet(
        `${name}-${dataSet.name}`,
        override<aws.quicksight.DataSetArgs>(dataSetArgs(s, dataSet, people, sources), args.transform?.dataSets),
        { parent },
      ),
    ]),
  );
  const refreshSchedules = Object.fromEntries(
    s.dataSets
      .filter(({ mode }) => mode === "spice")
      .map((dataSet) => [
        dataSet.name,
        new aws.quicksight.RefreshSchedule(
          `${name}-${dataSet.name}-refresh`,
          override<aws.quicksight.RefreshScheduleArgs>(
            {
              dataSetId: dataSets[dataSet.name]?.dataSetId ?? "",
              scheduleId: "daily",
              schedule: {
                refreshType: "FULL_REFRESH",
                scheduleFrequency: {
                  interval: "DAILY",
                  timeOfTheDay: dataSet.refresh.at,
                  timezone: dataSet.refresh.timezone,
                },
              },
            },
            args.transform?.refreshSchedules,
          ),
          { parent },
        ),
      ]),
  );
  return { dataSets, refreshSchedules };
}

function dataSetArgs(
  s: Settled,
  dataSet: SettledDataSet,
  people: People,
  sources: DataSources,
): aws.quicksight.DataSetArgs {
  const { table, columns } = dataSet;
  const athena = s.args.sources[dataSet.source]?.kind === "athena";
  return {
    dataSetId: `${s.name}-${dataSet.name}`,
    name: dataSet.title,
    importMode: dataSet.mode === "spice" ? "SPICE" : "DIRECT_QUERY",
    physicalTableMaps: [
      {
        physicalTableMapId: "table",
        relationalTable: {
          dataSourceArn: sources[dataSet.source]?.arn ?? "",
          // The account's own Glue catalog, as Athena calls it.
          ...(athena && { catalog: "AwsDataCatalog" }),
          schema: table.databaseName,
          name: table.tableName,
          inputColumns: columns.map(({ name, type }) => ({ name, type })),
        },
      },
    ],
    permissions: [permission("dataSet", people.authorsGroup)],
  };
}

/**
 * The dashboards, through Cloud Control: the provider's own type has no definition. Its shape is that of
 * AWS::QuickSight::Dashboard, which is what describe-dashboard-definition prints.
 */
export function createDashboards(
  parent: pulumi.Resource,
  s: Settled,
  people: People,
  dataSets: DataSets["dataSets"],
): DashboardsNodes["dashboards"] {
  const { name, args } = s;
  if (s.dashboards.length === 0) return {};
  // Default tags do not reach what Cloud Control makes.
  const { tags } = aws.getDefaultTagsOutput({}, { parent });
  const viewer = (group: aws.quicksight.Group) => {
    const { principal, actions } = permission("dashboard", group);
    return { Principal: principal, Actions: actions };
  };
  return Object.fromEntries(
    s.dashboards.map((dashboard) => [
      dashboard.name,
      new aws.cloudcontrol.Resource(
        `${name}-${dashboard.name}-dashboard`,
        override<aws.cloudcontrol.ResourceArgs>(
          {
            typeName: "AWS::QuickSight::Dashboard",
            desiredState: pulumi.jsonStringify({
              AwsAccountId: people.authorsGroup.awsAccountId,
              DashboardId: `${name}-${dashboard.name}`,
              Name: dashboard.title,
              VersionDescription: `Definition ${dashboard.definition.version}`,
              Definition: {
                ...dashboard.definition.body,
                DataSetIdentifierDeclarations: Object.entries(dashboard.dataSets).map(([identifier, dataSet]) => ({
                  Identifier: identifier,
                  DataSetArn: dataSets[dataSet]?.arn ?? "",
                })),
              },
              Permissions: [viewer(people.authorsGroup), viewer(people.readersGroup)],
              Tags: tags.apply(tagList),
            }),
          },
          args.transform?.dashboards,
        ),
        { parent },
      ),
    ]),
  );
}

/** Tags as CloudFormation's types want them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
