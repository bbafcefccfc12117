import { type Category, type Right } from "./types";

/** Types that hold data, carry it on, or answer with it. */
const dataTypes =
  /^aws:(dynamodb\/(table|globalTable)|s3\/bucket(V2)?|s3tables\/\w+|rds\/(cluster|instance|globalCluster|proxy)|docdb\/cluster|neptune\/cluster|kinesis\/(stream|firehoseDeliveryStream)|sqs\/queue|sns\/topic|secretsmanager\/secret|ssm\/parameter|cognito\/userPool|redshift\/cluster|redshiftserverless\/\w+|glue\/catalog\w+|athena\/workgroup|efs\/\w+|elasticache\/\w+|opensearch\/\w+|bedrock\/\w+|sagemaker\/endpoint|cloudfront\/keyValueStore):/;
/** Actions that know no resource and so must stand on `*`. Source: AWS's service authorization reference. */
export const accountWide =
  /^(ecr:GetAuthorizationToken|dynamodb:ListStreams|dynamodb:ListTables|s3:ListAllMyBuckets|kms:ListKeys|logs:DescribeLogGroups|sns:ListTopics|sqs:ListQueues|secretsmanager:GetRandomPassword|xray:.*|cloudwatch:.*|ssmmessages:.*|ec2:.*)$/;

export function categoryOf(type: string): Category {
  if (type === "aws:kms/key:Key" || type === "aws:kms/replicaKey:ReplicaKey") return "key";
  return dataTypes.test(type) ? "data" : "operations";
}

/** AWS's verbs: what only looks, and what changes. */
function rightOf(action: string): Right {
  const verb = action.slice(action.indexOf(":") + 1);
  if (verb === "*" || action === "*" || action.startsWith("all but")) return "all";
  if (/^(connect|DbConnect|DataAPI|GetCredentials)/.test(verb)) return "connect";
  if (/^(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant|Invoke|managed policy|Start|Run|PassRole)/.test(verb)) {
    return "use";
  }
  const reads =
    /^(Get|List|Describe|BatchGet|BatchCheck|Query|Scan|Select|Receive|Head|Search|View|ConditionCheck|Subscribe)/;
  return reads.test(verb) ? "read" : "write";
}

/** The strongest first. */
const rights: readonly Right[] = ["all", "connect", "read", "write", "use"];

export function rightsOf(actions: readonly string[]): Right[] {
  return rights.filter((right) => actions.some((action) => rightOf(action) === right));
}
