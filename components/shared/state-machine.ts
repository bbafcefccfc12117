import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

import { assumableBy } from "./policy-document";
import { override, type Override } from "./override";

/** What of a state machine's log differs. */
export interface StateMachineLogArgs {
  readonly keyArn: Input<string>;
  readonly retentionDays: number;
  /** Protects the log from deletion. */
  readonly keep: boolean;
}

/** The log of a state machine, `<name>-logs`. */
export function createStateMachineLog(
  name: string,
  { keyArn, retentionDays, keep }: StateMachineLogArgs,
  transform: Override<aws.cloudwatch.LogGroupArgs> | undefined,
  opts: CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      {
        // Under this name it needs no line of its own in the account's resource policy, which has 5120 characters. AWS: Step
        // Functions developer guide, "Logging in CloudWatch Logs".
        namePrefix: `/aws/vendedlogs/states/${name}-`,
        kmsKeyId: keyArn,
        retentionInDays: retentionDays,
        deletionProtectionEnabled: keep,
      },
      transform,
    ),
    { ...opts, protect: keep },
  );
}

/** The role of a state machine, `<name>-role`, for those of this account alone. */
export function createStateMachineRole(
  name: string,
  description: string,
  account: Input<string>,
  transform: Override<aws.iam.RoleArgs> | undefined,
  opts: CustomResourceOptions,
): aws.iam.Role {
  const assumeRolePolicy = assumableBy("states.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } });
  return new aws.iam.Role(
    `${name}-role`,
    override<aws.iam.RoleArgs>({ description, assumeRolePolicy }, transform),
    opts,
  );
}

/** Rights to write the log, which Step Functions tries when the machine is made. */
export const stateMachineLogRights: aws.iam.PolicyStatement = {
  Effect: "Allow",
  Action: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  Resource: "*", // Log deliveries know no resource. AWS: Step Functions developer guide, "Logging in CloudWatch Logs".
};
