import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { override } from "../shared/override";
import { createAnomalies } from "./anomalies";
import { check, usualPercentages } from "./check";
import { createStop } from "./stop";
import type { AiBudget, Anomalies, BudgetNodes, BudgetTransform, Receivers } from "./types";

export type * from "./types";

/** What a Budget is made of. */
export interface BudgetArgs {
  /** What the stack, and so its account, may cost in a month, in USD. */
  limitUsd: number;
  /** Who is told: at least one address or a topic. */
  receivers: Receivers;
  /** Percentages of a limit at which its receivers are told of what was spent. @default [50, 80, 100] */
  percentages?: number[];
  /** A budget for generative AI. @default none */
  ai?: AiBudget;
  /** Tells of unusual spending. @default none */
  anomalies?: Anomalies;
  /**
   * Whether tag `Part` is active as a cost-allocation tag, a switch of the payer's account: the budget for AI then filters
   * by `Part: generative-ai`, which a GenAiEndpoint sets, in place of services.
   * @default false
   */
  costTagsActive?: boolean;
  /** Last say on each child's arguments. */
  transform?: BudgetTransform;
}

/**
 * What a stack may cost in a month, and generative AI in it: who is told on the way there, who of unusual spending, and
 * which roles may no longer invoke models once the limit is reached.
 */
export class Budget extends pulumi.ComponentResource {
  /** Name of the stack's budget. */
  public readonly budgetName: pulumi.Output<string>;
  /** Name of the budget for generative AI; undefined without `ai`. */
  public readonly aiBudgetName: pulumi.Output<string> | undefined;
  /** The resources themselves. */
  public readonly nodes: BudgetNodes;

  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { ai, transform = {} } = args;
    const percentages = args.percentages ?? usualPercentages;
    const faults = new Faults("Budget", name);
    check(args, faults);
    faults.raise();
    super("kiban:index:Budget", name, {}, opts);

    const parent = { parent: this };
    const monthly = new aws.budgets.Budget(
      `${name}-monthly`,
      override<aws.budgets.BudgetArgs>(budgetArgs(args.limitUsd, percentages, args.receivers), transform.monthly),
      parent,
    );
    const aiBudget =
      ai &&
      new aws.budgets.Budget(
        `${name}-ai`,
        override<aws.budgets.BudgetArgs>(
          {
            ...budgetArgs(ai.limitUsd, percentages, args.receivers),
            costFilters: [aiFilter(ai, args.costTagsActive ?? false)],
          },
          transform.ai,
        ),
        parent,
      );
    const stop = aiBudget && ai.stop && createStop(this, name, { ...args, stop: ai.stop, budget: aiBudget });

    this.budgetName = monthly.name;
    this.aiBudgetName = aiBudget?.name;
    this.nodes = {
      monthly,
      ai: aiBudget,
      stopRole: stop?.stopRole,
      stopRights: stop?.stopRights,
      stopAction: stop?.stopAction,
      ...createAnomalies(this, name, args),
    };
    this.registerOutputs({
      budgetName: this.budgetName,
      ...(this.aiBudgetName !== undefined && { aiBudgetName: this.aiBudgetName }),
    });
  }
}

function budgetArgs(limitUsd: number, percentages: number[], receivers: Receivers): aws.budgets.BudgetArgs {
  const { emails = [], topicArn } = receivers;
  const tell = {
    comparisonOperator: "GREATER_THAN",
    thresholdType: "PERCENTAGE",
    ...(emails.length > 0 && { subscriberEmailAddresses: emails }),
    ...(topicArn !== undefined && { subscriberSnsTopicArns: [topicArn] }),
  };
  return {
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(limitUsd),
    limitUnit: "USD",
    // Credits end one day: what is spent counts, not what is left to pay.
    costTypes: { includeCredit: false, includeRefund: false },
    notifications: [
      ...percentages.map((threshold) => ({ ...tell, threshold, notificationType: "ACTUAL" })),
      // While there is still time.
      { ...tell, threshold: 100, notificationType: "FORECASTED" },
    ],
  };
}

/** What Bedrock and SageMaker are called on the bill, and the maker's name of the model that the stacks use. */
const aiServices = ["Amazon Bedrock", "Amazon SageMaker", "Claude Haiku 4.5 (Amazon Bedrock Edition)"];

function aiFilter(ai: AiBudget, costTagsActive: boolean): aws.types.input.budgets.BudgetCostFilter {
  // AWS: Budgets user guide, "Budget filters": a tag that is not active matches nothing, and the budget would stay at 0.
  if (costTagsActive) return { name: "TagKeyValue", values: ["user:Part$generative-ai"] };
  return { name: "Service", values: ai.services ?? aiServices };
}
