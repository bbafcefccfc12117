import type { Resource } from "@pulumi/pulumi";

import { createLoggedBucket, lifecycleRules } from "../shared/bucket";
import type { Settled } from "./settle";
import type { FailuresBucket } from "./types";

/** The private bucket of the batches that were given up, with their payload, and of raw records where they are kept. */
export function createFailures(parent: Resource, s: Settled): FailuresBucket {
  const { keyArn, keep, logArchive, transform = {} } = s.args;
  const prefix = `${s.name}-failures`;
  const made = createLoggedBucket(parent, {
    prefix,
    name: prefix,
    keyArn,
    keep,
    logArchive,
    // What a replay deleted can be brought back for a while.
    lifecycle: lifecycleRules({ id: "expire", expiration: { days: s.failureDays } }, 30),
    transform: {
      bucket: transform.failures,
      ownership: transform.failuresOwnership,
      publicAccess: transform.failuresPublicAccess,
      encryption: transform.failuresEncryption,
      versioning: transform.failuresVersioning,
      lifecycle: transform.failuresLifecycle,
      logging: transform.failuresLogging,
      policy: transform.failuresPolicy,
    },
  });
  return {
    failures: made.bucket,
    failuresOwnership: made.ownership,
    failuresPublicAccess: made.publicAccess,
    failuresEncryption: made.encryption,
    failuresVersioning: made.versioning,
    failuresLifecycle: made.lifecycle,
    failuresLogging: made.logging,
    failuresPolicy: made.policy,
  };
}
