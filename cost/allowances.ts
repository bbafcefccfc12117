import type { PriceKey } from "./prices";

/** What an account has free in every month, over all its resources. Offers for a first year are left out. */
export interface Allowance {
  readonly what: string;
  /** Entry that says how much. */
  readonly amount: PriceKey;
  /** Units of the price in one unit of that entry. */
  readonly unit: number;
  /** Positions that draw on it. */
  readonly covers: readonly PriceKey[];
}

export const allowances: readonly Allowance[] = [
  { what: "CloudFront, to viewers", amount: "cloudfront.freeTier.outGb", unit: 1, covers: ["cloudfront.outGb"] },
  {
    what: "CloudFront requests",
    amount: "cloudfront.freeTier.requests",
    unit: 1 / 10_000,
    covers: ["cloudfront.https"],
  },
  { what: "to the internet", amount: "dataTransfer.freeTier.gb", unit: 1, covers: ["dataTransfer.out.gb"] },
  {
    what: "Cognito users",
    amount: "cognito.freeTier.mau",
    unit: 1,
    covers: ["cognito.lite.mau", "cognito.essentials.mau"],
  },
  { what: "DynamoDB data", amount: "dynamodb.freeTier.storageGb", unit: 1, covers: ["dynamodb.storage"] },
  { what: "Lambda requests", amount: "lambda.freeTier.requests", unit: 1 / 1_000_000, covers: ["lambda.requests"] },
  {
    what: "Lambda duration",
    amount: "lambda.freeTier.gbSeconds",
    unit: 1,
    covers: ["lambda.arm.gbSecond", "lambda.x86.gbSecond"],
  },
  { what: "alarms", amount: "cloudwatch.freeTier.alarms", unit: 1, covers: ["cloudwatch.alarm.standard"] },
  { what: "custom metrics", amount: "cloudwatch.freeTier.metrics", unit: 1, covers: ["cloudwatch.metric.custom"] },
  { what: "logs written", amount: "cloudwatch.freeTier.logsGb", unit: 1, covers: ["cloudwatch.logs.ingest"] },
  { what: "KMS requests", amount: "kms.freeTier.requests", unit: 1 / 10_000, covers: ["kms.requests"] },
  { what: "SNS messages", amount: "sns.freeTier.requests", unit: 1 / 1_000_000, covers: ["sns.requests"] },
  { what: "SQS requests", amount: "sqs.freeTier.requests", unit: 1 / 1_000_000, covers: ["sqs.standard.requests"] },
  {
    what: "scheduler",
    amount: "eventbridge.freeTier.scheduler",
    unit: 1 / 1_000_000,
    covers: ["eventbridge.scheduler"],
  },
  {
    what: "Step Functions",
    amount: "stepFunctions.freeTier.transitions",
    unit: 1 / 1000,
    covers: ["stepFunctions.standard"],
  },
];
