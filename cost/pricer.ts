import type { PlannedResource } from "../plan/run";
import type { PriceKey } from "./prices";
import { always, type Range } from "./range";
import type { Usage } from "./usage";

/** `idle` runs even when nobody comes; `use` grows with what is done. */
export type Kind = "idle" | "use";

/** A price that the program states, where AWS publishes none. */
export interface StatedPrice {
  readonly usdPerUnit: number;
  readonly unit: string;
}

/** One position of a resource's bill: so many units of a price in a month. */
export interface Item {
  readonly kind: Kind;
  /** What is paid for, in a few words. */
  readonly what: string;
  readonly price: PriceKey | StatedPrice;
  /** In units of the price. */
  readonly quantity: Range;
  /** An account pays it once, whichever resource brings it. */
  readonly once?: string;
  /** Entry that says how many units of an account cost nothing, by the price's own first tier. */
  readonly firstFree?: PriceKey;
}

/** A position that costs money and has no price here: shown, never counted as nothing. */
export interface Unknown {
  readonly kind: "unpriced";
  readonly what: string;
  readonly because: string;
}

/** What a rule may look at besides the resource itself. */
export interface Setting {
  /** The assumptions for the resource's component. */
  readonly usage: Usage;
  /** Resources of a type that a property of this resource refers to. */
  readonly refersTo: (resource: PlannedResource, property: string, type: string) => readonly PlannedResource[];
  /** Resources of a type one of whose properties refers to this resource. */
  readonly referredBy: (resource: PlannedResource, type: string, property: string) => readonly PlannedResource[];
}

/** What a resource costs in a month; none where it costs nothing as it is set. */
export type Pricer = (resource: PlannedResource, setting: Setting) => readonly (Item | Unknown)[];

/** Pricers by type token. */
export type Rules = Readonly<Record<string, Pricer>>;

/** Hours of a month, as AWS's own calculator counts: 365 x 24 / 12. */
export const hoursAMonth = 730;

function range(quantity: Range | number): Range {
  return typeof quantity === "number" ? always(quantity) : quantity;
}

export function idle(what: string, price: PriceKey | StatedPrice, quantity: Range | number): Item {
  return { kind: "idle", what, price, quantity: range(quantity) };
}

export function use(what: string, price: PriceKey, quantity: Range | number): Item {
  return { kind: "use", what, price, quantity: range(quantity) };
}

export function unpriced(what: string, because: string): Unknown {
  return { kind: "unpriced", what, because };
}

/** A block of the inputs; empty where it is not set. */
export function block(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A number, which some providers take as text. */
export function number(value: unknown, otherwise: number): number {
  const read = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : otherwise;
}
