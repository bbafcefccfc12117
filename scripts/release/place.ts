import { existsSync } from "node:fs";
import { join } from "node:path";

import { backendOf, partitionOf, rolePrefix } from "../../account/names";
import { UsageError } from "../../plan/usage";
import { StackFile } from "../stack-file";

/** Where a stack lives, as its stack file says, and what the account stack has made there. */
export interface Place {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** Backend of the stack's state. */
  readonly backend: string;
  /** Role that workflows assume for a purpose. */
  readonly roles: Readonly<Record<Purpose, string>>;
}

export type Purpose = (typeof purposes)[number];
export const purposes = ["preview", "deploy", "push", "site"] as const;

/** The account stack names its roles and the state bucket so that nothing has to be told to the workflows. */
export function placeOf(directory: string, stack: string): Place {
  const file = openStack(directory, stack);
  const [account, region] = ["id", "region"].map((key) => file.value(["config", "kiban:account", key]));
  if (typeof account !== "string" || typeof region !== "string") {
    throw new UsageError(`${file.path}: kiban:account needs id and region`);
  }
  const role = (purpose: Purpose): string => `arn:${partitionOf(region)}:iam::${account}:role/${rolePrefix}-${purpose}`;
  return {
    stack,
    account,
    region,
    backend: backendOf(account, region),
    roles: { preview: role("preview"), deploy: role("deploy"), push: role("push"), site: role("site") },
  };
}

/** The file of a stack; a name that is none is wrong usage, whatever it has of a path. */
export function openStack(directory: string, stack: string): StackFile {
  const path = join(directory, `Pulumi.${stack}.yaml`);
  if (!/^[\w-]+$/.test(stack) || !existsSync(path)) {
    throw new UsageError(`stack ${JSON.stringify(stack)}: there is no Pulumi.${stack}.yaml`);
  }
  return StackFile.open(path);
}
