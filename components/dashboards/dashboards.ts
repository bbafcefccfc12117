import * as pulumi from "@pulumi/pulumi";

import type { NetworkPlacement } from "../shared/placement";
import { connectionsOf } from "./connections";
import { createDashboards, createDataSets } from "./content";
import { createExternal } from "./external";
import { createVpcConnection } from "./network";
import { createGroups } from "./people";
import { settle } from "./settle";
import { createDataSources } from "./sources";
import {
  type DashboardSource,
  type DashboardsNodes,
  type DashboardsTransform,
  type DashboardTool,
  type ExternalOptions,
  noNodes,
  type QuickSightOptions,
} from "./types";

export type * from "./types";

/** What Dashboards is made of. */
export interface DashboardsArgs {
  /** Who shows the dashboards. @default "quicksight" */
  tool?: DashboardTool;
  /** Where data comes from, by name. */
  sources: Record<string, DashboardSource>;
  /** Network of the sources that are databases; QuickSight reaches them from its isolated subnets. @default none */
  network?: NetworkPlacement;
  /** What QuickSight shows, and to whom. @default sources and empty groups */
  quicksight?: QuickSightOptions;
  /** Who asks from outside, and from where. @default nobody */
  external?: ExternalOptions;
  /** Last say on each child's arguments; where there are many, applied to each. */
  transform?: DashboardsTransform;
}

/**
 * Dashboards over the lake, the warehouse and the database: in QuickSight, with data sets, groups and dashboards kept as
 * files, or in a tool outside of AWS, which is given rights to read and a way in.
 */
export class Dashboards extends pulumi.ComponentResource {
  /** How the tool connects, by source: addresses, workgroups, roles and secrets. */
  public readonly connections: Readonly<Record<string, Readonly<Record<string, pulumi.Output<string>>>>>;
  /** Group whose users make analyses; undefined with an external tool. */
  public readonly authorsGroupName: pulumi.Output<string> | undefined;
  /** Group whose users see the dashboards; undefined with an external tool. */
  public readonly readersGroupName: pulumi.Output<string> | undefined;
  /** Id of each dashboard, by name. */
  public readonly dashboardIds: Readonly<Record<string, string>>;
  /** Commands that save each dashboard as a file, by name: run where it was last changed. */
  public readonly saveCommands: Readonly<Record<string, pulumi.Output<string>>>;
  /** The resources themselves. */
  public readonly nodes: DashboardsNodes;

  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:Dashboards", name, {}, opts);

    if (settled.tool === "quicksight") {
      const people = createGroups(this, settled);
      const connection = createVpcConnection(this, settled);
      const sources = createDataSources(this, settled, people, connection);
      const dataSets = createDataSets(this, settled, people, sources.dataSources);
      const dashboards = createDashboards(this, settled, people, dataSets.dataSets);
      this.nodes = { ...noNodes, ...people, ...connection, ...sources, ...dataSets, dashboards };
      this.saveCommands = Object.fromEntries(
        settled.dashboards.map((dashboard) => [
          dashboard.name,
          pulumi.interpolate`aws quicksight describe-dashboard-definition --aws-account-id ${people.authorsGroup.awsAccountId} --dashboard-id ${name}-${dashboard.name} --query Definition`,
        ]),
      );
    } else {
      this.nodes = { ...noNodes, ...createExternal(this, settled) };
      this.saveCommands = {};
    }
    this.authorsGroupName = this.nodes.authorsGroup?.groupName;
    this.readersGroupName = this.nodes.readersGroup?.groupName;
    this.dashboardIds = Object.fromEntries(settled.dashboards.map((each) => [each.name, `${name}-${each.name}`]));
    this.connections = connectionsOf(this, settled, this.nodes);
    this.registerOutputs({ connections: this.connections, dashboardIds: this.dashboardIds });
  }
}
