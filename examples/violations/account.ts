import * as aws from "@pulumi/aws";

import { assumedBy, opts } from "./base";
import { logs } from "./storage";

// account-allow-list, provider-no-static-keys, tag-provider-defaults
new aws.Provider("loose", { region: "ap-northeast-1", accessKey: "not-a-real-key" });

// account-baseline: a trail without a key
new aws.cloudtrail.Trail(
  "trail",
  { s3BucketName: logs.bucket, isMultiRegionTrail: true, enableLogFileValidation: true },
  opts,
);
new aws.guardduty.Detector("detector", { enable: true }, opts);
new aws.accessanalyzer.Analyzer("analyzer", { analyzerName: "account" }, opts);
const recorder = new aws.iam.Role(
  "recorder",
  { assumeRolePolicy: assumedBy({ Service: "config.amazonaws.com" }) },
  opts,
);
new aws.cfg.Recorder("recorder", { roleArn: recorder.arn }, opts);
