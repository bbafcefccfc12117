/** Where an account's states are. */
export interface StatePlace {
  /** First part of the bucket's name. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * In the account's own namespace, where nobody else can take the name first. AWS: S3 user guide, "Account regional namespace
 * naming rules": `<prefix>-<account>-<region>-an`.
 */
export function stateBucketName({ prefix, accountId, region }: StatePlace): string {
  return `${prefix}-${accountId}-${region}-an`;
}

/** Address of the backend in that bucket. */
export function backendUrl(place: StatePlace): string {
  return `s3://${stateBucketName(place)}?region=${place.region}`;
}
