import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Override } from "../shared/override";

/** Who is told. */
export interface Receivers {
  /** Addresses, at most 10. @default none */
  emails?: string[];
  /** ARN of an SNS topic whose policy admits Budgets and Cost Anomaly Detection; Notifications fits. @default none */
  topicArn?: Input<string>;
}

/** The part of the bill that generative AI makes. */
export interface AiBudget {
  /** What it may cost in a month, in USD. */
  limitUsd: number;
  /**
   * Services that it is made of, as the bill names them; models of other makers are services of their own there.
   * @default Amazon Bedrock, Amazon SageMaker, Claude Haiku 4.5 (Amazon Bedrock Edition)
   */
  services?: string[];
  /** Denies the invoking roles at 100 % of the limit: the second line, hours after a GenAiEndpoint's own ceiling. */
  stop?: AiStop;
}

/** What a budget's action attaches, and to whom. */
export interface AiStop {
  /** ARN of the policy that denies invoking: `stopPolicyArn` of a GenAiEndpoint. */
  policyArn: Input<string>;
  /** Names of the roles that invoke, 1 to 100. */
  roleNames: Input<string>[];
}

/** When unusual spending is told. */
export interface Anomalies {
  /** Smallest impact that is told, in USD. */
  fromUsd: number;
  /** ARN of the account's monitor of services; an account has room for one. @default makes one */
  monitorArn?: Input<string>;
}

/** The raw children of a Budget; those that a setting leaves out are undefined. */
export interface BudgetNodes {
  readonly monthly: aws.budgets.Budget;
  readonly ai: aws.budgets.Budget | undefined;
  readonly stopRole: aws.iam.Role | undefined;
  readonly stopRights: aws.iam.RolePolicy | undefined;
  readonly stopAction: aws.budgets.BudgetAction | undefined;
  readonly monitor: aws.costexplorer.AnomalyMonitor | undefined;
  readonly topicSubscription: aws.costexplorer.AnomalySubscription | undefined;
  readonly emailSubscription: aws.costexplorer.AnomalySubscription | undefined;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface BudgetTransform {
  monthly?: Override<aws.budgets.BudgetArgs>;
  ai?: Override<aws.budgets.BudgetArgs>;
  stopRole?: Override<aws.iam.RoleArgs>;
  stopRights?: Override<aws.iam.RolePolicyArgs>;
  stopAction?: Override<aws.budgets.BudgetActionArgs>;
  monitor?: Override<aws.costexplorer.AnomalyMonitorArgs>;
  topicSubscription?: Override<aws.costexplorer.AnomalySubscriptionArgs>;
  emailSubscription?: Override<aws.costexplorer.AnomalySubscriptionArgs>;
}
