import { join } from "node:path";

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import { type Plan, planStack } from "../../plan/run";
import { UsageError } from "../../plan/usage";
import { type Bootstrap, BootstrapError } from "./bootstrap";
import { accountFolder } from "./files";

/** The account that a stack belongs to. */
export interface Account {
  readonly id: string;
  readonly region: string;
}

/** What the plan says of the account: nothing is begun before its settings are right and the policies content. */
export async function planAccount(checkout: string, stack: string): Promise<Plan> {
  const plan = await planStack({ projectDir: join(checkout, accountFolder), stack });
  const refused = plan.violations.filter(({ level }) => level === "mandatory");
  if (refused.length > 0) {
    const lines = refused.map(({ policy, message }) => `  [${policy}] ${message}`);
    throw new BootstrapError(["The policies refuse the account stack; nothing was begun:", ...lines].join("\n"));
  }
  return plan;
}

/** @throws UsageError for the ids that the repository comes with: nobody's account */
export function accountOf(plan: Plan): Account {
  const provider = plan.resources.find((r) => r.type === "pulumi:providers:aws");
  const { allowedAccountIds, region } = provider?.inputs as { allowedAccountIds: string; region: string };
  const [id = ""] = JSON.parse(allowedAccountIds) as string[];
  if (/^(\d)\1{11}$/.test(id)) {
    throw new UsageError(
      `kiban:account.id of Pulumi.${plan.stack}.yaml is ${id}, which the repository comes with: set your account's (npm run init)`,
    );
  }
  return { id, region };
}

/** Of the account's own outputs: where its states are, and what encrypts their secrets. */
export function destinationOf({ outputs }: Plan): Pick<Bootstrap, "backendUrl" | "secretsProvider"> {
  return { backendUrl: outputs["backendUrl"] as string, secretsProvider: outputs["stackSecretsProvider"] as string };
}

/**
 * The provider would refuse another account's credentials too, but later: the bucket and the key are reached without it.
 *
 * @throws UsageError unless the credentials are of the stack's account
 */
export async function requireCredentials(
  stack: string,
  { id, region }: Account,
  client: Pick<STSClient, "send"> = new STSClient({ region }),
): Promise<void> {
  let given: string | undefined;
  try {
    given = (await client.send(new GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`AWS does not know who you are (${reason}): sign in as an administrator of account ${id}`);
  }
  if (given === id) return;
  throw new UsageError(
    `your credentials are of account ${given}, and stack ${stack} belongs into ${id} (kiban:account.id of Pulumi.${stack}.yaml): ` +
      `sign in as an administrator of ${id}`,
  );
}
