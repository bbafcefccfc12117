import { foldAccess, type FoldedAccess } from "../shared/access";
import { Faults } from "../shared/check";
import { checkCommon, checkDataSet, checkExternal, checkQuickSight } from "./check";
import type { DashboardsArgs } from "./dashboards";
import { columnType } from "./columns";
import { type Definition, readDefinition } from "./definition";
import type { AthenaSource, DashboardTable, DashboardTool, DatabaseSource } from "./types";

/** A data set with every default filled in. */
export interface SettledDataSet {
  readonly name: string;
  readonly source: string;
  readonly table: DashboardTable;
  readonly title: string;
  readonly mode: "spice" | "direct";
  readonly refresh: { readonly at: string; readonly timezone: string };
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A dashboard with its file read. */
export interface SettledDashboard {
  readonly name: string;
  readonly title: string;
  readonly definition: Definition;
  /** Data set by the identifier that the definition calls it by. */
  readonly dataSets: Readonly<Record<string, string>>;
}

/** The arguments of Dashboards: checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: DashboardsArgs;
  readonly tool: DashboardTool;
  readonly namespace: string;
  readonly authors: readonly string[];
  readonly readers: readonly string[];
  readonly athena: readonly (AthenaSource & { readonly name: string; readonly access: FoldedAccess })[];
  readonly databases: readonly (DatabaseSource & { readonly name: string })[];
  readonly dataSets: readonly SettledDataSet[];
  readonly dashboards: readonly SettledDashboard[];
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: DashboardsArgs): Settled {
  const faults = new Faults("Dashboards", name);
  const tool = args.tool ?? "quicksight";
  const quicksight = args.quicksight ?? {};
  const sources = Object.entries(args.sources);
  const settled: Settled = {
    name,
    args,
    tool,
    namespace: quicksight.subscription?.namespace ?? "default",
    authors: quicksight.authors ?? [],
    readers: quicksight.readers ?? [],
    athena: sources.flatMap(([source, given]) =>
      given.kind === "athena"
        ? [{ ...given, name: source, access: foldAccess(`${name}-${source}`, given.uses, {}, faults) }]
        : [],
    ),
    databases: sources.flatMap(([source, given]) => (given.kind === "athena" ? [] : [{ ...given, name: source }])),
    dataSets: Object.entries(quicksight.dataSets ?? {}).map(([dataSet, given]) => ({
      name: dataSet,
      source: given.source,
      table: given.table,
      title: given.title ?? dataSet,
      mode: given.mode ?? "spice",
      refresh: given.refresh ?? { at: "06:00", timezone: "UTC" },
      columns: [...given.table.columns, ...(given.table.partitions ?? [])].map((column) => ({
        name: column.name,
        type: columnType(column.type) ?? "",
      })),
    })),
    dashboards: settleDashboards(args, faults),
  };
  checkCommon(settled, faults);
  if (tool === "quicksight") checkQuickSight(settled, faults);
  if (tool === "external") checkExternal(args, faults);
  for (const dataSet of settled.dataSets) checkDataSet(settled, dataSet, faults);
  faults.raise();
  return settled;
}

function settleDashboards({ quicksight }: DashboardsArgs, faults: Faults): SettledDashboard[] {
  const known = Object.keys(quicksight?.dataSets ?? {});
  return Object.entries(quicksight?.dashboards ?? {}).flatMap(([name, given]) => {
    const path = `quicksight.dashboards.${name}`;
    const definition = readDefinition(given.definition);
    if (typeof definition === "string") {
      const cure = "save it with aws quicksight describe-dashboard-definition";
      faults.add(`${path}.definition`, given.definition, definition, cure);
      return [];
    }
    const dataSets = Object.fromEntries(
      definition.identifiers.map((identifier) => [identifier, given.dataSets?.[identifier] ?? identifier]),
    );
    for (const [identifier, dataSet] of Object.entries(dataSets)) {
      if (known.includes(dataSet)) continue;
      const cure = `the definition calls a data set ${JSON.stringify(identifier)}: say which one that is`;
      faults.add(
        `${path}.dataSets`,
        dataSet,
        known.length === 0 ? "none, there are no data sets" : known.join(", "),
        cure,
      );
    }
    for (const identifier of Object.keys(given.dataSets ?? {})) {
      if (definition.identifiers.includes(identifier)) continue;
      faults.add(
        `${path}.dataSets`,
        identifier,
        definition.identifiers.join(", "),
        "the definition has no such identifier",
      );
    }
    return [{ name, title: given.title ?? name, definition, dataSets }];
  });
}
