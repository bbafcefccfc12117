import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, interpolate } from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import type { AccountServicesArgs } from "./account-services";
import type { AccountServicesNodes, AccountServicesTransform } from "./types";

type Log = {
  [K in "invocationLogGroup" | "invocationRole" | "invocationRights" | "invocationLogging"]: NonNullable<
    AccountServicesNodes[K]
  >;
};

/** The log group, the role that Bedrock writes to it with, and the setting of the region. */
export function createInvocationLog(
  parent: CustomResourceOptions,
  name: string,
  args: NonNullable<AccountServicesArgs["invocationLog"]> & {
    readonly keep: boolean;
    readonly transform: AccountServicesTransform;
  },
): Log {
  const { keyArn, retentionDays, content = false, keep, transform } = args;
  const { accountId } = aws.getCallerIdentityOutput({}, parent);
  const { partition } = aws.getPartitionOutput({}, parent);
  const { region } = aws.getRegionOutput({}, parent);
  const invocationLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-invocation-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { retentionInDays: retentionDays, kmsKeyId: keyArn, deletionProtectionEnabled: keep },
      transform.invocationLogGroup,
    ),
    { ...parent, protect: keep },
  );
  // AWS: Bedrock user guide, "Monitor model invocation using CloudWatch Logs": trust, conditions and rights.
  const invocationRole = new aws.iam.Role(
    `${name}-invocation-role`,
    override<aws.iam.RoleArgs>(
      {
        description: "Bedrock's, to log the invocations of models",
        assumeRolePolicy: assumableBy("bedrock.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:bedrock:${region}:${accountId}:*` },
        }),
      },
      transform.invocationRole,
    ),
    parent,
  );
  const invocationRights = new aws.iam.RolePolicy(
    `${name}-invocation-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: invocationRole.name,
        policy: policyDocument([
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: interpolate`${invocationLogGroup.arn}:log-stream:aws/bedrock/modelinvocations`,
          },
        ]),
      },
      transform.invocationRights,
    ),
    parent,
  );
  const invocationLogging = new aws.bedrockmodel.InvocationLoggingConfiguration(
    `${name}-invocation-logging`,
    override<aws.bedrockmodel.InvocationLoggingConfigurationArgs>(
      {
        loggingConfig: {
          cloudwatchConfig: { logGroupName: invocationLogGroup.name, roleArn: invocationRole.arn },
          textDataDeliveryEnabled: content,
          imageDataDeliveryEnabled: content,
          embeddingDataDeliveryEnabled: content,
          videoDataDeliveryEnabled: content,
        },
      },
      transform.invocationLogging,
    ),
    // Bedrock writes a first line when the setting is made.
    { ...parent, dependsOn: [invocationRights] },
  );
  return { invocationLogGroup, invocationRole, invocationRights, invocationLogging };
}
