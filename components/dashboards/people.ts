import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled } from "./settle";
import type { DashboardsNodes } from "./types";

/** The two groups, and who is in them. */
export interface People extends Pick<DashboardsNodes, "memberships"> {
  readonly authorsGroup: aws.quicksight.Group;
  readonly readersGroup: aws.quicksight.Group;
}

export function createGroups(parent: pulumi.Resource, s: Settled): People {
  const { name, args, namespace } = s;
  const transform = args.transform ?? {};
  const region = args.quicksight?.subscription?.identityRegion;
  // Users and groups exist in one region of the account, whichever region shows them dashboards.
  const place = { namespace, ...(region !== undefined && { region }) };
  const group = (kind: "authors" | "readers", description: string): aws.quicksight.Group =>
    new aws.quicksight.Group(
      `${name}-${kind}`,
      override<aws.quicksight.GroupArgs>(
        { groupName: `${name}-${kind}`, description, ...place },
        transform[`${kind}Group`],
      ),
      { parent },
    );
  const authorsGroup = group("authors", `Make analyses of the data sets of ${name}`);
  const readersGroup = group("readers", `See the dashboards of ${name}`);
  const member = (kind: "author" | "reader", groupName: pulumi.Output<string>, user: string) =>
    new aws.quicksight.GroupMembership(
      `${name}-${kind}-${user}`,
      override<aws.quicksight.GroupMembershipArgs>({ groupName, memberName: user, ...place }, transform.memberships),
      { parent },
    );
  return {
    authorsGroup,
    readersGroup,
    memberships: [
      ...s.authors.map((user) => member("author", authorsGroup.groupName, user)),
      ...s.readers.map((user) => member("reader", readersGroup.groupName, user)),
    ],
  };
}

/** A permission of QuickSight's own: actions for one group. */
export interface Permission {
  readonly principal: pulumi.Output<string>;
  readonly actions: string[];
}

/** AWS: QuickSight API reference, ResourcePermission: the sets that make a viewer; others are refused. */
const viewing = {
  dataSource: ["DescribeDataSource", "DescribeDataSourcePermissions", "PassDataSource"],
  dataSet: ["DescribeDataSet", "DescribeDataSetPermissions", "PassDataSet", "DescribeIngestion", "ListIngestions"],
  dashboard: ["DescribeDashboard", "ListDashboardVersions", "QueryDashboard"],
} as const;

/** What a group may do: use what it is shown, and change nothing. */
export function permission(kind: keyof typeof viewing, group: aws.quicksight.Group): Permission {
  return { principal: group.arn, actions: viewing[kind].map((action) => `quicksight:${action}`) };
}
