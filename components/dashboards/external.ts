import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { policyDocument } from "../shared/policy-document";
import { tcp } from "../task/network";
import type { Settled } from "./settle";
import { createSourceRoles } from "./sources";
import type { DashboardsNodes } from "./types";

type ExternalNodes = Pick<DashboardsNodes, "sourceRoles" | "sourcePolicies" | "cidrIngress" | "sourceIngress">;

/** What a tool outside of AWS is given: roles to ask Athena with, and a way in to the databases. */
export function createExternal(parent: pulumi.Resource, s: Settled): ExternalNodes {
  return { ...createSourceRoles(parent, s, policyDocument([trust(s)])), ...createWaysIn(parent, s) };
}

/** Who may take the roles. The tool often wants the role's ARN before it shows who it is: hence a first step. */
function trust({ args }: Settled): aws.iam.PolicyStatement {
  const { principalArn, externalId } = args.external ?? {};
  // A role has to say something: in the first step nobody can take it.
  if (principalArn === undefined) return { Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
  return {
    Effect: "Allow",
    Principal: { AWS: principalArn },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId ?? "" } },
  };
}

function createWaysIn(
  parent: pulumi.Resource,
  { name, args, databases }: Settled,
): Pick<ExternalNodes, "cidrIngress" | "sourceIngress"> {
  const { cidrs = [], bridgeSecurityGroupId } = args.external ?? {};
  const cidrIngress = databases.flatMap((source) =>
    cidrs.map(
      (cidr) =>
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-to-${source.name}-from-${cidr}`,
          override<aws.vpc.SecurityGroupIngressRuleArgs>(
            {
              securityGroupId: source.securityGroupId,
              description: `From ${name} at ${cidr}`,
              cidrIpv4: cidr,
              ...tcp(source.port),
            },
            args.transform?.cidrIngress,
          ),
          { parent },
        ),
    ),
  );
  if (bridgeSecurityGroupId === undefined) return { cidrIngress, sourceIngress: {} };
  const sourceIngress = databases.map((source) => [
    source.name,
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-to-${source.name}`,
      override<aws.vpc.SecurityGroupIngressRuleArgs>(
        {
          securityGroupId: source.securityGroupId,
          description: `From the bridge of ${name}`,
          referencedSecurityGroupId: bridgeSecurityGroupId,
          ...tcp(source.port),
        },
        args.transform?.sourceIngress,
      ),
      { parent },
    ),
  ]) satisfies [string, aws.vpc.SecurityGroupIngressRule][];
  return { cidrIngress, sourceIngress: Object.fromEntries(sourceIngress) };
}
