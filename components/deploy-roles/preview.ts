import type * as aws from "@pulumi/aws";
import { interpolate } from "@pulumi/pulumi";

import { document, type Place, readSitePointers, readState, readUnlisted } from "./place";

/**
 * Of what ReadOnlyAccess allows (and of what a later version might), the actions that show what a service holds: rows, messages,
 * documents, logs, traces, samples of requests, users and sessions, whatever a program was given or gave back.
 */
const data = [
  "athena:GetCalculationExecution*",
  "athena:GetQueryResults*",
  "bedrock:AgenticRetrieve*",
  "bedrock:GetAgentMemory",
  "bedrock:GetDocumentContent",
  "bedrock:GetExecutionFlowSnapshot",
  "bedrock:GetFlowExecution",
  "bedrock:GetInvocationStep",
  "bedrock:GetKnowledgeBaseDocuments",
  "bedrock:Invoke*",
  "bedrock:Retrieve*",
  "cloudtrail:GetEventDataStoreData",
  "cloudtrail:GetQueryResults",
  "cloudtrail:LookupEvents",
  "cognito-idp:AdminGet*",
  "cognito-idp:AdminList*",
  "cognito-idp:ListUserPoolClientSecrets",
  "cognito-idp:ListUsers*",
  "dynamodb:BatchGetItem",
  "dynamodb:GetItem",
  "dynamodb:GetRecords",
  "dynamodb:PartiQLSelect",
  "dynamodb:Query",
  "dynamodb:ReadDataForReplication",
  "dynamodb:Scan",
  "dynamodb:SearchVectors",
  "ec2:GetConsole*",
  "ec2:GetPasswordData",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "glue:GetStatement",
  "kinesis:GetRecords",
  "kinesis:SubscribeToShard",
  "lambda:GetDurableExecution*",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:GetLogObject",
  "logs:GetLogRecord",
  "logs:GetLookupTable",
  "logs:GetQueryResults",
  "logs:ListAnomalies",
  "logs:StartLiveTail",
  "logs:StartQuery",
  "logs:Unmask",
  "rds-data:*",
  "rds:Download*",
  "redshift-data:*",
  "s3vectors:GetVectors",
  "s3vectors:ListVectors",
  "s3vectors:QueryVectors",
  "ses:GetArchive*",
  "ses:GetMessageInsights",
  "sqs:ReceiveMessage",
  "ssm:GetAccessToken",
  "ssm:GetAutomationExecution",
  "ssm:GetCommandInvocation",
  "states:DescribeExecution",
  "states:GetExecutionHistory",
  "wafv2:GetDecryptedAPIKey",
  "wafv2:GetSampledRequests",
  "xray:BatchGetTrace*",
  "xray:ListRetrievedTraces",
] as const;

/**
 * A preview runs the branch's code with these rights: it may see how things are set up, and nothing of what they hold. The
 * denials take away from ReadOnlyAccess, whose reading of data AWS widens as services come.
 */
export function previewRights(place: Place): aws.iam.PolicyDocument {
  const { state } = place;
  return document([
    ...readState(state),
    readSitePointers(place),
    readUnlisted(place),
    {
      Sid: "NoSecretValues",
      Effect: "Deny",
      Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
      Resource: "*",
    },
    {
      // Without it no SecureString can be read either: its key asks for this of the caller (AWS: Systems Manager user guide,
      // "AWS KMS encryption for Parameter Store").
      Sid: "NoDecryptionButOfState",
      Effect: "Deny",
      Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
      NotResource: state.keyArn,
    },
    {
      Sid: "NoObjectsButState",
      Effect: "Deny",
      Action: "s3:GetObject*",
      NotResource: interpolate`${state.bucketArn}/*`,
    },
    {
      Sid: "NoData",
      Effect: "Deny",
      Action: [...data],
      Resource: "*",
    },
  ]);
}
