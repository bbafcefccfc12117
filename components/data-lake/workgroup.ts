import * as aws from "@pulumi/aws";
import { interpolate, type Resource } from "@pulumi/pulumi";

import type { LoggedBucket } from "../shared/bucket";
import { override } from "../shared/override";
import type { Settled } from "./settle";

/** The workgroup that queries run in: its settings hold against what a client asks for. */
export function createWorkGroup(parent: Resource, s: Settled, results: LoggedBucket): aws.athena.Workgroup {
  return new aws.athena.Workgroup(
    `${s.name}-workgroup`,
    override<aws.athena.WorkgroupArgs>(
      {
        description: `Queries on ${s.name}`,
        forceDestroy: !s.args.keep,
        configuration: {
          enforceWorkgroupConfiguration: true,
          // Counts where somebody takes the enforcement away.
          enableMinimumEncryptionConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          // The query is stopped at the limit, and what it had read by then is paid.
          bytesScannedCutoffPerQuery: Math.round(s.scanLimitGb * 1_000_000_000),
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: interpolate`s3://${results.bucket.bucket}/results/`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: s.args.keyArn },
          },
        },
      },
      s.args.transform?.workGroup,
    ),
    { parent, dependsOn: [results.policy, results.encryption, results.publicAccess] },
  );
}
