import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { AuthPoolNodes } from "./nodes";
import type { Settled } from "./settle";

/** Groups and resource servers. A group's name and a server's identifier stand in tokens, so they are given, not generated. */
export function createDirectory(
  parent: pulumi.Resource,
  s: Settled,
  pool: aws.cognito.UserPool,
): Pick<AuthPoolNodes, "groups" | "resourceServers"> {
  const { transform = {} } = s.args;
  const groups: Record<string, aws.cognito.UserGroup> = {};
  for (const [key, group] of Object.entries(s.args.groups ?? {})) {
    groups[key] = new aws.cognito.UserGroup(
      `${s.name}-group-${key}`,
      override<aws.cognito.UserGroupArgs>({ userPoolId: pool.id, name: key, ...group }, transform.groups),
      { parent },
    );
  }
  const resourceServers: Record<string, aws.cognito.ResourceServer> = {};
  for (const [key, server] of Object.entries(s.args.resourceServers ?? {})) {
    resourceServers[key] = new aws.cognito.ResourceServer(
      `${s.name}-server-${key}`,
      override<aws.cognito.ResourceServerArgs>(
        {
          userPoolId: pool.id,
          name: key,
          identifier: server.identifier ?? key,
          scopes: Object.entries(server.scopes).map(([scopeName, scopeDescription]) => ({
            scopeName,
            scopeDescription,
          })),
        },
        transform.resourceServers,
      ),
      { parent },
    );
  }
  return { groups, resourceServers };
}
