import type * as aws from "@pulumi/aws";
import { interpolate } from "@pulumi/pulumi";

import { document, type Place, readSitePointers, readState } from "./place";

/**
 * A preview runs the branch's code with these rights: it may see how things are set up, and nothing of what they hold. The
 * denials take away from ReadOnlyAccess, whose reading of data AWS widens as services come.
 */
export function previewRights(place: Place): aws.iam.PolicyDocument {
  const { state } = place;
  return document([
    ...readState(state),
    readSitePointers(place),
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
      Action: [
        "athena:GetQueryResults*",
        "cognito-idp:AdminGetUser",
        "cognito-idp:ListUsers*",
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:PartiQLSelect",
        "dynamodb:Query",
        "dynamodb:Scan",
        "ec2:GetConsole*",
        "ec2:GetPasswordData",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "kinesis:GetRecords",
        "kinesis:SubscribeToShard",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetLogObject",
        "logs:GetLogRecord",
        "logs:GetQueryResults",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "logs:Unmask",
        "rds-data:*",
        "redshift-data:*",
        "sqs:ReceiveMessage",
        "states:GetExecutionHistory",
      ],
      Resource: "*",
    },
  ]);
}
