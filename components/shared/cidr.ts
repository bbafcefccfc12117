/** An IPv4 block: its first address as a number, and its prefix length. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** Reads `10.10.0.0/16`; `undefined` when it is no IPv4 CIDR or has host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (prefix > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % size(prefix) === 0 ? { base, prefix } : undefined;
}

/** Addresses in a block of that prefix length. */
export function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Whether two valid CIDRs share an address. */
export function overlaps(one: string, other: string): boolean {
  const a = parseCidr(one);
  const b = parseCidr(other);
  if (a === undefined || b === undefined) return false;
  return a.base < b.base + size(b.prefix) && b.base < a.base + size(a.prefix);
}
