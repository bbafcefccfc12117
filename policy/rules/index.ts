import type { Rule } from "../lib/rule";
import { accountAllowList, providerNoStaticKeys } from "./account";
import { iamBoundary, iamGithubOidc, iamRoleConflict, noIamUsers } from "./access";
import { accountBaseline, ignoredChanges, wafLogs } from "./audit";
import { backupPlan, backupVaultKms } from "./backup";
import { cmkByDataClass, dataResidency, tagDataClass } from "./data-class";
import {
  albPublicNeedsWaf,
  albTargetTls,
  cfMisc,
  ec2NoPublicIp,
  resourcePolicyPublic,
  subnetNoAutoIp,
  vpcEndpoints,
  vpcNoDefault,
} from "./perimeter";
import { regionAllowList } from "./regions";
import { dbSecurityGroups, sgHygiene, sgRuleConflict } from "./security-groups";
import { ecsLogsInsights, ecsPlatform, ecsRollout, lambdaLimits, lambdaTracingLogs } from "./services";
import { endpointSprawl, instanceSize, natCount } from "./spend";
import { tagCopyToSnapshots, tagExpiry, tagPropagateMisc } from "./tag-reach";
import {
  athenaMetrics,
  athenaResults,
  athenaScanLimit,
  glueCatalog,
  glueConnSsl,
  glueJobSupport,
  glueSecConfig,
  lakeformationDefault,
  quicksightAccess,
  quicksightSsl,
} from "./analytics";
import { auroraForceSsl, auroraMultiAz, dbReachability } from "./aurora";
import { s3AccessLogs, s3AclPolicy, s3VersioningLifecycle } from "./buckets";
import { spendCeiling } from "./ceilings";
import { cfLogs, cfOac, cfWaf } from "./cloudfront";
import { cognitoClient, cognitoMfa, cognitoNoGuest, cognitoPassword, cognitoThreat } from "./cognito";
import { ecsNoPublicIp, imagePinned, logRetention } from "./containers";
import {
  auroraBackup,
  auroraLogExports,
  dbAdminNameIam,
  dbManagedPassword,
  minorUpgrades,
  rdsAuxKeys,
  rdsProxyTls,
} from "./database";
import {
  dbDeletionProtection,
  kmsDeletionWindow,
  noForceDestroy,
  otherDeletionProtection,
  pulumiProtect,
} from "./deletion";
import { dynamodbCapacity, dynamodbPitr } from "./dynamodb";
import { albHttps, cfMinTls, cfOriginTls } from "./edge";
import { ecrKms, ecsStorageKms, kmsKeyPolicy, kmsRotation, logsKms, s3SseKms, snsSse, sqsSse } from "./encryption";
import {
  bedrockGuardrail,
  bedrockInvocationLogs,
  bedrockKms,
  bedrockModelAllowList,
  budgetPresent,
  gpuInstanceAck,
  provisionedThroughputAck,
} from "./generative-ai";
import { iamAdmin, iamManagedAdmin, iamTrust, iamWildcards } from "./iam";
import { lambdaEnvKms, lambdaFailureDest, lambdaNotPublic, lambdaRuntime } from "./lambda";
import { alarmsHaveActions, albLogs, stateMachineLogs } from "./logging";
import { sqsRedrive } from "./messaging";
import { defaultSgClosed, s3Bpa, sgOpenIngress, vpcFlowLogs } from "./network";
import { ecrImmutable, ecrLifecycle, ecrScan } from "./repositories";
import { envPlaintextSecret, secretRotation, ssmSecure, userdataSecret } from "./secrets";
import {
  sagemakerDevServerless,
  sagemakerEndpointHa,
  sagemakerKms,
  sagemakerModelIsolation,
  sagemakerNetwork,
  sagemakerRoot,
} from "./sagemaker";
import { dynamodbCmk, ebsEncrypted, kinesisSse, rdsEncrypted, rdsNotPublic, secretCmk } from "./storage";
import { firehoseErrorLogs, firehoseSse, streamRetention } from "./streams";
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
import { ecsDistinctRoles, ecsExecOff, ecsReadonlyRoot, ecsUnprivileged } from "./tasks";
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
import { redshiftCmk, redshiftLogExports, redshiftNotPublic, redshiftSsl, redshiftUsageLimit } from "./warehouse";

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
  tagDataClass,
  tagCopyToSnapshots,
  tagPropagateMisc,
  tagExpiry,

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
  rdsAuxKeys,
  dynamodbCmk,
  kinesisSse,
  secretCmk,
  lambdaEnvKms,
  backupVaultKms,
  cmkByDataClass,
  firehoseSse,
  glueSecConfig,
  glueCatalog,
  athenaResults,
  redshiftCmk,

  albHttps,
  albTlsPolicy,
  albHardening,
  cfViewerHttps,
  cfMinTls,
  cfOriginTls,
  cfSecurityHeaders,
  auroraForceSsl,
  rdsProxyTls,
  s3SslOnly,
  sqsSnsSsl,
  ecsEfsTls,
  imdsv2,
  albTargetTls,
  redshiftSsl,
  quicksightSsl,
  glueConnSsl,

  accountAllowList,
  regionAllowList,
  dataResidency,
  providerNoStaticKeys,
  imagePinned,
  ecrImmutable,
  ecrScan,
  ecrLifecycle,
  ecsDistinctRoles,
  ecsReadonlyRoot,
  ecsUnprivileged,
  ecsExecOff,
  ecsPlatform,
  ecsRollout,
  ecsLogsInsights,
  ecsNoPublicIp,
  sgOpenIngress,
  defaultSgClosed,
  sgHygiene,
  sgRuleConflict,
  dbSecurityGroups,
  s3Bpa,
  s3AclPolicy,
  cfOac,
  cfWaf,
  cfMisc,
  albPublicNeedsWaf,
  subnetNoAutoIp,
  ec2NoPublicIp,
  resourcePolicyPublic,
  lambdaNotPublic,
  rdsNotPublic,
  redshiftNotPublic,
  quicksightAccess,
  lakeformationDefault,
  dbReachability,
  vpcEndpoints,
  vpcNoDefault,
  vpcFlowLogs,
  albLogs,
  cfLogs,
  s3AccessLogs,
  auroraLogExports,
  redshiftLogExports,
  athenaMetrics,
  firehoseErrorLogs,
  logRetention,
  alarmsHaveActions,
  wafLogs,
  accountBaseline,
  ignoredChanges,

  envPlaintextSecret,
  ssmSecure,
  userdataSecret,
  secretRotation,
  dbManagedPassword,
  dbAdminNameIam,
  iamAdmin,
  iamWildcards,
  iamManagedAdmin,
  iamTrust,
  iamGithubOidc,
  iamBoundary,
  iamRoleConflict,
  noIamUsers,
  cognitoPassword,
  cognitoMfa,
  cognitoClient,
  cognitoNoGuest,
  cognitoThreat,

  auroraBackup,
  auroraMultiAz,
  minorUpgrades,
  dynamodbPitr,
  dynamodbCapacity,
  s3VersioningLifecycle,
  dbDeletionProtection,
  otherDeletionProtection,
  pulumiProtect,
  noForceDestroy,
  kmsDeletionWindow,
  backupPlan,
  lambdaRuntime,
  lambdaFailureDest,
  lambdaLimits,
  lambdaTracingLogs,
  stateMachineLogs,
  sqsRedrive,
  streamRetention,
  glueJobSupport,

  natCount,
  instanceSize,
  endpointSprawl,
  athenaScanLimit,
  redshiftUsageLimit,
  budgetPresent,
  spendCeiling,
  provisionedThroughputAck,
  gpuInstanceAck,

  bedrockGuardrail,
  bedrockModelAllowList,
  bedrockInvocationLogs,
  bedrockKms,
  sagemakerKms,
  sagemakerNetwork,
  sagemakerModelIsolation,
  sagemakerRoot,
  sagemakerEndpointHa,
  sagemakerDevServerless,
];
