import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

import { document, type Place, readSitePointers, readState, readUnlisted } from "./place";
import { deployActions } from "./services";

/** What a deployment may do beside the changes of `deployServices`: keep the state, and manage the platform's roles. */
export function deployRights(place: Place & { readonly boundaryArn: Input<string> }): aws.iam.PolicyDocument {
  const { accountId, partition, region, state, boundaryArn } = place;
  const iam = interpolate`arn:${partition}:iam::${accountId}`;
  const [role, policy] = [interpolate`${iam}:role/*`, interpolate`${iam}:policy/*`];
  return document([
    ...readState(state),
    {
      Sid: "WriteState",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:PutObject"],
      Resource: interpolate`${state.bucketArn}/*`,
    },
    { Sid: "EncryptState", Effect: "Allow", Action: ["kms:Encrypt", "kms:GenerateDataKey"], Resource: state.keyArn },
    {
      // Through the services that keep data with the stack's keys, whose ids are known only once the stack is there.
      Sid: "UseTheStacksKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      Resource: interpolate`arn:${partition}:kms:*:${accountId}:key/*`,
      Condition: { StringLike: { "kms:ViaService": "*.amazonaws.com" } },
    },
    {
      // The provider compares a secret's version with what the program gives.
      Sid: "CompareSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: interpolate`arn:${partition}:secretsmanager:${region}:${accountId}:secret:*`,
    },
    readSitePointers(place),
    readUnlisted(place),
    {
      // Who makes a group of instances is asked for the right to launch them (AWS: EC2 Auto Scaling user guide, "Control
      // Amazon EC2 launch template usage"). By a template alone, not any instance at will.
      Sid: "LaunchByTemplate",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: interpolate`arn:${partition}:ec2:${region}:*:*`, // An image has no account in its ARN.
      Condition: {
        ArnLike: { "ec2:LaunchTemplate": interpolate`arn:${partition}:ec2:${region}:${accountId}:launch-template/*` },
      },
    },
    {
      // Who builds one upon the other is asked for these, which AWS counts as reading.
      Sid: "DashboardsUponData",
      Effect: "Allow",
      Action: ["quicksight:PassDataSet", "quicksight:PassDataSource"],
      Resource: ["dataset", "datasource"].map(
        (type) => interpolate`arn:${partition}:quicksight:*:${accountId}:${type}/*`,
      ),
    },
    {
      Sid: "RolesWithTheBoundary",
      Effect: "Allow",
      Action: [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      Resource: role,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      Sid: "Roles",
      Effect: "Allow",
      Action: [
        "iam:DeleteRole",
        "iam:PassRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      Resource: role,
    },
    {
      Sid: "Policies",
      Effect: "Allow",
      Action: [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:TagPolicy",
        "iam:UntagPolicy",
      ],
      Resource: policy,
    },
    {
      Sid: "RolesOfServices",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: interpolate`${iam}:role/aws-service-role/*`,
    },
  ]);
}

/** The most characters of a managed policy. AWS: IAM user guide, "IAM and AWS STS quotas"; white space does not count. */
export const policyCharacters = 6144;

/** What a deployment may change, in as many policies as IAM's size takes. */
export function deployServicePolicies(): aws.iam.PolicyDocument[] {
  const parts: string[][] = [[]];
  let size = 0;
  for (const action of deployActions()) {
    // The rest is for the document round the list.
    if (size + action.length + 3 > policyCharacters - 200) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(action);
    size += action.length + 3;
  }
  return parts.map((Action) =>
    document([
      {
        Effect: "Allow",
        Action,
        Resource: "*", // A deployment makes what has no name yet; the boundary names what it must not touch.
      },
    ]),
  );
}
