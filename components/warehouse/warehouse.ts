import * as pulumi from "@pulumi/pulumi";

import type { LakePlacement, LakeZone } from "../data-lake/types";
import type { Access, SecretReference } from "../shared/access";
import { queryAccess } from "./access";
import { createForeign } from "./foreign";
import { createRedshift } from "./redshift";
import { settingsOf } from "./settings";
import { settle } from "./settle";
import { createSetup } from "./setup";
import {
  type BigQueryOptions,
  noNodes,
  type RedshiftOptions,
  type SnowflakeOptions,
  type WarehouseEndpoint,
  type WarehouseEngine,
  type WarehouseLogin,
  type WarehouseNodes,
  type WarehouseTransform,
  type ZonedNetwork,
} from "./types";

export type * from "./types";

/** What a Warehouse is made of. */
export interface WarehouseArgs {
  /** The lake that it answers from. DataLake fits. */
  lake: LakePlacement;
  /** What answers the SQL. With another engine the old one goes, with the tables of its own. @default "athena" */
  engine?: WarehouseEngine;
  /** Zones of the lake that it reads. @default ["curated", "analytics"] */
  zones?: LakeZone[];
  /** Network with subnets in three availability zones; Redshift alone lives in it. @default none */
  network?: ZonedNetwork;
  /** Sizes and limits of Redshift Serverless. @default see RedshiftOptions */
  redshift?: RedshiftOptions;
  /** Who Google is, and what it may read. @default the first of two steps */
  bigquery?: BigQueryOptions;
  /** Who Snowflake is, and what it may read. @default the first of two steps */
  snowflake?: SnowflakeOptions;
  /** Secret that services sign in to BigQuery or Snowflake with; `query` hands it on. @default none */
  credentials?: SecretReference;
  /** ARN of the stack's KMS key, which encrypts what Redshift keeps, its logs and secrets. */
  keyArn: pulumi.Input<string>;
  /** Protects Redshift's data, logs and secrets from deletion. */
  keep: boolean;
  /** ARN of the SNS topic that the usage alarm tells. */
  alarmTopicArn: pulumi.Input<string>;
  /** Last say on each child's arguments; an entry of a list applies to each of its members. */
  transform?: WarehouseTransform;
}

/**
 * Answers SQL over the lake, by one of four engines behind one interface: Athena, where nothing extra runs, Redshift
 * Serverless, or BigQuery and Snowflake, for which it makes what they need on AWS's side.
 */
export class Warehouse extends pulumi.ComponentResource {
  /** What answers the SQL. */
  public readonly engine: WarehouseEngine;
  /** Ask questions: for services and BI tools. Sets `ENGINE` and where to ask. */
  public readonly query: Access;
  /** What the other side needs, by name: address and workgroup, or the role, locations and statements to paste. */
  public readonly settings: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where Redshift listens; undefined with another engine. */
  public readonly endpoint: WarehouseEndpoint | undefined;
  /** Users with a password, by name. */
  public readonly logins: Readonly<Record<string, WarehouseLogin>>;
  /** The resources themselves. */
  public readonly nodes: WarehouseNodes;

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:Warehouse", name, {}, opts);

    this.engine = settled.engine;
    const { redshift } = settled;
    // Settling has seen that Redshift has its network.
    if (redshift !== undefined && args.network !== undefined) {
      const made = createRedshift(this, settled, redshift, args.network);
      const setup = createSetup(this, settled, redshift, made);
      this.nodes = { ...noNodes, ...made, ...setup };
      this.endpoint = {
        host: made.workgroup.endpoints.apply(([endpoint]) => endpoint?.address ?? ""),
        port: 5439,
        databaseName: redshift.databaseName,
        securityGroupId: made.securityGroup.id,
      };
      this.logins = Object.fromEntries(
        redshift.passwordUsers.map((user, i) => [
          user,
          // Who takes the secret waits for the user to be there, and its password in it.
          { user, secretArn: whenSetUp(setup.setupInvocation, made.passwordSecrets[i]?.arn), keyArn: args.keyArn },
        ]),
      );
    } else {
      this.nodes = { ...noNodes, ...createForeign(this, settled) };
      this.endpoint = undefined;
      this.logins = {};
    }
    this.query = queryAccess(settled, this.nodes, this.endpoint);
    this.settings = settingsOf(this, settled, this.nodes, this.endpoint);
    this.registerOutputs({ engine: this.engine, settings: this.settings });
  }
}

/** The function's name is known in a preview, its answer is not. */
function whenSetUp(
  invocation: WarehouseNodes["setupInvocation"],
  value: pulumi.Output<string> | undefined,
): pulumi.Output<string> {
  return pulumi.all([invocation?.functionName, value]).apply(([, known]) => known ?? "");
}
