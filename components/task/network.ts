import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { SettledTask } from "./settle";
import type { TaskNodes } from "./types";

type TaskNetwork = Pick<TaskNodes, "securityGroup" | "httpsEgress" | "accessIngress" | "accessEgress">;

/** The task's own group: nothing in, out to HTTPS and to what `uses` names. */
export function createTaskNetwork(parent: pulumi.Resource, s: SettledTask): TaskNetwork {
  const { name, access } = s;
  const transform = s.args.transform ?? {};
  const opts = { parent };

  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    // The description cannot change without replacing the group.
    override({ vpcId: s.args.network.vpcId, description: `Tasks of ${name}` }, transform.securityGroup),
    opts,
  );
  const httpsEgress = new aws.vpc.SecurityGroupEgressRule(
    `${name}-https-out`,
    override(
      {
        securityGroupId: securityGroup.id,
        description: "AWS APIs and other services, through NAT or endpoints",
        // ECR, CloudWatch Logs and Secrets Manager have no fixed addresses, and a task cannot start without them.
        cidrIpv4: "0.0.0.0/0",
        ...tcp(443),
      },
      transform.httpsEgress,
    ),
    opts,
  );

  const accessIngress = access.network.map(
    (path) =>
      new aws.vpc.SecurityGroupIngressRule(
        path.name,
        override(
          {
            securityGroupId: path.securityGroupId,
            description: `From ${name}`,
            referencedSecurityGroupId: securityGroup.id,
            ...tcp(path.port),
          },
          transform.accessIngress,
        ),
        opts,
      ),
  );
  const accessEgress = access.network.map(
    (path) =>
      new aws.vpc.SecurityGroupEgressRule(
        path.name,
        override(
          {
            securityGroupId: securityGroup.id,
            description: path.name,
            referencedSecurityGroupId: path.securityGroupId,
            ...tcp(path.port),
          },
          transform.accessEgress,
        ),
        opts,
      ),
  );
  return { securityGroup, httpsEgress, accessIngress, accessEgress };
}

/** The ports of a rule for one TCP port. */
export function tcp(port: number): { ipProtocol: string; fromPort: number; toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
