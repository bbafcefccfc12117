import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { capacityProviders } from "../task/capacity";
import { placeOf } from "../task/iam";
import { runStatements } from "../task/run";
import type { Settled } from "./settle";
import type { ScheduledTaskNodes } from "./types";

type Made = Pick<ScheduledTaskNodes, "taskDefinition" | "taskRole" | "executionRole" | "securityGroup">;

/** The right to start a run, with what the call needs. */
export function runAccess(s: Settled, made: Made): Access {
  return {
    name: s.name,
    env: {
      CLUSTER_ARN: s.args.cluster.arn,
      TASK_DEFINITION_ARN: made.taskDefinition.arn,
      SUBNET_IDS: subnets(s).apply((ids) => ids.join(",")),
      SECURITY_GROUP_ID: made.securityGroup.id,
    },
    statements: runStatements(s.args.cluster.arn, made),
  };
}

/** What starts the task once by hand, exactly as the schedule does. */
export function runCommand(s: Settled, made: Made): pulumi.Output<string> {
  const network = pulumi.jsonStringify({
    awsvpcConfiguration: {
      subnets: subnets(s),
      securityGroups: [made.securityGroup.id],
      assignPublicIp: "DISABLED",
    },
  });
  const strategy = capacityProviders(s.capacity)
    .map(({ capacityProvider, weight }) => `capacityProvider=${capacityProvider},weight=${weight}`)
    .join(" ");
  return pulumi
    .all([placeOf(s.args.cluster.arn).region, s.args.cluster.arn, made.taskDefinition.arn, network])
    .apply(([region, cluster, taskDefinition, configuration]) =>
      [
        `aws ecs run-task --region ${region} --cluster ${cluster} --task-definition ${taskDefinition}`,
        `--capacity-provider-strategy ${strategy} --network-configuration '${configuration}'`,
        `--propagate-tags TASK_DEFINITION --enable-ecs-managed-tags${s.exec ? " --enable-execute-command" : ""}`,
      ].join(" "),
    );
}

function subnets(s: Settled): pulumi.Output<string[]> {
  return pulumi.output(s.args.network.privateSubnetIds).apply((ids) => ids);
}
