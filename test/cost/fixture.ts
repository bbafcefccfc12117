import { estimate } from "../../cost/estimate";
import type { Item, Unknown } from "../../cost/pricer";
import { type PriceTable, readPrices } from "../../cost/prices";
import { rules } from "../../cost/rules/index";
import type { Estimate } from "../../cost/types";
import { parseUsage, type StackUsage } from "../../cost/usage";
import type { PlannedResource } from "../../plan/run";

export const tokyo = "ap-northeast-1";
const provider: PlannedResource = {
  urn: "urn:pulumi:test::shop::pulumi:providers:aws::aws",
  type: "pulumi:providers:aws",
  name: "aws",
  custom: true,
  parent: "",
  provider: "",
  inputs: { region: tokyo },
  options: {},
  dependencies: [],
  propertyDependencies: {},
};

interface Given {
  readonly inputs?: PlannedResource["inputs"];
  readonly parent?: PlannedResource;
  /** Resources that a property refers to. */
  readonly refers?: Record<string, readonly PlannedResource[]>;
}

/** A resource of a plan. */
export function resource(
  type: string,
  name: string,
  { inputs = {}, parent, refers = {} }: Given = {},
): PlannedResource {
  const urns = (of: readonly PlannedResource[]): string[] => of.map(({ urn }) => urn);
  return {
    urn: `urn:pulumi:test::shop::${type}::${name}`,
    type,
    name,
    custom: type.startsWith("aws:"),
    parent: parent?.urn ?? "",
    provider: `${provider.urn}::id`,
    inputs,
    options: {},
    dependencies: [],
    propertyDependencies: Object.fromEntries(Object.entries(refers).map(([key, of]) => [key, urns(of)])),
  };
}

const zeros = `
network: { natGb: 0, endpointGb: 0, betweenZonesGb: 0, outGb: 0, flowLogGb: 0 }
web: { millionRequests: 0, kilobytesPerResponse: 0, capacityUnits: 0 }
tasks: { spotShareOfPrice: 0, scaleOut: 0, minutesPerRun: 0 }
functions: { thousandInvocations: 0, milliseconds: 0 }
database: { activeHours: 0, averageAcu: 0, storageGb: 0, millionIo: 0, backupGb: 0 }
tables: { millionReads: 0, millionWrites: 0, storageGb: 0 }
buckets: { storageGb: 0, thousandPuts: 0, thousandGets: 0 }
images: { storageGb: 0 }
keys: { thousandRequests: 0 }
secrets: { thousandRequests: 0 }
users: { monthlyActive: 0 }
logs: { gbPerGroup: 0, storedShare: 0 }
messages: { thousandPerTopic: 0, thousandPerQueue: 0, thousandMails: 0 }
stream: { millionEvents: 0, kilobytesPerEvent: 0, readers: 0 }
lake: { scannedTb: 0, optimizerDpuHours: 0 }
etl: { runs: 0, minutesPerRun: 0, transitionsPerRun: 0 }
warehouse: { activeHours: 0, storageGb: 0 }
dashboards: { authors: 0, readers: 0 }
ai: { millionInputTokens: 0, millionOutputTokens: 0, thousandRequests: 0, secondsPerRequest: 0, asyncHours: 0 }
trail: { thousandDataEvents: 0 }
`;

/** A month in which nothing happens but what `changes` says, as lines of YAML by area. */
export function usage(changes = ""): StackUsage {
  const own = changes === "" ? "" : `stacks:\n  test:\n${changes.replaceAll(/^/gm, "    ")}`;
  return parseUsage(`defaults:\n${zeros.trim().replaceAll(/^/gm, "  ")}\n${own}`, "test");
}

/** What resources cost, at the prices of `prices/`. */
export function costOf(
  resources: readonly PlannedResource[],
  changes = "",
  prices: (region: string) => PriceTable = (region) => readPrices(region),
): Estimate {
  return estimate({ stack: "test", resources: [provider, ...resources] }, { usage: usage(changes), prices });
}

/** The price of one position in the table. */
export function price(key: string, region = tokyo): number {
  return readPrices(region).prices[key]?.price ?? Number.NaN;
}

const named = (price: Item["price"]): string =>
  typeof price === "string" ? price : `${price.usdPerUnit} USD/${price.unit}`;

/** What a rule makes of a resource among others: `what: quantity x price`, as expected. */
export function items(of: PlannedResource, changes = "", others: readonly PlannedResource[] = []): string[] {
  const all = [of, ...others];
  const find = (urn: string): PlannedResource | undefined => all.find((each) => each.urn === urn);
  const found: readonly (Item | Unknown)[] =
    rules[of.type]?.(of, {
      usage: usage(changes).of(""),
      refersTo: (from, property, type) =>
        (from.propertyDependencies[property] ?? [])
          .map(find)
          .filter((each): each is PlannedResource => each?.type === type),
      referredBy: (to, type, property) =>
        all.filter((each) => each.type === type && each.propertyDependencies[property]?.includes(to.urn) === true),
    }) ?? [];
  return found.map((item) =>
    item.kind === "unpriced"
      ? `${item.what}: unpriced, ${item.because}`
      : `${item.kind} ${item.what}: ${Number(item.quantity.expected.toPrecision(10))} x ${named(item.price)}`,
  );
}
