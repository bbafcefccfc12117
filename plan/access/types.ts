import { type NetworkPath } from "./network";
import { type Principal } from "./principals";

/** What holds data, what encrypts it, and the rest. */
export type Category = "data" | "key" | "operations";
/** `connect`: to a database, whose own users have the rest. */
export type Right = "read" | "write" | "connect" | "use" | "all";

/** What is reached: a resource of the plan, or something outside it by its ARN. */
export interface Target {
  /** Empty for what is not in the plan. */
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly component: string;
  readonly category: Category;
}

/** What one statement allows. */
export interface Permission {
  /** `all but …` where a statement says so. */
  readonly actions: readonly string[];
  /** `StringEquals kms:ViaService dynamodb.ap-northeast-1.amazonaws.com`; all of them must hold. */
  readonly conditions: readonly string[];
  /** URN of the policy. */
  readonly source: string;
}

/** One principal's reach to one target. */
export interface Reach {
  readonly principal: Omit<Principal, "runs">;
  readonly target: Target;
  /** Of all permissions, sorted. */
  readonly actions: readonly string[];
  readonly rights: readonly Right[];
  readonly permissions: readonly Permission[];
  /** By a statement on `*` or a pattern, not by the target's own ARN. */
  readonly wide: boolean;
  /** Security groups from the program to the data, for data that is in the VPC. */
  readonly path?: NetworkPath;
  /** How the program comes there: through the VPC, over AWS's API, or not at all. */
  readonly network: "path" | "api" | "none" | "outside";
}
