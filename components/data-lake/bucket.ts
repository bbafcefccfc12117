import type * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { createLoggedBucket, lifecycleRules, type LoggedBucket } from "../shared/bucket";
import type { Settled, SettledLifecycle } from "./settle";

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** What of a bucket differs between zones and query results. */
export interface BucketKind {
  /** Part of the names: the zone, or `results`. */
  readonly role: string;
  readonly lifecycle: SettledLifecycle;
  readonly restoreDays: number;
}

/** A private, versioned bucket, encrypted with the stack's key and reached over TLS alone. */
export function createBucket(parent: Resource, s: Settled, kind: BucketKind): LoggedBucket {
  const { transform = {}, keep, keyArn, logArchive } = s.args;
  const prefix = `${s.name}-${kind.role}`;
  return createLoggedBucket(parent, { prefix, keyArn, keep, logArchive, lifecycle: lifecycleOf(kind), transform });
}

/** Tiering by use, and expiry where asked. */
export function lifecycleOf({ lifecycle, restoreDays }: Pick<BucketKind, "lifecycle" | "restoreDays">): Rule[] {
  const { tierAfterDays, expireAfterDays } = lifecycle;
  return lifecycleRules(
    {
      id: "age",
      ...(tierAfterDays !== undefined && {
        transitions: [{ days: tierAfterDays, storageClass: "INTELLIGENT_TIERING" }],
      }),
      ...(expireAfterDays !== undefined && { expiration: { days: expireAfterDays } }),
    },
    restoreDays,
  );
}
