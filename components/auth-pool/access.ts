import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { AuthPoolNodes } from "./nodes";
import type { Settled } from "./settle";
import type { JwtConfiguration } from "./types";

/**
 * What running a user directory takes. Not among them: signing in as somebody, setting a known password, and linking a
 * provider's user to another's account, each of which is a way into any account.
 */
export const adminActions = [
  "cognito-idp:AdminAddUserToGroup",
  "cognito-idp:AdminCreateUser",
  "cognito-idp:AdminDeleteUser",
  "cognito-idp:AdminDeleteUserAttributes",
  "cognito-idp:AdminDisableUser",
  "cognito-idp:AdminEnableUser",
  "cognito-idp:AdminGetUser",
  "cognito-idp:AdminListGroupsForUser",
  "cognito-idp:AdminListUserAuthEvents",
  "cognito-idp:AdminRemoveUserFromGroup",
  "cognito-idp:AdminResetUserPassword",
  "cognito-idp:AdminSetUserMFAPreference",
  "cognito-idp:AdminUpdateUserAttributes",
  "cognito-idp:AdminUserGlobalSignOut",
  "cognito-idp:ListGroups",
  "cognito-idp:ListUsers",
  "cognito-idp:ListUsersInGroup",
];

/** Where a token comes from and which keys it is signed with. */
export function jwtOf(nodes: Pick<AuthPoolNodes, "pool" | "clients">): JwtConfiguration {
  const issuer = pulumi.interpolate`https://${nodes.pool.endpoint}`;
  return {
    issuer,
    jwksUrl: pulumi.interpolate`${issuer}/.well-known/jwks.json`,
    audience: pulumi.all(Object.values(nodes.clients).map((client) => client.id)),
  };
}

export function adminAccess(s: Settled, pool: aws.cognito.UserPool): Access {
  return {
    name: s.name,
    env: { USER_POOL_ID: pool.id },
    statements: [{ Effect: "Allow", Action: adminActions, Resource: pool.arn }],
  };
}

export function verifyAccess(s: Settled, jwt: JwtConfiguration): Access {
  return {
    name: s.name,
    env: { ISSUER: jwt.issuer, JWKS_URL: jwt.jwksUrl, AUDIENCE: jwt.audience.apply((ids) => ids.join(",")) },
    statements: [],
  };
}

/** By client: `<pool>-<client>`. The secret's ARN is that of its value, so that what reads it waits for the value. */
export function clientAccesses(
  s: Settled,
  nodes: Pick<AuthPoolNodes, "clients" | "clientSecretValues">,
  jwt: JwtConfiguration,
  loginUrl: pulumi.Output<string>,
): Record<string, Access> {
  return Object.fromEntries(
    Object.entries(nodes.clients).map(([key, client]) => {
      const value = nodes.clientSecretValues[key];
      const access: Access = {
        name: `${s.name}-${key}`,
        env: { CLIENT_ID: client.id, ISSUER: jwt.issuer, LOGIN_URL: loginUrl },
        ...(value !== undefined && { secrets: { CLIENT_SECRET: { arn: value.arn, keyArn: s.args.keyArn } } }),
        statements: [],
      };
      return [key, access];
    }),
  );
}
