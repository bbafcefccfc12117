import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import type { AiStop, BudgetNodes, BudgetTransform, Receivers } from "./types";

interface StopArgs {
  readonly stop: AiStop;
  readonly budget: aws.budgets.Budget;
  readonly receivers: Receivers;
  readonly transform?: BudgetTransform;
}

type Stop = { [K in "stopRole" | "stopRights" | "stopAction"]: NonNullable<BudgetNodes[K]> };

/** The action that attaches the deny policy when the limit is reached, and the role that Budgets does it with. */
export function createStop(
  parent: pulumi.Resource,
  name: string,
  { stop, budget, receivers, transform = {} }: StopArgs,
): Stop {
  const opts = { parent };
  const { accountId } = aws.getCallerIdentityOutput({}, opts);
  const { partition } = aws.getPartitionOutput({}, opts);
  const roles = stop.roleNames.map((role) => pulumi.interpolate`arn:${partition}:iam::${accountId}:role/${role}`);
  const stopRole = new aws.iam.Role(
    `${name}-stop-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: stops generative AI when its budget is spent`,
        assumeRolePolicy: assumableBy("budgets.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:budgets::${accountId}:budget/*` },
        }),
      },
      transform.stopRole,
    ),
    opts,
  );
  const stopRights = new aws.iam.RolePolicy(
    `${name}-stop-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: stopRole.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
              Resource: roles,
              Condition: { ArnEquals: { "iam:PolicyARN": stop.policyArn } },
            },
          ],
        },
      },
      transform.stopRights,
    ),
    opts,
  );
  const { emails = [], topicArn } = receivers;
  const stopAction = new aws.budgets.BudgetAction(
    `${name}-stop-action`,
    override<aws.budgets.BudgetActionArgs>(
      {
        budgetName: budget.name,
        actionType: "APPLY_IAM_POLICY",
        approvalModel: "AUTOMATIC",
        notificationType: "ACTUAL",
        actionThreshold: { actionThresholdType: "PERCENTAGE", actionThresholdValue: 100 },
        definition: { iamActionDefinition: { policyArn: stop.policyArn, roles: stop.roleNames } },
        executionRoleArn: stopRole.arn,
        subscribers: [
          ...emails.map((address) => ({ address, subscriptionType: "EMAIL" })),
          ...(topicArn === undefined ? [] : [{ address: topicArn, subscriptionType: "SNS" }]),
        ],
      },
      transform.stopAction,
    ),
    // Budgets tries the role when the action is made.
    { ...opts, dependsOn: [stopRights] },
  );
  return { stopRole, stopRights, stopAction };
}
