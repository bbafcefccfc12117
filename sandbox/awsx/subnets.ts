import { type Values } from "../values";
import { blockAt, formatBlock, overlap, parseBlock, sizeOf, type Block } from "./cidr";

export type SubnetType = "Public" | "Private" | "Isolated" | "Unused";

/** A subnet in each zone, as `awsx.ec2.Vpc` takes it. */
export interface SubnetSpec {
  readonly type: SubnetType;
  readonly name?: string;
  readonly cidrMask?: number;
  readonly size?: number;
  readonly cidrBlocks?: readonly string[];
  readonly tags?: Values;
}

/** A subnet of one zone with the addresses that it gets. */
export interface PlacedSubnet {
  readonly zone: string;
  /** The Pulumi name, which counts the zones. */
  readonly name: string;
  /** The `Name` tag. */
  readonly nameTag: string;
  readonly type: SubnetType;
  readonly cidr: string;
  readonly tags: Values;
}

export interface Layout {
  readonly vpcName: string;
  readonly vpcCidr: string;
  readonly zones: readonly string[];
  readonly strategy: "Auto" | "Exact";
  readonly specs: readonly SubnetSpec[] | undefined;
  readonly zoneMask: number | undefined;
  /** What ends a subnet's `Name` tag: the zone's number (Legacy) or the zone, such as `1a`. */
  readonly nameTags: "Legacy" | "AvailabilityZone";
}

/** Private and public, the larger first; never wider than a /17, so that room is left. */
function defaultSpecs(zoneMask: number): SubnetSpec[] {
  if (zoneMask > 26) {
    throw new Error(
      `Automatic subnet creation requires a VPC with at least /26 available per AZ, but only /${zoneMask} is available.`,
    );
  }
  const widest = Math.max(zoneMask, 16);
  return [
    { type: "Private", cidrMask: widest + 1 },
    { type: "Public", cidrMask: widest + 2 },
  ];
}

function maskOf(spec: SubnetSpec, otherwise: number): number {
  const bySize = spec.size === undefined ? undefined : 32 - Math.log2(spec.size);
  if (bySize !== undefined && (!Number.isInteger(bySize) || bySize < 0 || bySize > 30)) {
    throw new Error(`Invalid subnet specifications:\n - The following subnet sizes are invalid: ${spec.size}.`);
  }
  if (spec.cidrMask !== undefined && bySize !== undefined && spec.cidrMask !== bySize) {
    const expected = 2 ** (32 - spec.cidrMask);
    throw new Error(
      `Invalid subnet specifications:\n - Subnet size ${spec.size} does not match the expected size for a /${spec.cidrMask} subnet (${expected}).`,
    );
  }
  return spec.cidrMask ?? bySize ?? otherwise;
}

function bitsFor(count: number): number {
  return count === 0 ? 0 : Math.ceil(Math.log2(count));
}

/** The first block of that size that starts after another ends, on its own boundary. */
function after(previous: Block, mask: number): Block {
  const next = previous.base + sizeOf(previous) - 1;
  const around = blockAt(next, mask);
  return { base: around.base + sizeOf(around), mask };
}

function blocksOf(layout: Layout, specs: readonly SubnetSpec[], zoneMask: number): Block[][] {
  const vpc = parseBlock(layout.vpcCidr);
  const otherwise = zoneMask + bitsFor(specs.length);
  const masks = specs.map((spec) => maskOf(spec, otherwise));
  const zoneSize = 2 ** (32 - zoneMask);
  const needed = masks.reduce((sum, mask) => sum + 2 ** (32 - mask), 0);
  if (needed > zoneSize) {
    throw new Error(
      `Subnets are too large for VPC. VPC has ${zoneSize} addresses, but subnets require ${needed} addresses.`,
    );
  }
  return layout.zones.map((_, zone) => {
    const blocks: Block[] = [];
    let previous: Block | undefined;
    for (const mask of masks) {
      const block = previous === undefined ? blockAt(vpc.base + zone * zoneSize, mask) : after(previous, mask);
      blocks.push(block);
      previous = block;
    }
    return blocks;
  });
}

function checkOverlap(subnets: readonly PlacedSubnet[]): void {
  const clashing = subnets.filter((a) =>
    subnets.some((b) => a !== b && overlap(parseBlock(a.cidr), parseBlock(b.cidr))),
  );
  if (clashing.length === 0) return;
  const lines = clashing.map((subnet, i) => `${i + 1}. ${subnet.name}: ${subnet.cidr}\n`).join("");
  throw new Error(
    "The following subnets overlap with at least one other subnet. Make the CIDR for the VPC larger, reduce the size " +
      `of the subnets per AZ, or use less Availability Zones:\n\n${lines}`,
  );
}

/** "Exact" asks that every address of the VPC is spoken for. */
function checkGaps(layout: Layout, subnets: readonly PlacedSubnet[]): void {
  const vpc = parseBlock(layout.vpcCidr);
  const gaps: string[] = [];
  let end = vpc.base;
  let before: PlacedSubnet | undefined;
  for (const subnet of subnets) {
    const block = parseBlock(subnet.cidr);
    if (block.base !== end) {
      gaps.push(
        before === undefined
          ? `${subnet.name} (${subnet.cidr}) does not start at the beginning of the VPC (${layout.vpcCidr})`
          : `${before.name} (${before.cidr}) <=> ${subnet.name} (${subnet.cidr})`,
      );
    }
    end = block.base + sizeOf(block);
    before = subnet;
  }
  if (end !== vpc.base + sizeOf(vpc)) gaps.push(`${before?.name ?? "the last subnet"} ends before VPC ends`);
  if (gaps.length > 0) {
    throw new Error(`There are gaps in the subnet ranges. Please fix the following gaps: ${gaps.join(", ")}`);
  }
}

/** `ap-northeast-1a` is `1a`; a name of another form stays whole. */
function zoneSuffix(zone: string): string {
  return zone.replace(/^[a-z]{2}(?:-[a-z]+)+-(?=\d)/, "");
}

/** A type that is used twice needs names, or two subnets of a zone would be called the same. */
function checkNames(specs: readonly SubnetSpec[]): void {
  const seen = new Set<string>();
  for (const spec of specs) {
    const key = `${spec.type.toLowerCase()} ${spec.name ?? ""}`;
    if (seen.has(key)) {
      throw new Error(
        `Invalid subnet specifications:\n - Multiple subnet specs of type "${spec.type.toLowerCase()}" require unique names.`,
      );
    }
    seen.add(key);
  }
}

/** All subnets, zone by zone in the order of the specs, those that are only reserved ("Unused") included. */
export function placeSubnets(layout: Layout): PlacedSubnet[] {
  const vpcMask = parseBlock(layout.vpcCidr).mask;
  const zoneMask = layout.zoneMask ?? vpcMask + bitsFor(layout.zones.length);
  const specs = layout.specs ?? defaultSpecs(zoneMask);
  if (specs.length === 0) throw new Error("No subnets specified");
  checkNames(specs);
  const explicit = specs.some((spec) => spec.cidrBlocks !== undefined);
  const blocks = explicit ? undefined : blocksOf(layout, specs, zoneMask);
  const subnets = layout.zones.flatMap((zone, z) =>
    specs.map((spec, s): PlacedSubnet => {
      const block = blocks?.[z]?.[s];
      const cidr = block === undefined ? spec.cidrBlocks?.[z] : formatBlock(block);
      if (cidr === undefined) {
        throw new Error(
          "Invalid subnet specifications:\n - every spec needs a CIDR block for every availability zone.",
        );
      }
      const stem = `${layout.vpcName}-${spec.name ?? spec.type.toLowerCase()}`;
      const nameTag = layout.nameTags === "AvailabilityZone" ? `${stem}-${zoneSuffix(zone)}` : `${stem}-${z + 1}`;
      return { zone, name: `${stem}-${z + 1}`, nameTag, type: spec.type, cidr, tags: spec.tags ?? {} };
    }),
  );
  checkOverlap(subnets);
  if (layout.strategy === "Exact" && layout.specs !== undefined) checkGaps(layout, subnets);
  return subnets;
}
