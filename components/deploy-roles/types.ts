import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Override } from "../shared/override";

/** The GitHub repository whose workflows assume the roles. */
export interface Repository {
  /** Account or organization, as GitHub writes it: IAM minds the case. */
  owner: string;
  /** Name of the repository without its owner, as GitHub writes it. */
  name: string;
  /** Number of the owner (`gh api users/<owner> --jq .id`), which outlives a rename. @default only the names are trusted */
  ownerId?: number;
  /** Number of the repository (`gh api repos/<owner>/<name> --jq .id`). @default only the names are trusted */
  repositoryId?: number;
}

/** How GitHub writes a repository in `sub`: `owner/name`, or `owner@id/name@id` for repositories made since July 2026. */
export type SubjectForm = "names" | "ids";

/** Where the stack's Pulumi state is. */
export interface StatePlace {
  /** ARN of the bucket. */
  bucketArn: Input<string>;
  /** ARN of the key that encrypts the bucket and the stack's secrets. */
  keyArn: Input<string>;
}

/** What each purpose's role is called in `nodes`. */
export type Purpose = "preview" | "deploy" | "push" | "site";

/** The raw children of DeployRoles; `provider` is undefined where one is adopted. */
export interface DeployRolesNodes {
  readonly provider: aws.iam.OpenIdConnectProvider | undefined;
  readonly boundary: aws.iam.Policy;
  readonly roles: Readonly<Record<Purpose, aws.iam.Role>>;
  /** What each role may do, in its own policy; what `deploy` may change is in `deployServices`. */
  readonly rights: Readonly<Record<Purpose, aws.iam.RolePolicy>>;
  readonly deployServices: readonly aws.iam.Policy[];
  readonly deployAttachments: readonly aws.iam.RolePolicyAttachment[];
  /** AWS's ReadOnlyAccess, for preview and deploy. */
  readonly readers: Readonly<Record<"preview" | "deploy", aws.iam.RolePolicyAttachment>>;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface DeployRolesTransform {
  provider?: Override<aws.iam.OpenIdConnectProviderArgs>;
  boundary?: Override<aws.iam.PolicyArgs>;
  roles?: Partial<Record<Purpose, Override<aws.iam.RoleArgs>>>;
  rights?: Partial<Record<Purpose, Override<aws.iam.RolePolicyArgs>>>;
  /** Applies to each of them. */
  deployServices?: Override<aws.iam.PolicyArgs>;
  /** Applies to each of them. */
  deployAttachments?: Override<aws.iam.RolePolicyAttachmentArgs>;
  readers?: Partial<Record<"preview" | "deploy", Override<aws.iam.RolePolicyAttachmentArgs>>>;
}
