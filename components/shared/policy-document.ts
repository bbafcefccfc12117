import type * as aws from "@pulumi/aws";

/** A policy of these statements. */
export function policyDocument(statements: readonly aws.iam.PolicyStatement[]): aws.iam.PolicyDocument {
  return { Version: "2012-10-17", Statement: [...statements] };
}

/** The trust policy of a role for a service. */
export function assumableBy(service: string, condition?: Record<string, unknown>): aws.iam.PolicyDocument {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" } as const;
  return policyDocument([condition === undefined ? statement : { ...statement, Condition: condition }]);
}
