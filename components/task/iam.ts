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
