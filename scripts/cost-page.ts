import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as prettier from "prettier";
import { parseDocument } from "yaml";

import { money } from "../cost/money";
import { costOf } from "../cost/of-plan";
import { hoursAMonth } from "../cost/pricer";
import { readPrices } from "../cost/prices";
import type { Estimate } from "../cost/types";
import { planStack } from "../plan/run";

// docs/cost.md: what the fixtures' stacks cost, and what each of dev's choices saves. `npm run docs` writes it, a test finds
// it stale; the prices are those of prices/, with their date, so that the page changes with them and with the stacks alone.

const root = join(__dirname, "..");
export const costPagePath = join(root, "docs", "cost.md");
const stacks = ["dev", "stg", "prod"] as const;

/** A choice that dev's file makes, and what it could have said. */
interface Choice {
  readonly what: string;
  /** As a reader finds it in the stack file. */
  readonly setting: string;
  readonly otherwise: string;
  /** Where its cost shows. */
  readonly component: string;
  /** The other value, by its place in the file; `undefined` takes it out. */
  readonly edits: readonly (readonly [path: readonly (string | number)[], value: unknown])[];
}

const service = (name: string, key: string): readonly string[] => ["kiban:services", name, key];

export const choices: readonly Choice[] = [
  {
    what: "the way out of the private tier is a small instance that heals itself",
    setting: "`network.nat: instance`",
    otherwise: "a NAT gateway (`single`)",
    component: "network",
    edits: [[["kiban:network", "nat"], "single"]],
  },
  {
    what: "the database pauses when nobody asks",
    setting: "`database.clusters.main.acu.min: 0`",
    otherwise: "it keeps half an ACU (`0.5`)",
    component: "database-main",
    edits: [[["kiban:database", "clusters", "main", "acu", "min"], 0.5]],
  },
  {
    what: "the click stream has one shard",
    setting: "`streams.clicks.shards: 1`",
    otherwise: "on demand",
    component: "clicks",
    edits: [[["kiban:streams", "clicks", "shards"], undefined]],
  },
  {
    what: "the API sleeps at night and at weekends, on Spot",
    setting: "`services.api.capacity: spot`, `scaling.schedules`",
    otherwise: "one task at all hours, on demand",
    component: "api",
    edits: [
      [service("api", "capacity"), "onDemand"],
      [[...service("api", "scaling"), "schedules"], undefined],
    ],
  },
  {
    what: "the worker runs on Spot",
    setting: "`services.worker.capacity: spot`",
    otherwise: "on demand",
    component: "worker",
    edits: [[service("worker", "capacity"), "onDemand"]],
  },
  {
    what: "calls to the model are watched by events, and nobody is woken for it",
    setting: "`ai.ceiling.watch: calls`, `ai.alarms: false`",
    otherwise: "alarms",
    component: "ai",
    edits: [
      [["kiban:ai", "ceiling", "watch"], "alarm"],
      [["kiban:ai", "alarms"], undefined],
    ],
  },
];

/** A stack file with every choice the other way. */
export function withoutChoices(text: string): string {
  const document = parseDocument(text);
  for (const [path, value] of choices.flatMap(({ edits }) => edits)) {
    const place = ["config", ...path];
    if (!document.hasIn(place)) throw new Error(`dev's file has no ${place.join(".")}`);
    if (value === undefined) document.deleteIn(place);
    else document.setIn(place, value);
  }
  return document.toString();
}

/** The project of this checkout with the fixtures' stack files, in a directory of its own. */
function project(): string {
  const directory = mkdtempSync(join(tmpdir(), "kiban-cost-"));
  cpSync(join(root, "test", "fixtures", "stacks"), directory, { recursive: true });
  for (const file of ["Pulumi.yaml", "usage.yaml"]) copyFileSync(join(root, file), join(directory, file));
  symlinkSync(join(root, "index.ts"), join(directory, "index.ts"));
  symlinkSync(join(root, "policy"), join(directory, "policy"));
  return directory;
}

/** Estimates of the fixtures' stacks. */
export interface Estimates {
  readonly stacks: readonly Estimate[];
  /** Of dev, with every choice the other way. */
  readonly before: Estimate;
}

/** Plans the fixtures' stacks, and dev once more without its choices. */
export async function estimateFixtures(): Promise<Estimates> {
  const directory = project();
  const of = async (stack: string): Promise<Estimate> =>
    costOf(await planStack({ projectDir: directory, stack }), directory);
  try {
    const found: Estimate[] = [];
    for (const stack of stacks) found.push(await of(stack));
    const file = join(directory, "Pulumi.dev.yaml");
    writeFileSync(file, withoutChoices(readFileSync(file, "utf8")));
    return { stacks: found, before: await of("dev") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

type Figure = "idle" | "all";

function idleOf({ components }: Estimate, name: string): number {
  return components.find((component) => component.name === name)?.idle.expected ?? 0;
}

function totals(estimates: readonly Estimate[]): string[] {
  const figures = ({ total }: Estimate): string[] =>
    [total.idle.expected, total.all.low, total.all.expected, total.all.high].map(money);
  return [
    "| stack | idle | quiet month | expected | busy month |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...estimates.map((each) => `| ${each.stack} | ${figures(each).join(" | ")} |`),
  ];
}

function choiceRows(dev: Estimate, before: Estimate): string[] {
  const rows = choices.map(({ what, setting, otherwise, component }) => {
    const [was, is] = [idleOf(before, component), idleOf(dev, component)];
    return `| ${what} | ${setting} | ${otherwise} | ${[was, is, was - is].map(money).join(" | ")} |`;
  });
  const [was, is] = [before.total.idle.expected, dev.total.idle.expected];
  return [
    "| choice | in Pulumi.dev.yaml, under `kiban:` | otherwise | before | after | saves |",
    "| --- | --- | --- | ---: | ---: | ---: |",
    ...rows,
    `| **dev, idle, with all that it has** | | | **${money(was)}** | **${money(is)}** | **${money(was - is)}** |`,
  ];
}

function componentRows(estimates: readonly Estimate[]): string[] {
  const names = [...new Set(estimates.flatMap(({ components }) => components.map(({ name }) => name)))];
  const cell = (each: Estimate, name: string, figure: Figure): string => {
    const found = each.components.find((component) => component.name === name);
    return found === undefined ? "" : money(found[figure].expected);
  };
  const free = (each: Estimate, figure: Figure): string =>
    money(each.credits.reduce((all, credit) => all + credit[figure].expected, 0));
  const columns = estimates.flatMap((each) => (["idle", "all"] as const).map((figure) => [each, figure] as const));
  return [
    `| component | ${estimates.map(({ stack }) => `${stack}, idle | ${stack}`).join(" | ")} |`,
    `| --- |${" ---: |".repeat(columns.length)}`,
    ...names.map((name) => `| ${name} | ${columns.map(([each, figure]) => cell(each, name, figure)).join(" | ")} |`),
    `| _free each month_ | ${columns.map(([each, figure]) => free(each, figure)).join(" | ")} |`,
    `| **all** | ${columns.map(([each, figure]) => `**${money(each.total[figure].expected)}**`).join(" | ")} |`,
  ];
}

/** GB a month through a NAT gateway that cost as much as an interface endpoint in one zone. */
function breakEven(): number {
  const { prices } = readPrices("ap-northeast-1");
  const [hour, gb] = [prices["vpce.interface.hour"]?.price ?? 0, prices["nat.gb"]?.price ?? 0];
  return Math.round((hour * hoursAMonth) / gb);
}

function unpricedRows(estimates: readonly Estimate[]): string[] {
  const lines = estimates.flatMap(({ unpriced }) =>
    unpriced.map(({ type, what, because }) => `- \`${type}\`, ${what}: ${because}`),
  );
  return [...new Set(lines)].sort();
}

/** The page. */
export async function costPage({ stacks: estimates, before }: Estimates): Promise<string> {
  const [dev] = estimates;
  if (dev === undefined) throw new Error("no estimate of dev");
  const tables = new Map(estimates.flatMap(({ prices }) => prices.map(({ region, asOf }) => [region, asOf])));
  const dates = [...tables].map(([region, asOf]) => `${region} of ${asOf}`).join(", ");
  const lines = [
    "# What it costs",
    "",
    "`npm run docs` writes this page from the stacks of `test/fixtures/stacks/`, which the tests plan; " +
      "`npm run plan -- <stack> --cost` gives your own, position by position.",
    "",
    `USD a month before tax, AWS's list prices (${dates}; \`prices/\` has each one's source and how far it can be relied on), ` +
      "use as `usage.yaml` assumes it. **Idle** is what runs even when nobody comes, in the expected case.",
    "",
    ...totals(estimates),
    "",
    "## Cheap dev, choice by choice",
    "",
    "Each is a plain line of the stack file, and another line undoes it. Before and after are what the choice's component costs idle.",
    "",
    ...choiceRows(dev, before),
    "",
    "Every component is on. The warehouse is Athena, paid by the query, and the dashboards are an external tool's: neither has " +
      "a charge of its own at rest. What else keeps dev low: one customer-managed key for all components and one for what " +
      "CloudFront reads (each further one is 1 USD); one load balancer, since one more service is a rule of it; logs kept for 7 " +
      `days; no interface endpoints, of which one in one zone costs as much as ${breakEven()} GB a month through a NAT gateway.`,
    "",
    "What stays is the load balancer, the shard, the address and what watches: alarms are a tenth of a dollar each.",
    "",
    "## By component",
    "",
    ...componentRows(estimates),
    "",
    "## Not counted",
    "",
    "What costs money and has no price here. It is named in every estimate and never taken for nothing.",
    "",
    ...unpricedRows(estimates),
  ];
  return prettier.format(lines.join("\n"), { parser: "markdown", printWidth: 120 });
}
