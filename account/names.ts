import { backendUrl } from "../components/state-bucket/place";

// What the account stack calls what others refer to before they can ask it.

/** Key of the secrets of every stack in the account. */
export const secretsAlias = "alias/kiban-pulumi";

/** First part of the state bucket's name. */
export const statePrefix = "kiban-state";

/** Log group of the invocations of models: kiban:ai.invocationLogGroup of the platform. */
export const invocationLogGroup = "/kiban/model-invocations";

/** First part of what the account's roles are called, and the boundary's name. */
export const rolePrefix = "kiban";

/** Which of AWS's worlds a region is in. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** What `secretsprovider` of a stack file says. */
export function secretsProvider(region: string): string {
  return `awskms://${secretsAlias}?region=${region}`;
}

/** What `PULUMI_BACKEND_URL` says for every stack in the account. */
export function backendOf(accountId: string, region: string): string {
  return backendUrl({ prefix: statePrefix, accountId, region });
}
