import { createHash } from "node:crypto";

/**
 * What AWS would make up at random is derived from the URN, so that two plans of one program give the same text and a
 * difference between two plans is a difference of the programs.
 */
function digest(urn: string, use: string): string {
  return createHash("sha256").update(`${urn}\n${use}`).digest("hex");
}

/** Hexadecimal digits, at most 64. */
export function hex(urn: string, length: number, use = ""): string {
  return digest(urn, use).slice(0, length);
}

export function uuid(urn: string, use = ""): string {
  const h = digest(urn, use);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** Characters of an alphabet, at most 32. */
export function letters(urn: string, length: number, alphabet: string, use = ""): string {
  const h = digest(urn, use);
  let out = "";
  for (let i = 0; i < length; i++) out += alphabet[parseInt(h.slice(2 * i, 2 * i + 2), 16) % alphabet.length] ?? "";
  return out;
}

export const upperAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const lowerAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
export const lower = "abcdefghijklmnopqrstuvwxyz";

/** A number below `limit`. */
export function number(urn: string, limit: number, use = ""): number {
  return parseInt(digest(urn, use).slice(0, 8), 16) % limit;
}
