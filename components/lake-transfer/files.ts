import type { LakeTable } from "../data-lake/types";
import { Faults } from "../shared/check";
import type { Settled } from "./settle";
import { folderOf } from "./states";
import type { SnapshotSource } from "./types";

/** Where a table of the database is in each export: `<database>/<schema>.<table>/`, with MySQL `<database>.<table>`. */
export function exportedFolder({ databaseName }: Pick<SnapshotSource, "databaseName">, source: string): string {
  return `${databaseName}/${source.includes(".") ? source : `${databaseName}.${source}`}/`;
}

/** The lake's table, with the place of the files that the transfer writes for it. */
export function transferredTable({ name, args }: Settled, source: string | undefined): LakeTable {
  const from = args.source;
  if (from.kind === "table") return { ...from.into, files: [`${folderOf(name)}/*`] };
  const table = source === undefined ? undefined : from.tables[source];
  if (source !== undefined && table !== undefined) {
    return { ...table, files: [`${folderOf(name)}/*/${exportedFolder(from.cluster, source)}*`] };
  }
  const faults = new Faults("LakeTransfer", name);
  faults.add("table", source, Object.keys(from.tables).join(", "), "add it to source.tables, or correct the name");
  faults.raise();
  throw new Error("unreachable: the fault was raised");
}
