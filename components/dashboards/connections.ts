import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Settled } from "./settle";
import type { DashboardsNodes } from "./types";

/** How the tool connects, by source. */
export function connectionsOf(
  parent: pulumi.Resource,
  s: Settled,
  nodes: DashboardsNodes,
): Record<string, Record<string, pulumi.Output<string>>> {
  const athena = s.athena.map((source) => [
    source.name,
    {
      region: aws.getRegionOutput({}, { parent }).region,
      workgroup: pulumi.output(source.workGroupName),
      roleArn: pulumi.output(nodes.sourceRoles[source.name]?.arn ?? ""),
      ...(s.args.external?.externalId !== undefined && { externalId: pulumi.output(s.args.external.externalId) }),
    },
  ]);
  const databases = s.databases.map((source) => [
    source.name,
    {
      host: pulumi.output(source.host),
      port: pulumi.output(String(source.port)),
      database: pulumi.output(source.databaseName),
      secretArn: pulumi.output(source.login.secretArn),
      tls: pulumi.output("required"),
    },
  ]);
  return Object.fromEntries([...athena, ...databases]) as Record<string, Record<string, pulumi.Output<string>>>;
}
