import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import type { SageMakerNodes } from "./nodes";
import type { SettledSageMaker } from "./sagemaker-rules";

/** What the model runs as: it pulls its image, reads its data and writes its log. */
export function createModelRole(
  parent: pulumi.Resource,
  s: SettledSageMaker,
  endpointName: string,
): Pick<SageMakerNodes, "modelRole" | "modelRights" | "modelLogGroup"> {
  const { name, args } = s;
  const { transform = {} } = args;
  const modelLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      {
        // SageMaker writes to the group of this name, and would make it without key and end.
        name: `/aws/sagemaker/Endpoints/${endpointName}`,
        kmsKeyId: args.keyArn,
        retentionInDays: args.logRetentionDays,
        deletionProtectionEnabled: args.keep,
      },
      transform.modelLogGroup,
    ),
    { parent, protect: args.keep },
  );
  const modelRole = new aws.iam.Role(
    `${name}-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: what the model runs as`,
        assumeRolePolicy: assumableBy("sagemaker.amazonaws.com"),
      },
      transform.modelRole,
    ),
    { parent },
  );
  const modelRights = new aws.iam.RolePolicy(
    `${name}-rights`,
    override<aws.iam.RolePolicyArgs>(
      { role: modelRole.name, policy: { Version: "2012-10-17", Statement: rights(s, modelLogGroup) } },
      transform.modelRights,
    ),
    { parent },
  );
  return { modelLogGroup, modelRole, modelRights };
}

function rights(
  { name, args, sagemaker }: SettledSageMaker,
  logGroup: aws.cloudwatch.LogGroup,
): aws.iam.PolicyStatement[] {
  const { image, artefact, capture } = sagemaker.given;
  const places = sagemaker.async;
  const viaS3 = (action: string | string[]): aws.iam.PolicyStatement => ({
    Effect: "Allow",
    Action: action,
    Resource: args.keyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${args.region}.amazonaws.com` } },
  });
  return [
    ...image.repository.pull.statements,
    {
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*", // The action knows no resources.
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    ...(artefact === undefined
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: "s3:GetObject",
            Resource: pulumi.interpolate`${artefact.bucketArn}/${artefact.key}`,
          },
          viaS3("kms:Decrypt"),
        ]),
    ...(capture === undefined
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${capture.bucketArn}/${name}/*`,
          },
          viaS3("kms:GenerateDataKey"),
        ]),
    ...(places === undefined
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: "s3:GetObject",
            Resource: pulumi.interpolate`${places.bucket.bucketArn}/${name}/requests/*`,
          },
          {
            Effect: "Allow" as const,
            Action: "s3:PutObject",
            Resource: [
              pulumi.interpolate`${places.bucket.bucketArn}/${name}/results/*`,
              pulumi.interpolate`${places.bucket.bucketArn}/${name}/failures/*`,
            ],
          },
          viaS3(["kms:Decrypt", "kms:GenerateDataKey"]),
        ]),
    ...(places?.topicArn === undefined ? [] : tell(places.topicArn, args.keyArn, args.region)),
  ];
}

function tell(topicArn: pulumi.Input<string>, keyArn: pulumi.Input<string>, region: string): aws.iam.PolicyStatement[] {
  return [
    { Effect: "Allow", Action: "sns:Publish", Resource: topicArn },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
    },
  ];
}
