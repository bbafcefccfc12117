import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { locationOf } from "./foreign";
import type { Settled } from "./settle";
import type { WarehouseEndpoint, WarehouseNodes } from "./types";

type Settings = Record<string, pulumi.Output<string>>;

/** What the other side needs, by name. */
export function settingsOf(
  parent: pulumi.Resource,
  s: Settled,
  nodes: WarehouseNodes,
  endpoint: WarehouseEndpoint | undefined,
): Settings {
  const { lakeRole, workgroup, namespace } = nodes;
  if (endpoint !== undefined && workgroup !== undefined && namespace !== undefined) {
    return {
      host: pulumi.output(endpoint.host),
      port: pulumi.output(String(endpoint.port)),
      database: pulumi.output(endpoint.databaseName),
      workgroup: workgroup.workgroupName,
      adminSecretArn: namespace.adminPasswordSecretArn,
      schemas: pulumi.output(s.zones.map((zone) => `lake_${zone}`).join(", ")),
    };
  }
  if (lakeRole === undefined) {
    return {
      workgroup: pulumi.output(s.args.lake.workGroupName),
      region: aws.getRegionOutput({}, { parent }).region,
      databases: pulumi.all(s.zones.map((zone) => s.args.lake.zones[zone].databaseName)).apply((all) => all.join(", ")),
    };
  }
  const locations = pulumi.all(s.zones.map((zone) => locationOf(s, zone)));
  const common = { roleArn: lakeRole.arn, locations: locations.apply((all) => all.join(", ")) };
  return s.snowflake === undefined
    ? { ...common, nextStep: pulumi.output(bigQueryStep(s)) }
    : {
        ...common,
        createIntegration: snowflakeSql(s.name, lakeRole.arn, locations),
        nextStep: pulumi.output(snowflakeStep(s)),
      };
}

function snowflakeSql(
  name: string,
  roleArn: pulumi.Output<string>,
  locations: pulumi.Output<string[]>,
): pulumi.Output<string> {
  const integration = name.toUpperCase().replaceAll("-", "_");
  return pulumi
    .all([roleArn, locations])
    .apply(([role, all]) =>
      [
        `CREATE STORAGE INTEGRATION IF NOT EXISTS ${integration}`,
        "  TYPE = EXTERNAL_STAGE",
        "  STORAGE_PROVIDER = 'S3'",
        "  ENABLED = TRUE",
        `  STORAGE_AWS_ROLE_ARN = '${role}'`,
        `  STORAGE_ALLOWED_LOCATIONS = (${all.map((location) => `'${location}'`).join(", ")});`,
        `DESC INTEGRATION ${integration};`,
      ].join("\n"),
    );
}

function snowflakeStep({ snowflake }: Settled): string {
  if (snowflake?.userArn === undefined) {
    return (
      "Step 1 of 2 is done: the role trusts nobody. Run createIntegration in Snowflake, set snowflake.userArn and " +
      "snowflake.externalId to what DESC INTEGRATION shows, and deploy again."
    );
  }
  const pipe =
    "Both steps are done. For Snowpipe set snowflake.snowpipeQueueArn to notification_channel of SHOW PIPES.";
  return snowflake.snowpipeQueueArn === undefined
    ? pipe
    : "Both steps are done, and new files are announced to Snowpipe.";
}

function bigQueryStep({ bigquery }: Settled): string {
  if (bigquery?.subjectId !== undefined) return "Both steps are done.";
  const [what, shows] =
    bigquery?.reader === "omni"
      ? ["make a BigQuery connection of type AWS with roleArn", "the connection's identity"]
      : ["call googleServiceAccounts.get of Storage Transfer Service", "its subjectId"];
  return `Step 1 of 2 is done: the role trusts nobody. In Google Cloud ${what}, set bigquery.subjectId to ${shows}, and deploy again.`;
}
