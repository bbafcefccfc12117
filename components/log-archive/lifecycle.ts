import type * as aws from "@pulumi/aws";

import { lifecycleRules } from "../shared/bucket";

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;
type Transition = aws.types.input.s3.BucketLifecycleConfigurationRuleTransition;

/** Days that a deleted or overwritten log can still be brought back. */
export const noncurrentDays = 30;

/**
 * Lifecycle of a log bucket: cheaper classes where the log stays long enough to be worth it, then expiry.
 *
 * AWS: S3 user guide, "Transitioning objects": Standard-IA not before day 30 and billed for 30 days at least, Glacier
 * Instant Retrieval billed for 90 days at least. An earlier expiry would pay for days that the log is not there.
 */
export function archiveLifecycle(retentionDays: number): Rule[] {
  const transitions: Transition[] = [
    ...(retentionDays >= 60 ? [{ days: 30, storageClass: "STANDARD_IA" }] : []),
    ...(retentionDays >= 180 ? [{ days: 90, storageClass: "GLACIER_IR" }] : []),
  ];
  return lifecycleRules(
    { id: "expire", expiration: { days: retentionDays }, ...(transitions.length > 0 && { transitions }) },
    noncurrentDays,
  );
}
