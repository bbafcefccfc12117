/** Prefix lengths of a network's parts. */
export interface SubnetLayout {
  /** Of the range that each zone has to itself. */
  readonly zone: number;
  readonly private: number;
  readonly isolated: number;
  readonly public: number;
}

/** The smallest subnet that a load balancer goes into. AWS: Application Load Balancer guide, "Subnets": /27, 8 free addresses. */
const smallestSubnet = 27;

/** AWS: VPC user guide, "VPC CIDR blocks". */
export const vpcPrefixes = { largest: 16, smallest: 28 } as const;

/**
 * Divides a VPC among `maxAzs` zones, used or not: a zone's range follows from its place in the list alone, so that a
 * zone added later moves no subnet. In a zone: half for the private tier, where tasks take an address each, a quarter for
 * the isolated tier, an eighth for the public tier, and an eighth left for a tier to come.
 */
export function subnetLayout(vpcPrefix: number, maxAzs: number): SubnetLayout {
  const zone = vpcPrefix + Math.ceil(Math.log2(maxAzs));
  return { zone, private: zone + 1, isolated: zone + 2, public: zone + 3 };
}

/** The longest VPC prefix (the smallest VPC) whose subnets are large enough for that many zones. */
export function longestVpcPrefix(maxAzs: number): number {
  return smallestSubnet - subnetLayout(0, maxAzs).public;
}
