import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { placeOf, unique } from "../task/iam";
import { shiftsTraffic } from "./deployment";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

type DeploymentRoles = Pick<WebServiceNodes, "infrastructureRole" | "infrastructurePolicy" | "hookRole" | "hookPolicy">;

/** What moves traffic between the target groups (infrastructure) and what calls the hooks. */
export function createDeploymentRoles(
  parent: pulumi.Resource,
  s: Settled,
  { migrationFunction }: Pick<WebServiceNodes, "migrationFunction">,
): DeploymentRoles {
  const { name, deployment } = s;
  const transform = s.args.transform ?? {};
  // No condition: AWS documents none for these two roles, and ECS could not assume them if it did not send the keys.
  const assumeRolePolicy = assumableBy("ecs.amazonaws.com");
  let infrastructureRole, infrastructurePolicy, hookRole, hookPolicy;
  if (shiftsTraffic(deployment)) {
    infrastructureRole = new aws.iam.Role(
      `${name}-infrastructure-role`,
      override(
        { description: `${name}: moves traffic in deployments`, assumeRolePolicy },
        transform.infrastructureRole,
      ),
      { parent },
    );
    // AWS's own policy: what ECS needs here grew five times in its first seven months.
    const { partition } = placeOf(s.args.cluster.arn);
    const policyArn = pulumi.interpolate`arn:${partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers`;
    infrastructurePolicy = new aws.iam.RolePolicyAttachment(
      `${name}-infrastructure-policy`,
      override({ role: infrastructureRole.name, policyArn }, transform.infrastructurePolicy),
      { parent },
    );
  }
  const hooks = [
    ...(migrationFunction === undefined ? [] : [migrationFunction.arn]),
    ...deployment.hooks.map((hook) => hook.functionArn),
  ];
  if (hooks.length > 0) {
    hookRole = new aws.iam.Role(
      `${name}-hook-role`,
      override({ description: `${name}: calls the deployment's hooks`, assumeRolePolicy }, transform.hookRole),
      { parent },
    );
    const policy = policyDocument([{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: unique(hooks) }]);
    hookPolicy = new aws.iam.RolePolicy(
      `${name}-hook-policy`,
      override({ role: hookRole.name, policy }, transform.hookPolicy),
      { parent },
    );
  }
  return { infrastructureRole, infrastructurePolicy, hookRole, hookPolicy };
}
