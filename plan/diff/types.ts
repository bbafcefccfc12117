import { type NewReach } from "../access/reach";
import { type Value } from "../../sandbox/values";
import { type Violation } from "../policy/findings";
import { type Danger } from "./stateful";

/** What would happen to a resource; a moved one keeps its object in the cloud under a new URN. */
export type ChangeKind = "create" | "update" | "replace" | "move" | "delete";

export interface PropertyChange {
  /** Property path; inside a document in JSON it goes on: `policy.Statement[0].Action[]`. */
  readonly path: string;
  /** Absent where the property was not there. */
  readonly before?: Value;
  /** Absent where the property is gone, and where the value is only known once `knownAfter` is made anew. */
  readonly after?: Value;
  readonly replaces: boolean;
  /** URN of the replaced resource whose new value this property takes. */
  readonly knownAfter?: string;
}

export interface ResourceChange {
  readonly kind: ChangeKind;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the nearest component that it belongs to; empty for none. */
  readonly component: string;
  readonly movedFrom?: string;
  readonly properties: readonly PropertyChange[];
  /** Data that the change would lose. */
  readonly danger?: Danger;
  /** Deleted from the state alone: `retainOnDelete`. */
  readonly retained?: true;
}

/** Two plans of one stack beside each other. */
export interface PlanDiff {
  readonly project: string;
  readonly stack: string;
  /** What the plan is compared with, in the user's words: `main (4f2a9d1)`. */
  readonly against: string;
  /** The stack had no file there. */
  readonly isNew: boolean;
  /** Resources in the cloud alone, in order of registration; deleted ones last. */
  readonly changes: readonly ResourceChange[];
  readonly unchanged: number;
  readonly outputs: readonly PropertyChange[];
  /** What someone can reach who could not before; empty for a new stack, where all of it is new. */
  readonly reach: readonly NewReach[];
  /** Findings that were not there, and findings that are no longer there. */
  readonly findings: { readonly come: readonly Violation[]; readonly gone: readonly Violation[] };
}
