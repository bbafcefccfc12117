import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";
import type { DatabaseUser } from "./user";

type Made = Pick<
  AuroraClusterNodes,
  | "cluster"
  | "securityGroup"
  | "proxy"
  | "proxySecurityGroup"
  | "proxyReadEndpoint"
  | "passwordSecrets"
  | "usersInvocation"
>;

/** What the cluster offers to others. */
export interface Accesses {
  readonly connect: Access;
  readonly read: Access;
  readonly migrate: Access;
  readonly users: Readonly<Record<string, Access>>;
  readonly dataApi: Access | undefined;
}

export function createAccesses(s: Settled, made: Made): Accesses {
  const { connect, read, migrate } = s.own;
  const access = (user: DatabaseUser, straight = false): Access => signIn(s, made, user, straight);
  return {
    connect: access(connect),
    read: access(read),
    migrate: access(migrate, true),
    users: Object.fromEntries(s.more.map((user) => [user.name, access(user)])),
    dataApi: s.dataApiUser === undefined ? undefined : dataApi(s, made, s.dataApiUser),
  };
}

/** The right to sign in as that user to the cluster, or to the proxy, whose resource id it is. */
export function connectTo(
  cluster: aws.rds.Cluster,
  resourceId: pulumi.Input<string>,
  user: string,
): aws.iam.PolicyStatement {
  const { partition, region, account } = placeOf(cluster);
  return {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: pulumi.interpolate`arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`,
  };
}

/** The cluster's ARN says where it is: `arn:partition:rds:region:account:cluster:name`. */
export function placeOf(cluster: aws.rds.Cluster): Record<"partition" | "region" | "account", pulumi.Output<string>> {
  const part = (i: number): pulumi.Output<string> => cluster.arn.apply((arn) => arn.split(":")[i] ?? "");
  return { partition: part(1), region: part(3), account: part(4) };
}

/** The right to use the stack's key through a service alone: the stack's data share it. */
export function keyThrough(
  s: Settled,
  cluster: aws.rds.Cluster,
  actions: string | string[],
  services: readonly string[],
): aws.iam.PolicyStatement {
  const { region } = placeOf(cluster);
  return {
    Effect: "Allow",
    Action: actions,
    Resource: s.args.keyArn,
    Condition: {
      StringEquals: { "kms:ViaService": services.map((each) => pulumi.interpolate`${each}.${region}.amazonaws.com`) },
    },
  };
}

/** A user that signs in by IAM: to the proxy where there is one, unless straight to the cluster. */
function signIn(s: Settled, made: Made, user: DatabaseUser, straight: boolean): Access {
  const { cluster, proxy, proxySecurityGroup, proxyReadEndpoint, usersInvocation } = made;
  const proxied = !straight && proxy !== undefined && proxySecurityGroup !== undefined;
  const reads = user.level === "read";
  const direct = reads ? cluster.readerEndpoint : cluster.endpoint;
  const pooled = reads ? (proxyReadEndpoint?.endpoint ?? proxy?.endpoint) : proxy?.endpoint;
  const resourceId = proxied ? idOf(proxy) : cluster.clusterResourceId;
  return {
    name: `${s.accessName}${user.suffix}`,
    env: {
      HOST: (proxied ? pooled : undefined) ?? direct,
      PORT: String(s.engine.port),
      NAME: s.databaseName,
      // Who uses it waits for the user to be there. The function's name is known in a preview, the answer is not.
      USER: usersInvocation.functionName.apply(() => user.name),
    },
    statements: [connectTo(cluster, resourceId, user.name)],
    network: { securityGroupId: (proxied ? proxySecurityGroup : made.securityGroup).id, port: s.engine.port },
  };
}

/** `arn:partition:rds:region:account:db-proxy:prx-...`: IAM knows a proxy by the last part. */
function idOf(proxy: aws.rds.Proxy): pulumi.Output<string> {
  return proxy.arn.apply((arn) => arn.split(":")[6] ?? "");
}

/** The Data API takes a secret with a password, never IAM alone, so that it has a user and a secret of its own. */
function dataApi(s: Settled, made: Made, user: DatabaseUser): Access {
  const secret = made.passwordSecrets[s.withPassword.indexOf(user)];
  if (secret === undefined) throw new Error("the Data API has no secret");
  return {
    name: `${s.accessName}${user.suffix}`,
    env: {
      CLUSTER_ARN: made.cluster.arn,
      SECRET_ARN: secret.arn,
      NAME: made.usersInvocation.functionName.apply(() => s.databaseName),
    },
    statements: [
      {
        Effect: "Allow",
        Action: [
          "rds-data:BatchExecuteStatement",
          "rds-data:BeginTransaction",
          "rds-data:CommitTransaction",
          "rds-data:ExecuteStatement",
          "rds-data:RollbackTransaction",
        ],
        Resource: made.cluster.arn,
      },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret.arn },
      keyThrough(s, made.cluster, "kms:Decrypt", ["secretsmanager"]),
    ],
  };
}
