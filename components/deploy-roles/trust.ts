import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import { policyDocument } from "../shared/policy-document";
import type { Purpose, Repository, SubjectForm } from "./types";

/** GitHub's issuer; its host is also the prefix of the condition keys. */
export const issuer = "token.actions.githubusercontent.com";
/** Audience that aws-actions/configure-aws-credentials asks for. */
export const audience = "sts.amazonaws.com";

/** When a stack's roles may be assumed. */
export interface Occasions {
  /** GitHub environment of the stack's deployments. */
  readonly environment: string;
  /** Branch whose pushes are built. */
  readonly branch: string;
  readonly previewFrom: "pullRequests" | "reviewedEnvironment";
}

/**
 * What follows the repository in `sub`. GitHub docs, "OpenID Connect reference": a job with an environment has its name, a
 * pull request has `pull_request`, any other job has its ref. A job that names an environment never has the other two.
 */
export function contextsOf(purpose: Purpose, { environment, branch, previewFrom }: Occasions): string[] {
  const main = `ref:refs/heads/${branch}`;
  switch (purpose) {
    case "preview":
      // The branch is for the nightly search for drift, which runs what has been reviewed already.
      return [previewFrom === "pullRequests" ? "pull_request" : `environment:${environment}-preview`, main];
    case "deploy":
    case "site":
      return [`environment:${environment}`];
    case "push":
      // A build pushes from the branch; a promotion to the next account is a part of that stack's deployment.
      return [main, `environment:${environment}`];
  }
}

/** Each `sub` that is trusted: whole texts, never patterns. */
export function subjectsOf(
  repository: Repository,
  forms: readonly SubjectForm[],
  contexts: readonly string[],
): string[] {
  const { owner, name, ownerId, repositoryId } = repository;
  const written = { names: `${owner}/${name}`, ids: `${owner}@${ownerId}/${name}@${repositoryId}` };
  return forms.flatMap((form) => contexts.map((context) => `repo:${written[form]}:${context}`));
}

/** Who may assume a role: GitHub's tokens for AWS, of these subjects. */
export function trustPolicy(providerArn: Input<string>, subjects: readonly string[]): aws.iam.PolicyDocument {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: [...subjects] } },
    },
  ]);
}
