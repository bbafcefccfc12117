import { DeployRoles } from "../components/index";

// Staging: a preview runs the branch's code, so it waits for a reviewer of the GitHub environment stg-preview.
const roles = new DeployRoles("github", {
  repository: { owner: "example", name: "shop", ownerId: 1234567, repositoryId: 89012345 },
  environment: "stg",
  previewFrom: "reviewedEnvironment",
  state: {
    bucketArn: "arn:aws:s3:::kiban-state-222222222222-ap-northeast-1",
    keyArn: "arn:aws:kms:ap-northeast-1:222222222222:key/11111111-2222-3333-4444-555555555555",
  },
});

// What `role-to-assume` of aws-actions/configure-aws-credentials takes.
export const deployRole = roles.roleArns.deploy;
