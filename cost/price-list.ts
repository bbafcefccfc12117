import { z } from "zod";

import type { PriceEntry, PriceKey, PriceTable } from "./prices";

// AWS's Price List API: which product of which service a table's entry is, and what an answer says of it.

/** Fields that a product has to have, as the API's filters take them. */
export type Fields = Readonly<Record<string, string>>;

/** What to ask for: products of a service in a region, narrowed where a service has many. */
export interface Question {
  readonly service: string;
  readonly fields: Fields;
}

/** Where an entry stands in the price list. */
interface Position extends Question {
  /** Usage type without the region's prefix, which is `APN1-` in Tokyo, none in us-east-1, `ap-northeast-1-` for KMS. */
  readonly usageType: string;
  /** Units of the price list in one of ours: a price per request, and ours per million. @default 1 */
  readonly units?: number;
}

function of(service: string, usageType: string, fields: Fields = {}, units = 1): Position {
  return { service, usageType, fields, units };
}

const million = 1_000_000;
const ec2 = "AmazonEC2";
const balancer = (kind: string): Fields => ({ operation: `LoadBalancing:${kind}` });
const linux: Fields = {
  instanceType: "t4g.nano",
  operatingSystem: "Linux",
  tenancy: "Shared",
  preInstalledSw: "NA",
  capacitystatus: "Used",
};
const postgres: Fields = { databaseEngine: "Aurora PostgreSQL" };

/** What can be refreshed. Entries that are not here keep what they say. */
export const positions: Readonly<Partial<Record<PriceKey, Position>>> = {
  "alb.hour": of("AWSELB", "LoadBalancerUsage", balancer("Application")),
  "alb.lcuHour": of("AWSELB", "LCUUsage", balancer("Application")),
  "nlb.hour": of("AWSELB", "LoadBalancerUsage", balancer("Network")),
  "nlb.lcuHour": of("AWSELB", "LCUUsage", balancer("Network")),
  "nat.hour": of(ec2, "NatGateway-Hours", { productFamily: "NAT Gateway" }),
  "nat.gb": of(ec2, "NatGateway-Bytes", { productFamily: "NAT Gateway" }),
  "ec2.t4g.nano.hour": of(ec2, "BoxUsage:t4g.nano", linux),
  "ebs.gp3": of(ec2, "EBS:VolumeUsage.gp3", { volumeApiName: "gp3" }),
  "vpce.interface.hour": of("AmazonVPC", "VpcEndpoint-Hours"),
  "vpce.interface.gb": of("AmazonVPC", "VpcEndpoint-Bytes"),
  "ipv4.public.hour": of("AmazonVPC", "PublicIPv4:InUseAddress"),
  "fargate.linux.x86.vcpuHour": of("AmazonECS", "Fargate-vCPU-Hours:perCPU"),
  "fargate.linux.x86.gbHour": of("AmazonECS", "Fargate-GB-Hours"),
  "fargate.linux.arm.vcpuHour": of("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU"),
  "fargate.linux.arm.gbHour": of("AmazonECS", "Fargate-ARM-GB-Hours"),
  "aurora.serverlessV2.standard.acuHour": of("AmazonRDS", "Aurora:ServerlessV2Usage", postgres),
  "aurora.serverlessV2.ioOptimized.acuHour": of("AmazonRDS", "Aurora:ServerlessV2IOOptimizedUsage", postgres),
  "dynamodb.onDemand.read": of("AmazonDynamoDB", "ReadRequestUnits", {}, million),
  "dynamodb.onDemand.write": of("AmazonDynamoDB", "WriteRequestUnits", {}, million),
  "dynamodb.pitr": of("AmazonDynamoDB", "TimedPITRStorage-ByteHrs"),
  "kinesis.provisioned.shardHour": of("AmazonKinesis", "Storage-ShardHour"),
  "kinesis.provisioned.putUnits": of("AmazonKinesis", "PutRequestPayloadUnits", {}, million),
  "kinesis.onDemand.streamHour": of("AmazonKinesis", "OnDemand-StreamHour"),
  "kinesis.onDemand.inGb": of("AmazonKinesis", "OnDemand-BilledIncomingBytes"),
  "kinesis.onDemand.outGb": of("AmazonKinesis", "OnDemand-BilledOutgoingBytes"),
  "athena.scannedTb": of("AmazonAthena", "DataScannedInTB"),
  "glue.dpuHour.standard": of("AWSGlue", "ETL-DPU-Hour"),
  "glue.crawler.dpuHour": of("AWSGlue", "Crawler-DPU-Hour"),
  "redshiftServerless.rpuHour": of("AmazonRedshift", "Redshift:ServerlessUsage"),
  "lambda.requests": of("AWSLambda", "Request", {}, million),
  "lambda.x86.gbSecond": of("AWSLambda", "Lambda-GB-Second"),
  "lambda.arm.gbSecond": of("AWSLambda", "Lambda-GB-Second-ARM"),
  "ecr.storage": of("AmazonECR", "TimedStorage-ByteHrs"),
  "kms.key": of("awskms", "KMS-Keys"),
  "kms.requests": of("awskms", "KMS-Requests", {}, 10_000),
  "secretsManager.secret": of("AWSSecretsManager", "AWSSecretsManager-Secrets"),
  "secretsManager.requests": of("AWSSecretsManager", "AWSSecretsManagerAPIRequest", {}, 10_000),
  "s3.standard.storage": of("AmazonS3", "TimedStorage-ByteHrs"),
  "s3.standard.put": of("AmazonS3", "Requests-Tier1", {}, 1000),
  "s3.standard.get": of("AmazonS3", "Requests-Tier2", {}, 1000),
  "cloudwatch.logs.ingest": of("AmazonCloudWatch", "DataProcessing-Bytes"),
  "cloudwatch.logs.storage": of("AmazonCloudWatch", "TimedStorage-ByteHrs"),
  "cloudwatch.alarm.standard": of("AmazonCloudWatch", "CW:AlarmMonitorUsage"),
  "cloudwatch.metric.custom": of("AmazonCloudWatch", "CW:MetricMonitorUsage"),
};

const keyOf = ({ service, fields }: Question): string => JSON.stringify([service, fields]);

/** Each question once, whichever entries it is for. */
export function questions(): Question[] {
  return [...new Map(Object.values(positions).map((position) => [keyOf(position), position])).values()].map(
    ({ service, fields }) => ({ service, fields }),
  );
}

const offer = z.object({
  product: z.object({ attributes: z.record(z.string(), z.string()) }),
  publicationDate: z.string().optional(),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({ beginRange: z.string().optional(), pricePerUnit: z.record(z.string(), z.string()) }),
          ),
        }),
      )
      .optional(),
  }),
});

/** A product of the list with its first tier's price. */
export interface Offer {
  readonly usageType: string;
  readonly usd: number;
  /** Day on which AWS published it. */
  readonly published: string;
}

/** Reads one entry of an answer's `PriceList`; none where it has no price in USD, or is free up to an amount. */
export function readOffer(text: string): Offer | undefined {
  const { product, terms, publicationDate = "" } = offer.parse(JSON.parse(text));
  const tiers = Object.values(terms.OnDemand ?? {})
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .flatMap(({ beginRange = "0", pricePerUnit }) => {
      const usd = Number(pricePerUnit["USD"] ?? "0");
      return usd > 0 ? [{ from: Number(beginRange), usd }] : [];
    })
    .sort((a, b) => a.from - b.from);
  const [first] = tiers;
  const usageType = product.attributes["usagetype"];
  if (first === undefined || usageType === undefined) return undefined;
  return { usageType, usd: first.usd, published: publicationDate.slice(0, 10) };
}

const prefix = /^(?:[A-Z]{2,4}\d?-|[a-z]{2}(?:-[a-z]+)+-\d-)/;

/** The offer of a position: the only price that its usage type has. */
function find(offers: readonly Offer[], { usageType }: Position): Offer | undefined {
  const found = offers.filter(
    (each) => each.usageType === usageType || each.usageType.replace(prefix, "") === usageType,
  );
  return new Set(found.map(({ usd }) => usd)).size === 1 ? found[0] : undefined;
}

/** What stays as it is everywhere: amounts and prices that know no region. */
const anywhere = /freeTier|^(budgets|quicksight|route53|costAnomalyDetection)\b/;

/** The entries of another region's table, to be filled: what differs by region is not known. */
export function emptyTable(region: string, { prices }: PriceTable): PriceTable {
  const unknown = { price: null, source: "no source yet", sourceDate: "none", confidence: "low" } as const;
  const entries = Object.entries(prices).map(([key, entry]): [string, PriceEntry] => [
    key,
    anywhere.test(key) ? entry : { unit: entry.unit, ...unknown },
  ]);
  return { region, currency: "USD", asOf: "1970-01-01", prices: Object.fromEntries(entries) };
}

export interface Refreshed {
  readonly table: PriceTable;
  readonly changed: readonly { readonly key: string; readonly from: number | null; readonly to: number }[];
  /** Entries that have a place in the list, and were not found or not unique: they stay as they were. */
  readonly missing: readonly string[];
}

/** A table with what the answers say; `today` is the day on which they were given. */
export function refresh(table: PriceTable, answer: (question: Question) => readonly Offer[], today: string): Refreshed {
  const changed: Refreshed["changed"][number][] = [];
  const missing: string[] = [];
  const prices = { ...table.prices };
  for (const [key, position] of Object.entries(positions)) {
    const [entry, found] = [prices[key], find(answer(position), position)];
    if (entry === undefined || found === undefined) {
      missing.push(key);
      continue;
    }
    // Twelve digits: a product of floating-point numbers has a tail.
    const price = Number((found.usd * (position.units ?? 1)).toPrecision(12));
    if (price !== entry.price) changed.push({ key, from: entry.price, to: price });
    const source = `AWS Price List API, ${position.service} ${found.usageType}`;
    const { note: _, ...kept } = entry;
    prices[key] = { ...kept, price, source, sourceDate: found.published || today, confidence: "high" };
  }
  return { table: { ...table, asOf: today, prices }, changed, missing };
}
