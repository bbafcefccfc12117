import type { Rule } from "../lib/rule";
import { accountAllowList, providerNoStaticKeys } from "./account";
import { ecsNoPublicIp, imagePinned, logRetention } from "./containers";
import { albHttps, cfMinTls, cfOriginTls } from "./edge";
import { ecrKms, ecsStorageKms, kmsKeyPolicy, kmsRotation, logsKms, s3SseKms, snsSse, sqsSse } from "./encryption";
import { defaultSgClosed, s3Bpa, sgOpenIngress, vpcFlowLogs } from "./network";
import { dynamodbCmk, ebsEncrypted, kinesisSse, rdsEncrypted, rdsNotPublic, secretCmk } from "./storage";
import {
  tagAllowedValues,
  tagAsgPropagate,
  tagEcsEbs,
  tagEcsPropagate,
  tagFormat,
  tagLaunchTemplate,
  tagProviderDefaults,
  tagRequiredKeys,
} from "./tagging";
import {
  albHardening,
  albTlsPolicy,
  cfSecurityHeaders,
  cfViewerHttps,
  ecsEfsTls,
  imdsv2,
  s3SslOnly,
  sqsSnsSsl,
} from "./transit";

/** Every rule of the pack, in the order of the README. */
export const rules: readonly Rule[] = [
  tagRequiredKeys,
  tagAllowedValues,
  tagFormat,
  tagProviderDefaults,
  tagEcsPropagate,
  tagEcsEbs,
  tagAsgPropagate,
  tagLaunchTemplate,

  s3SseKms,
  sqsSse,
  snsSse,
  logsKms,
  ecrKms,
  ecsStorageKms,
  kmsRotation,
  kmsKeyPolicy,
  ebsEncrypted,
  rdsEncrypted,
  dynamodbCmk,
  kinesisSse,
  secretCmk,

  albHttps,
  albTlsPolicy,
  albHardening,
  cfViewerHttps,
  cfMinTls,
  cfOriginTls,
  cfSecurityHeaders,
  s3SslOnly,
  sqsSnsSsl,
  ecsEfsTls,
  imdsv2,

  accountAllowList,
  providerNoStaticKeys,
  imagePinned,
  ecsNoPublicIp,
  sgOpenIngress,
  defaultSgClosed,
  s3Bpa,
  rdsNotPublic,
  vpcFlowLogs,
  logRetention,
];
