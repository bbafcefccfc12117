import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { partitionOf } from "../account/names";

/** The account that a stack's roles are made in, and its policy that bounds them. */
export interface Bounds {
  readonly id: string;
  readonly region: string;
  readonly boundary?: string;
}

/**
 * Gives each role of the program the account's permissions boundary, whichever component makes it: the account's own deployments
 * may make no other. To be called before the first resource.
 */
export function boundRoles({ id, region, boundary }: Bounds): void {
  if (boundary === undefined) return;
  const permissionsBoundary = `arn:${partitionOf(region)}:iam::${id}:policy/${boundary}`;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== "aws:iam/role:Role") return undefined;
    const role = props as aws.iam.RoleArgs;
    return { props: { ...role, permissionsBoundary: role.permissionsBoundary ?? permissionsBoundary }, opts };
  });
}
