import type { DeployRolesArgs } from "../../components/deploy-roles/deploy-roles";

export const account = "111111111111";
export const bucketArn = "arn:aws:s3:::kiban-state";
export const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`;
/** ARN of GitHub's provider in the account. */
export const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
export const boundaryArn = `arn:aws:iam::${account}:policy/boundary/kiban`;

export const least: DeployRolesArgs = {
  repository: { owner: "example", name: "shop" },
  environment: "stg",
  previewFrom: "reviewedEnvironment",
  state: { bucketArn, keyArn },
};
