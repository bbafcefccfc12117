import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { createTaskNetwork, tcp } from "../task/network";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

type Network = Pick<
  WebServiceNodes,
  "securityGroup" | "httpsEgress" | "loadBalancerIngress" | "loadBalancerEgress" | "accessIngress" | "accessEgress"
>;

/** The service's own group: in from the load balancer alone, out to HTTPS and to what `uses` names. */
export function createNetwork(parent: pulumi.Resource, s: Settled): Network {
  const { name, http } = s;
  const transform = s.args.transform ?? {};
  const opts = { parent };
  const task = createTaskNetwork(parent, s);
  const { securityGroup } = task;

  let loadBalancerIngress, loadBalancerEgress;
  if (http !== undefined) {
    loadBalancerIngress = new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-load-balancer`,
      override(
        {
          securityGroupId: securityGroup.id,
          description: "Requests and health checks of the load balancer",
          referencedSecurityGroupId: http.listener.securityGroupId,
          ...tcp(http.port),
        },
        transform.loadBalancerIngress,
      ),
      opts,
    );
    loadBalancerEgress = new aws.vpc.SecurityGroupEgressRule(
      `${name}-from-load-balancer`,
      override(
        {
          securityGroupId: http.listener.securityGroupId,
          description: `Requests and health checks to ${name}`,
          referencedSecurityGroupId: securityGroup.id,
          ...tcp(http.port),
        },
        transform.loadBalancerEgress,
      ),
      opts,
    );
  }
  return { ...task, loadBalancerIngress, loadBalancerEgress };
}
