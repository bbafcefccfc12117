import * as aws from "@pulumi/aws";
import { type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";

import type { LoggedBucket } from "../shared/bucket";
import { Faults } from "../shared/check";
import { override } from "../shared/override";
import { icebergType } from "./column-type";
import { fileFormats } from "./format";
import { projectionParameters } from "./projection";
import type { Settled, SettledTable } from "./settle";
import type { DataLakeNodes, LakeTable, LakeZone } from "./types";

export type Databases = DataLakeNodes["databases"];
export type Buckets = Readonly<Record<LakeZone, LoggedBucket>>;

/** A Glue database for each zone. */
export function createDatabases(parent: Resource, s: Settled, buckets: Buckets): Databases {
  const make = (zone: LakeZone): aws.glue.CatalogDatabase =>
    new aws.glue.CatalogDatabase(
      `${s.name}-${zone}-database`,
      override<aws.glue.CatalogDatabaseArgs>(
        {
          // A contract: queries name it.
          name: databaseName(s, zone),
          description: `Zone ${zone} of ${s.name}`,
          locationUri: interpolate`s3://${buckets[zone].bucket.bucket}/`,
        },
        s.args.transform?.databases,
      ),
      { parent },
    );
  return { raw: make("raw"), curated: make("curated"), analytics: make("analytics") };
}

function databaseName(s: Settled, zone: LakeZone): string {
  return `${s.databasePrefix}_${zone}`;
}

/** The typed tables, by name. */
export function createTables(
  parent: Resource,
  s: Settled,
  databases: Databases,
  buckets: Buckets,
): DataLakeNodes["tables"] {
  return Object.fromEntries(
    s.tables.map((table) => {
      const location = locationOf(table, buckets);
      const place = {
        name: table.name,
        databaseName: databases[table.zone].name,
        ...(table.description !== undefined && { description: table.description }),
      };
      const made = new aws.glue.CatalogTable(
        `${s.name}-${table.name}-table`,
        override<aws.glue.CatalogTableArgs>(
          { ...place, ...(table.iceberg === undefined ? filesArgs(table, location) : icebergArgs(table, location)) },
          s.args.transform?.tables,
        ),
        {
          parent,
          // Glue writes Iceberg's metadata at creation; every commit changes the entry, and a change of ours would be lost
          // or would break the table.
          ...(table.iceberg !== undefined && { ignoreChanges: icebergOwned, protect: s.args.keep }),
          // Glue writes the first metadata file with the deployer's rights.
          dependsOn: [buckets[table.zone].policy, buckets[table.zone].encryption],
        },
      );
      return [table.name, made];
    }),
  );
}

/** What SQL changes after an Iceberg table is there. */
const icebergOwned = ["openTableFormatInput", "parameters", "storageDescriptor", "partitionKeys", "tableType", "owner"];

function filesArgs(table: SettledTable, location: Input<string>): Omit<aws.glue.CatalogTableArgs, "databaseName"> {
  const format = fileFormats[table.format];
  return {
    // Without a type Athena refuses ALTER TABLE and SHOW CREATE TABLE.
    tableType: "EXTERNAL_TABLE",
    parameters: { EXTERNAL: "TRUE", classification: table.format, ...projectionParameters(table.rules) },
    partitionKeys: table.partitions.map(({ name, type }) => ({ name, type })),
    storageDescriptor: {
      location,
      columns: table.columns.map(({ name, type }) => ({ name, type })),
      inputFormat: format.inputFormat,
      outputFormat: format.outputFormat,
      serDeInfo: { serializationLibrary: format.serializationLibrary, parameters: { ...format.parameters } },
    },
  };
}

function icebergArgs(table: SettledTable, location: Input<string>): Omit<aws.glue.CatalogTableArgs, "databaseName"> {
  const idOf = (column: string): number => table.columns.findIndex(({ name }) => name === column) + 1;
  const partitions = table.iceberg?.partitions ?? [];
  return {
    openTableFormatInput: {
      icebergInput: {
        metadataOperation: "CREATE",
        version: "2",
        icebergTableInput: {
          location,
          schema: {
            schemaId: 0,
            type: "struct",
            fields: table.columns.map(({ name, type }) => ({
              id: idOf(name),
              name,
              required: false,
              // A JSON document, here a text.
              type: JSON.stringify(icebergType(type)),
            })),
          },
          ...(partitions.length > 0 && {
            partitionSpec: {
              specId: 0,
              fields: partitions.map(({ column, transform = "identity" }, index) => ({
                // Iceberg specification, "Partitioning": ids of partition fields begin at 1000.
                fieldId: 1000 + index,
                sourceId: idOf(column),
                // Iceberg refuses the name of a column for anything but its identity.
                name: transform === "identity" ? column : `${column}_${/^[a-z]+/.exec(transform)?.[0] ?? ""}`,
                transform,
              })),
            },
          }),
          // What Athena writes when it makes the table itself.
          properties: { "format-version": "2", "write.format.default": "parquet" },
        },
      },
    },
  };
}

function locationOf(table: SettledTable, buckets: Buckets): Output<string> {
  return interpolate`s3://${buckets[table.zone].bucket.bucket}/${table.prefix}/`;
}

/** The tables as other components take them. */
export function describeTables(
  s: Settled,
  tables: DataLakeNodes["tables"],
  buckets: Buckets,
): Readonly<Record<string, LakeTable>> {
  return Object.fromEntries(
    s.tables.flatMap((table) => {
      const made = tables[table.name];
      if (made === undefined) return [];
      const { zone, columns, partitions } = table;
      const described: LakeTable = {
        zone,
        columns,
        partitions,
        databaseName: made.databaseName,
        tableName: made.name,
        location: locationOf(table, buckets),
        format: table.iceberg === undefined ? table.format : "iceberg",
      };
      return [[table.name, described]];
    }),
  );
}

/** The table of that name, as `lake.table("orders")` gives it. */
export function tableCalled(lake: string, tables: Readonly<Record<string, LakeTable>>, name: string): LakeTable {
  const table = tables[name];
  if (table !== undefined) return table;
  const faults = new Faults("DataLake", lake);
  faults.add("table", name, Object.keys(tables).join(", "), "declare it in tables, or correct the name");
  faults.raise();
  throw new Error("unreachable: the fault was raised");
}
