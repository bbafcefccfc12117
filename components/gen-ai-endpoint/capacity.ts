import type { Faults } from "../shared/check";
import { commitmentOnly, provisionedRegions, tablesDate } from "./models";
import type { BedrockPlace, Commitment, ProvisionedCapacity } from "./types";

const commitments: readonly Commitment[] = ["none", "oneMonth", "sixMonths"];

/** AWS: Bedrock user guide, "Provisioned Throughput": terms of one and of six months. */
const months: Readonly<Record<Commitment, number>> = { none: 0, oneMonth: 1, sixMonths: 6 };

/** Hours that AWS's prices count as a month. */
const hoursAMonth = 730;

/** Checks the form of the capacity; returns what is reserved, or undefined on demand. */
export function checkCapacity({ bedrock, region }: BedrockPlace, faults: Faults): ProvisionedCapacity | undefined {
  // From settings it may be anything.
  const capacity: unknown = bedrock.capacity ?? "onDemand";
  if (capacity === "onDemand") return undefined;
  const forms = '"onDemand" or { provisioned: { units, commitment, unitUsdPerHour, acknowledge } }';
  if (typeof capacity !== "object" || capacity === null || !isProvisioned(capacity)) {
    faults.add("bedrock.capacity", capacity, forms, "set one of the two forms");
    return undefined;
  }
  const { provisioned } = capacity;
  const path = "bedrock.capacity.provisioned";
  const { units, commitment, unitUsdPerHour, boughtOn } = provisioned;
  faults.integer(`${path}.units`, units, 1, 1000);
  if (!commitments.includes(commitment)) {
    faults.add(`${path}.commitment`, commitment, commitments.join(", "), "set one of them");
  }
  if (!(unitUsdPerHour > 0)) {
    const cure = "ask your AWS account manager for the price of a unit";
    faults.add(`${path}.unitUsdPerHour`, unitUsdPerHour, "USD an hour, above 0", cure);
  }
  if (boughtOn !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(boughtOn) || Number.isNaN(Date.parse(boughtOn)))) {
    faults.add(`${path}.boughtOn`, boughtOn, "a day such as 2026-12-01", "set the day that it was bought");
  }
  const regions = provisionedRegions[bedrock.model];
  if (regions === undefined) {
    const allowed = `a model that is sold so (as of ${tablesDate}): ${Object.keys(provisionedRegions).join(", ")}`;
    faults.add("bedrock.model", bedrock.model, allowed, 'take one of them, or capacity "onDemand"');
  } else if (!regions.includes(region)) {
    const allowed = `${regions.join(", ")} for ${bedrock.model} (as of ${tablesDate})`;
    faults.add("region", region, allowed, 'no throughput is sold here: set capacity "onDemand"');
  }
  if (commitment === "none" && commitmentOnly.includes(bedrock.model)) {
    faults.add(`${path}.commitment`, commitment, "oneMonth, sixMonths for this model", "set one of them");
  }
  const sentence = acknowledgement(bedrock.model, provisioned);
  if (provisioned.acknowledge !== sentence) {
    const cure = `it is bought when this is deployed, and costs ${bill(provisioned)}: write exactly that sentence`;
    faults.add(`${path}.acknowledge`, provisioned.acknowledge, JSON.stringify(sentence), cure);
  }
  return provisioned;
}

function isProvisioned(capacity: object): capacity is { provisioned: ProvisionedCapacity } {
  return "provisioned" in capacity && typeof capacity.provisioned === "object" && capacity.provisioned !== null;
}

/** The sentence that whoever buys has to write. */
export function acknowledgement(model: string, { units, commitment }: ProvisionedCapacity): string {
  return `${units} x ${model}, ${commitment}`;
}

/** What it costs in all: `12000 USD in all`, or by the month without a commitment. */
export function bill({ units, commitment, unitUsdPerHour }: ProvisionedCapacity): string {
  const monthly = units * unitUsdPerHour * hoursAMonth;
  const sum = (usd: number): string => `${Math.round(usd).toLocaleString("en-US")} USD`;
  if (commitment === "none") return `${sum(monthly)} a month`;
  return `${sum(monthly * months[commitment])} in all`;
}

/** The day that the term ends, `2027-06-01`; undefined without a commitment. */
export function termEnd({ commitment, boughtOn }: ProvisionedCapacity, today: Date): string | undefined {
  if (commitment === "none") return undefined;
  const start = boughtOn === undefined ? today : new Date(boughtOn);
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months[commitment]);
  // The 31st of a month that has 30 days becomes the 1st of the next: the term ends with the month.
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end.toISOString().slice(0, 10);
}
