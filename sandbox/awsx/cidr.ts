/** A block of IPv4 addresses. */
export interface Block {
  readonly base: number;
  readonly mask: number;
}

export function parseBlock(cidr: string): Block {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const parts = found?.slice(1, 5).map(Number) ?? [];
  const mask = Number(found?.[5] ?? 33);
  if (found === null || parts.some((part) => part > 255) || mask > 32) throw new Error(`Invalid CIDR block: ${cidr}`);
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  return blockAt(address, mask);
}

/** The block of that size that an address lies in. */
export function blockAt(address: number, mask: number): Block {
  const size = 2 ** (32 - mask);
  return { base: Math.floor(address / size) * size, mask };
}

export function sizeOf(block: Block): number {
  return 2 ** (32 - block.mask);
}

export function formatBlock({ base, mask }: Block): string {
  const part = (shift: number): number => Math.floor(base / 2 ** shift) % 256;
  return `${part(24)}.${part(16)}.${part(8)}.${part(0)}/${mask}`;
}

export function overlap(a: Block, b: Block): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}
