import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Faults } from "./check";

/** A secret that a container reads when it starts; its value never appears in the program, the plan or the state. */
export interface SecretReference {
  /** ARN of the Secrets Manager secret or SSM parameter. */
  readonly arn: Input<string>;
  /** One key of a secret that holds a JSON object. Absent: the whole secret. */
  readonly jsonKey?: string;
  /** ARN of the customer-managed key that encrypts it. Absent: the AWS-managed key, which needs no grant. */
  readonly keyArn?: Input<string>;
}

/**
 * A capability that the owner of data offers and a consumer takes through `uses`: the rights, the variables to find
 * the data by, and the network path to it, as one value. The owner knows the smallest set of actions; the consumer
 * folds it into its own role, environment and security group.
 */
export interface Access {
  /** Names the data, kebab-case (`orders-table`): prefix of every variable and part of the network rule's name. */
  readonly name: string;
  /** Environment variables by suffix: `{ NAME: ... }` becomes `ORDERS_TABLE_NAME`. */
  readonly env: Readonly<Record<string, Input<string>>>;
  /** Secret variables by suffix, read by the container agent. */
  readonly secrets?: Readonly<Record<string, SecretReference>>;
  /** Rights on the data, those on the data's key included. */
  readonly statements: readonly aws.iam.PolicyStatement[];
  /** The owner's security group and the TCP port on it that the consumer needs. */
  readonly network?: { readonly securityGroupId: Input<string>; readonly port: number };
}

/** What a consumer makes of its `uses` and of its own environment and secrets. */
export interface FoldedAccess {
  readonly environment: Readonly<Record<string, Input<string>>>;
  readonly secrets: Readonly<Record<string, SecretReference>>;
  readonly statements: readonly aws.iam.PolicyStatement[];
  /** One per owner: the rule's Pulumi name is `${consumer}-to-${access.name}`. */
  readonly network: readonly {
    readonly name: string;
    readonly securityGroupId: Input<string>;
    readonly port: number;
  }[];
}

/**
 * Folds the accesses of a consumer, with its own variables, into one. Reports to `faults` each variable that is set
 * twice (naming both sides), each access name that is no kebab-case word, and each name that stands for two network
 * paths. `path` is the argument that `uses` came in.
 */
export function foldAccess(
  consumer: string,
  uses: readonly Access[],
  own: { environment?: Record<string, Input<string>>; secrets?: Record<string, SecretReference> },
  faults: Faults,
  path = "uses",
): FoldedAccess {
  const environment: Record<string, Input<string>> = {};
  const secrets: Record<string, SecretReference> = {};
  const network: FoldedAccess["network"][number][] = [];
  const setBy = new Map<string, string>();
  const claim = (variable: string, by: string): void => {
    const other = setBy.get(variable);
    if (other === undefined) {
      setBy.set(variable, by);
      return;
    }
    const cure = `${other} and ${by} both set it: take one access that covers both, or rename one`;
    faults.add(path, variable, "each variable set once", cure);
  };

  for (const [variable, value] of Object.entries(own.environment ?? {})) {
    claim(variable, "environment");
    environment[variable] = value;
  }
  for (const [variable, secret] of Object.entries(own.secrets ?? {})) {
    claim(variable, "secrets");
    secrets[variable] = secret;
  }
  for (const access of uses) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(access.name)) {
      faults.add(path, access.name, "kebab-case, such as orders-table", "rename the access at its owner");
    }
    const prefix = access.name.toUpperCase().replaceAll("-", "_");
    for (const [suffix, value] of Object.entries(access.env)) {
      claim(`${prefix}_${suffix}`, `access "${access.name}"`);
      environment[`${prefix}_${suffix}`] = value;
    }
    for (const [suffix, secret] of Object.entries(access.secrets ?? {})) {
      claim(`${prefix}_${suffix}`, `access "${access.name}"`);
      secrets[`${prefix}_${suffix}`] = secret;
    }
    if (access.network !== undefined) {
      const { securityGroupId, port } = access.network;
      const name = `${consumer}-to-${access.name}`;
      // AWS refuses a second identical rule, so accesses to one group and port share the first one's.
      if (network.some((path) => path.securityGroupId === securityGroupId && path.port === port)) continue;
      if (network.some((path) => path.name === name)) {
        const cure = "two accesses of that name open different paths: rename one at its owner";
        faults.add(path, access.name, "one security group and port per access name", cure);
        continue;
      }
      network.push({ name, securityGroupId, port });
    }
  }
  const statements = uses.flatMap((access) => access.statements.map(withoutSid));
  return { environment, secrets, statements, network };
}

/** A Sid must be unique in its document, and two owners may well choose the same. */
function withoutSid(statement: aws.iam.PolicyStatement): aws.iam.PolicyStatement {
  const copy = { ...statement };
  delete copy.Sid;
  return copy;
}
