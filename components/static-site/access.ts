import { type Input, interpolate } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { siteFolders } from "./bucket";
import { immutableFolder, releasesFolder, type SiteLayout } from "./release";

/** What CI needs to upload a release, to switch to it and back, and to clear away old ones. */
export function deployAccess(
  name: string,
  site: {
    readonly bucketName: Input<string>;
    readonly bucketArn: Input<string>;
    readonly keyArn: Input<string>;
    readonly keyValueStoreArn: Input<string>;
    readonly layout: SiteLayout;
  },
): Access {
  const { bucketName, bucketArn, keyArn, keyValueStoreArn, layout } = site;
  return {
    name,
    env: { BUCKET: bucketName, KEY_VALUE_STORE_ARN: keyValueStoreArn, LAYOUT: JSON.stringify(layout) },
    statements: [
      {
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: siteFolders(bucketArn),
        // A file that is there never changes: the upload has to say `If-None-Match: *`. Parts of a multipart upload
        // cannot say it, so each file goes up in one piece, of 5 GB at most.
        Condition: { Null: { "s3:if-none-match": "false" } },
      },
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { StringLike: { "s3:prefix": [`${releasesFolder}/*`, `${immutableFolder}/*`] } },
      },
      // Puts a delete marker: the version stays for `restoreDays`. Immutable files stay, for open pages ask for them.
      { Effect: "Allow", Action: "s3:DeleteObject", Resource: interpolate`${bucketArn}/${releasesFolder}/*` },
      {
        Effect: "Allow",
        // Decrypt is for the bucket key, which S3 uses again for later files.
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: keyArn,
        // The stack's data share the key. With a bucket key the context is the bucket.
        Condition: { StringEquals: { "kms:EncryptionContext:aws:s3:arn": bucketArn } },
      },
      {
        Effect: "Allow",
        Action: [
          "cloudfront-keyvaluestore:DescribeKeyValueStore",
          "cloudfront-keyvaluestore:GetKey",
          "cloudfront-keyvaluestore:ListKeys",
          "cloudfront-keyvaluestore:UpdateKeys",
        ],
        Resource: keyValueStoreArn,
      },
    ],
  };
}
