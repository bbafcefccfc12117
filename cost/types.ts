import type { CostDelta } from "./delta";
import type { Kind } from "./pricer";
import type { Confidence } from "./prices";
import type { Range } from "./range";

/** One position of the bill. */
export interface Line {
  readonly kind: Kind;
  readonly what: string;
  /** Entry of the region's price table, or `stated` where the program says it. */
  readonly price: string;
  readonly region: string;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly confidence: Confidence;
  /** Units in a month. */
  readonly quantity: Range;
  /** Units of them in the price's first tier, which costs nothing. */
  readonly free?: Range;
  readonly usd: Range;
}

/** What runs even when nobody comes, what grows with use, and both. In USD a month. */
export interface Total {
  readonly idle: Range;
  readonly use: Range;
  readonly all: Range;
}

export interface ResourceCost extends Total {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly lines: readonly Line[];
}

export interface ComponentCost extends Total {
  /** Name of the component; of the stack for what lies outside any. */
  readonly name: string;
  readonly type: string;
  /** Dearest first. */
  readonly resources: readonly ResourceCost[];
}

/** A position, or a whole type, that costs money and is not counted. */
export interface Unpriced {
  readonly type: string;
  readonly what: string;
  readonly because: string;
  readonly names: readonly string[];
}

/** A kind of service that is paid by use and has no limit that somebody chose. */
export interface OpenCeiling {
  readonly type: string;
  /** What grows. */
  readonly what: string;
  /** What would bound it. */
  readonly set: string;
  readonly names: readonly string[];
}

/** What an account has free each month, as far as the plan uses it up: to be taken off. */
export interface Credit extends Total {
  readonly what: string;
}

/** The estimate against a budget of the same plan. */
export interface BudgetCheck {
  readonly urn: string;
  readonly name: string;
  readonly limitUsd: number;
  /** `over` by what is expected; `over when busy` by the high figure alone. */
  readonly verdict: "within" | "over when busy" | "over";
}

/** What a stack costs in a month, by the list prices and the assumptions of `usage.yaml`. In USD, before tax. */
export interface Estimate {
  readonly stack: string;
  readonly currency: "USD";
  /** Tables that were read: region and day. */
  readonly prices: readonly { readonly region: string; readonly asOf: string }[];
  readonly total: Total;
  /** Dearest first. */
  readonly components: readonly ComponentCost[];
  readonly credits: readonly Credit[];
  /** Monthly budgets of the plan that hold for everything. */
  readonly budgets: readonly BudgetCheck[];
  readonly unpriced: readonly Unpriced[];
  /** What could run away. */
  readonly openCeilings: readonly OpenCeiling[];
  /** Against the estimate of the plan that it is compared with, at today's prices and use. */
  readonly delta?: CostDelta;
  /** Types of the plan that cost nothing, and why. */
  readonly free: readonly { readonly type: string; readonly because: string }[];
}
