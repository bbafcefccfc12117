import type { PlannedResource } from "../../plan/run";
import { hoursAMonth, idle, list, block, number, type Rules, type Setting, text, unpriced, use } from "../pricer";
import { product } from "../range";

const key: Rules[string] = (_, { usage }) => [
  idle("key", "kms.key", 1),
  use("requests", "kms.requests", product(usage.keys.thousandRequests, 1 / 10)),
];

/** Metrics that an alarm on a Metrics Insights query finds: it is billed by each, and the plan cannot tell how many. */
const foundByQuery = { low: 1, expected: 5, high: 10 };

/** An alarm is billed by the metrics that it watches. */
function ofAlarm({ inputs }: PlannedResource) {
  const metrics = list(inputs["metricQueries"]).map(block);
  const watched = metrics.filter((query) => query["metric"] !== undefined).length;
  if (number(inputs["period"], 60) < 60) return [unpriced("alarm", "high resolution has no price here")];
  const onQuery = metrics.some((query) => text(query["expression"]).startsWith("SELECT"));
  if (onQuery) return [idle("alarm on a query", "cloudwatch.alarm.standard", foundByQuery)];
  return [idle("alarm", "cloudwatch.alarm.standard", Math.max(1, watched))];
}

const daysAMonth = hoursAMonth / 24;

function ofLogGroup({ inputs }: PlannedResource, { usage }: Setting) {
  if (text(inputs["logGroupClass"]) === "INFREQUENT_ACCESS") {
    return [unpriced("logs", "only class STANDARD has a price here")];
  }
  const { gbPerGroup, storedShare } = usage.logs;
  // 0 keeps for ever: a year's worth stands for it.
  const days = number(inputs["retentionInDays"], 0);
  const months = (days === 0 ? 365 : days) / daysAMonth;
  return [
    use("logs written", "cloudwatch.logs.ingest", gbPerGroup),
    use("logs kept", "cloudwatch.logs.storage", product(gbPerGroup, storedShare, months)),
  ];
}

function ofUserPool({ inputs }: PlannedResource, { usage }: Setting) {
  const tiers = { LITE: "cognito.lite.mau", ESSENTIALS: "cognito.essentials.mau", PLUS: "cognito.plus.mau" } as const;
  const tier = text(inputs["userPoolTier"]);
  // AWS makes a pool Essentials where nothing is said.
  const price = tier === "LITE" || tier === "PLUS" ? tiers[tier] : tiers.ESSENTIALS;
  return [use("monthly active users", price, usage.users.monthlyActive)];
}

function ofBucket(_: PlannedResource, { usage }: Setting) {
  const { storageGb, thousandPuts, thousandGets } = usage.buckets;
  return [
    use("data", "s3.standard.storage", storageGb),
    use("writes and lists", "s3.standard.put", thousandPuts),
    use("reads", "s3.standard.get", thousandGets),
  ];
}

/** What everything else rests on: keys, secrets, buckets, users, logs, alarms, messages. */
export const foundation: Rules = {
  "aws:kms/key:Key": key,
  "aws:kms/replicaKey:ReplicaKey": key,
  "aws:secretsmanager/secret:Secret": (_, { usage }) => [
    idle("secret", "secretsManager.secret", 1),
    use("requests", "secretsManager.requests", product(usage.secrets.thousandRequests, 1 / 10)),
  ],
  "aws:s3/bucket:Bucket": ofBucket,
  "aws:cognito/userPool:UserPool": ofUserPool,
  "aws:cloudwatch/metricAlarm:MetricAlarm": ofAlarm,
  "aws:cloudwatch/logGroup:LogGroup": ofLogGroup,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": () => [idle("metric", "cloudwatch.metric.custom", 1)],
  "aws:sns/topic:Topic": (_, { usage }) => [
    use("messages", "sns.requests", product(usage.messages.thousandPerTopic, 1 / 1000)),
  ],
  "aws:sqs/queue:Queue": (_, { usage }) => [
    use("requests", "sqs.standard.requests", product(usage.messages.thousandPerQueue, 1 / 1000)),
  ],
  "aws:sesv2/emailIdentity:EmailIdentity": (_, { usage }) => [
    use("mails", "ses.recipient", usage.messages.thousandMails),
  ],
};
