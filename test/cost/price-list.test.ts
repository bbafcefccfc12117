import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PricingClient } from "@aws-sdk/client-pricing";

import { emptyTable, type Offer, positions, questions, readOffer, refresh } from "../../cost/price-list";
import { pricesDirectory, readPrices, tableSchema } from "../../cost/prices";
import { refreshPrices } from "../../scripts/prices";

type Tier = readonly [begin: string, end: string, usd: string];

/** One entry of `PriceList`, with the fields that AWS's answers have. */
function product(service: string, usagetype: string, tiers: readonly Tier[], currency = "USD"): string {
  const priceDimensions = Object.fromEntries(
    tiers.map(([beginRange, endRange, usd], i) => [
      `M2YSHUBETB3JX4M4.JRTCKXETXF.${i}`,
      {
        unit: "Hrs",
        beginRange,
        endRange,
        description: `$${usd} per unit of ${usagetype}`,
        appliesTo: [],
        rateCode: `M2YSHUBETB3JX4M4.JRTCKXETXF.${i}`,
        pricePerUnit: { [currency]: usd },
      },
    ]),
  );
  return JSON.stringify({
    product: {
      productFamily: "NAT Gateway",
      attributes: { regionCode: "ap-northeast-1", servicecode: service, usagetype, location: "Asia Pacific (Tokyo)" },
      sku: "M2YSHUBETB3JX4M4",
    },
    serviceCode: service,
    terms: {
      OnDemand: {
        "M2YSHUBETB3JX4M4.JRTCKXETXF": {
          priceDimensions,
          sku: "M2YSHUBETB3JX4M4",
          effectiveDate: "2026-11-01T00:00:00Z",
          offerTermCode: "JRTCKXETXF",
          termAttributes: {},
        },
      },
    },
    version: "20261104173204",
    publicationDate: "2026-11-04T17:32:04Z",
  });
}

const nat = product("AmazonEC2", "APN1-NatGateway-Hours", [["0", "Inf", "0.0630000000"]]);

describe("an entry of the price list", () => {
  it("has its usage type, its price and its day", () => {
    assert.deepEqual(readOffer(nat), { usageType: "APN1-NatGateway-Hours", usd: 0.063, published: "2026-11-04" });
  });
  it("has the price of its first tier that is paid, in whichever order they come", () => {
    const tiers: Tier[] = [
      ["51200", "Inf", "0.0230"],
      ["5", "51200", "0.0250"],
      ["0", "5", "0.0000000000"],
    ];
    assert.equal(readOffer(product("AmazonS3", "APN1-TimedStorage-ByteHrs", tiers))?.usd, 0.025);
  });
  it("is none without a price in USD", () => {
    assert.equal(readOffer(product("AmazonEC2", "APN1-NatGateway-Hours", [["0", "Inf", "0.4"]], "CNY")), undefined);
    assert.equal(readOffer(product("AmazonEC2", "APN1-NatGateway-Hours", [])), undefined);
  });
});

describe("a refreshed table", () => {
  const table = readPrices("ap-northeast-1");
  const offer = (usageType: string, usd: number): Offer => ({ usageType, usd, published: "2026-11-04" });
  const refreshed = (...offers: Offer[]) => refresh(table, () => offers, "2026-11-20");

  it("has what was found, with its source, and the rest as it was", () => {
    const { table: now, changed, missing } = refreshed(offer("APN1-NatGateway-Hours", 0.063));
    assert.deepEqual(changed, [{ key: "nat.hour", from: 0.062, to: 0.063 }]);
    assert.deepEqual(now.prices["nat.hour"], {
      price: 0.063,
      unit: "hour",
      confidence: "high",
      sourceDate: "2026-11-04",
      source: "AWS Price List API, AmazonEC2 APN1-NatGateway-Hours",
    });
    assert.deepEqual(now.prices["nat.gb"], table.prices["nat.gb"]);
    assert.equal(now.asOf, "2026-11-20");
    assert.deepEqual(
      missing,
      Object.keys(positions).filter((key) => key !== "nat.hour"),
    );
  });

  for (const [region, usageType] of [
    ["Tokyo", "APN1-KMS-Requests"],
    ["us-east-1", "KMS-Requests"],
    ["KMS itself", "ap-northeast-1-KMS-Requests"],
  ] as const) {
    it(`knows the usage types of ${region}, and counts in the table's unit`, () => {
      const { table: now } = refreshed(offer(usageType, 0.000003));
      assert.equal(now.prices["kms.requests"]?.price, 0.03);
    });
  }

  it("leaves what has two prices, and what only ends alike", () => {
    const { changed } = refreshed(
      ...[offer("APN1-NatGateway-Hours", 0.063), offer("NatGateway-Hours", 0.064)],
      offer("APN1-Regional-NatGateway-Bytes", 0.07),
    );
    assert.deepEqual(changed, []);
  });

  it("of another region begins with what knows no region", () => {
    const empty = emptyTable("eu-west-1", table);
    tableSchema.parse(empty);
    assert.deepEqual(Object.keys(empty.prices), Object.keys(table.prices));
    assert.equal(empty.prices["nat.hour"]?.price, null);
    assert.deepEqual(empty.prices["route53.hostedZone"], table.prices["route53.hostedZone"]);
  });
});

describe("npm run prices", () => {
  interface Asked {
    readonly ServiceCode: string;
    readonly Filters: readonly { readonly Field: string; readonly Value: string }[];
    readonly NextToken?: string;
  }

  it("asks each question to its last page, and writes the table", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-prices-"));
    cpSync(pricesDirectory, directory, { recursive: true });
    const asked: string[] = [];
    const send = ({ input }: { input: Asked }) => {
      const of = Object.fromEntries(input.Filters.map(({ Field, Value }) => [Field, Value]));
      asked.push(
        `${input.ServiceCode} ${of["productFamily"] ?? ""} ${of["regionCode"]} ${input.NextToken ?? ""}`.trim(),
      );
      if (of["productFamily"] !== "NAT Gateway") return Promise.resolve({ PriceList: [] });
      return Promise.resolve(input.NextToken === undefined ? { PriceList: [], NextToken: "2" } : { PriceList: [nat] });
    };
    // The paginator asks for an instance of the client's class.
    const { PricingClient: Client } = await import("@aws-sdk/client-pricing");
    const client = Object.assign(new Client({ region: "us-east-1" }), { send }) as unknown as PricingClient;
    try {
      const said = await refreshPrices(client, "ap-northeast-1", "2026-11-20", directory);
      assert.equal(said[0], "nat.hour: 0.062 -> 0.063");
      assert.match(said.at(-1) ?? "", /^prices\/ap-northeast-1\.json: 1 changed, \d+ not found, as of 2026-11-20$/);
      const pages = asked.filter((each) => each.startsWith("AmazonEC2 NAT Gateway"));
      assert.deepEqual(pages, ["AmazonEC2 NAT Gateway ap-northeast-1", "AmazonEC2 NAT Gateway ap-northeast-1 2"]);
      assert.equal(asked.length, questions().length + 1);
      assert.equal(readPrices("ap-northeast-1", directory).prices["nat.hour"]?.price, 0.063);
      assert.match(readFileSync(join(directory, "ap-northeast-1.json"), "utf8"), /^\{\n {2}"region"/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
