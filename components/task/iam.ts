import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The cluster's ARN says where the tasks run: `arn:partition:ecs:region:account:cluster/name`. */
export function placeOf(
  clusterArn: pulumi.Input<string>,
): Record<"partition" | "region" | "account", pulumi.Output<string>> {
  const part = (i: number): pulumi.Output<string> => pulumi.output(clusterArn).apply((arn) => arn.split(":")[i] ?? "");
  return { partition: part(1), region: part(3), account: part(4) };
}

/** Each value once, where two of them may turn out to be the same. */
export function unique(values: readonly pulumi.Input<string>[]): pulumi.Output<string[]> {
  return pulumi.all([...values]).apply((all) => [...new Set(all)]);
}

/** A policy of these statements. */
export function document(statements: readonly aws.iam.PolicyStatement[]): aws.iam.PolicyDocument {
  return { Version: "2012-10-17", Statement: [...statements] };
}

/** The trust policy of a role for a service. */
export function assumableBy(service: string, condition?: Record<string, unknown>): aws.iam.PolicyDocument {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" } as const;
  return document([condition === undefined ? statement : { ...statement, Condition: condition }]);
}
