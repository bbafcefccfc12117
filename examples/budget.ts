import { Budget } from "../components/budget/budget";

// 500 USD a month for the stack, 100 of them for generative AI, whose callers are stopped there.
const spend = new Budget("spend", {
  limitUsd: 500,
  receivers: { topicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms" },
  ai: {
    limitUsd: 100,
    // Of a GenAiEndpoint and of the services that use it: `ai.stopPolicyArn`, `api.taskRoleName`.
    stop: { policyArn: "arn:aws:iam::111111111111:policy/assistant-stop", roleNames: ["api-task-role"] },
  },
  anomalies: { fromUsd: 20 },
});

export const budgetName = spend.budgetName;
