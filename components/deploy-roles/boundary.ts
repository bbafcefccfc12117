import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

import { policyDocument } from "../shared/policy-document";
import { deployVerbs, otherServices } from "./services";
import type { StatePlace } from "./types";

/** The account, and what in it no deployment may touch. */
export interface Guarded {
  readonly accountId: Input<string>;
  readonly partition: Input<string>;
  /** Path and name of the boundary itself. */
  readonly boundary: string;
  /** Names of roles, with wildcards. */
  readonly roles: readonly string[];
  readonly state: StatePlace;
}

/**
 * The most that a role with this boundary can do, whatever its policies say: the platform's services, and of IAM no users, no
 * change of the boundary, of the account's own roles or of the state's keeping. It allows nothing by itself.
 */
export function boundaryPolicy({ accountId, partition, boundary, roles, state }: Guarded): aws.iam.PolicyDocument {
  const iam = interpolate`arn:${partition}:iam::${accountId}`;
  const own = interpolate`${iam}:policy${boundary}`;
  return policyDocument([
    {
      Sid: "PlatformServices",
      Effect: "Allow",
      Action: [...Object.keys(deployVerbs), ...otherServices].sort().map((service) => `${service}:*`),
      Resource: "*", // A boundary: the roles' own policies name the resources.
    },
    {
      Sid: "RolesCarryTheBoundary",
      Effect: "Deny",
      Action: ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: "*",
      // True also of a request without the key.
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": own } },
    },
    {
      Sid: "TheBoundaryStays",
      Effect: "Deny",
      Action: ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"],
      Resource: own,
    },
    {
      Sid: "NoUsersNoWayIn",
      Effect: "Deny",
      Action: [
        "iam:*AccessKey*",
        "iam:*AccountAlias*",
        "iam:*AccountPasswordPolicy",
        "iam:*Group*",
        "iam:*LoginProfile*",
        "iam:*MFADevice*",
        "iam:*OpenIDConnectProvider*",
        "iam:*SAMLProvider*",
        "iam:*User*",
        "iam:DeleteRolePermissionsBoundary",
      ],
      Resource: "*",
    },
    {
      Sid: "TheAccountsRoles",
      Effect: "Deny",
      Action: [
        "iam:AttachRolePolicy",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PassRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole*",
        "sts:AssumeRole",
      ],
      Resource: roles.map((role) => interpolate`${iam}:role/${role}`),
    },
    {
      Sid: "TheStateStays",
      Effect: "Deny",
      Action: ["s3:DeleteBucket*", "s3:DeleteObjectVersion*", "s3:PutBucket*", "s3:PutEncryption*", "s3:PutLifecycle*"],
      Resource: [state.bucketArn, interpolate`${state.bucketArn}/*`],
    },
    {
      Sid: "TheStatesKeyStays",
      Effect: "Deny",
      Action: ["kms:DeleteAlias", "kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateAlias"],
      Resource: state.keyArn,
    },
    {
      Sid: "TheAccountsSettings",
      Effect: "Deny",
      Action: [
        "cloudtrail:Delete*",
        "cloudtrail:Put*",
        "cloudtrail:Stop*",
        "cloudtrail:Update*",
        "ec2:DisableEbsEncryptionByDefault",
        "ec2:ModifyEbsDefaultKmsKeyId",
        "s3:PutAccountPublicAccessBlock",
      ],
      Resource: "*",
    },
  ]);
}
