import { type Values } from "./values";

/**
 * Values that the provider's schema fills in at Check for the types of this platform; for other types the inputs stay
 * as they are. Sources: the "Defaults to" of each property in @pulumi/aws, and pulumi/pulumi-aws,
 * `provider/testdata/recorded` (recorded Check calls), `provider/resource_overrides.go` ("Managed by Pulumi").
 */
const managed = "Managed by Pulumi";

const loadBalancer: Values = {
  clientKeepAlive: 3600,
  desyncMitigationMode: "defensive",
  dropInvalidHeaderFields: false,
  enableCrossZoneLoadBalancing: false,
  enableDeletionProtection: false,
  enableHttp2: true,
  enableTlsVersionAndCipherSuiteHeaders: false,
  enableWafFailOpen: false,
  enableXffClientPort: false,
  idleTimeout: 60,
  loadBalancerType: "application",
  preserveHostHeader: false,
  xffHeaderProcessingMode: "append",
};

const targetGroup: Values = {
  lambdaMultiValueHeadersEnabled: false,
  proxyProtocolV2: false,
  slowStart: 0,
  targetType: "instance",
};

const defaults: Readonly<Record<string, Values>> = {
  "alb/loadBalancer": loadBalancer,
  "alb/targetGroup": targetGroup,
  "appautoscaling/policy": { policyType: "StepScaling" },
  "cloudfront/distribution": {
    httpVersion: "http2",
    priceClass: "PriceClass_All",
    retainOnDelete: false,
    staging: false,
    waitForDeployment: true,
  },
  "cloudwatch/logGroup": { retentionInDays: 0, skipDestroy: false },
  "cloudwatch/metricAlarm": { actionsEnabled: true, treatMissingData: "missing" },
  "docdb/subnetGroup": { description: managed },
  "dynamodb/table": { billingMode: "PROVISIONED" },
  "ec2/flowLog": { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  "ec2/natGateway": { connectivityType: "public" },
  "ec2/securityGroup": { description: managed, revokeRulesOnDelete: false },
  "ec2/securityGroupRule": { self: false },
  "ec2/subnet": {
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  },
  "ec2/vpc": { enableDnsSupport: true, instanceTenancy: "default" },
  "ec2/vpcEndpoint": { vpcEndpointType: "Gateway" },
  "ecr/repository": { imageTagMutability: "MUTABLE" },
  "ecs/service": {
    deploymentMaximumPercent: 200,
    deploymentMinimumHealthyPercent: 100,
    enableEcsManagedTags: false,
    enableExecuteCommand: false,
    schedulingStrategy: "REPLICA",
    waitForSteadyState: false,
  },
  "ecs/taskDefinition": { skipDestroy: false, trackLatest: false },
  "elasticache/parameterGroup": { description: managed },
  "elasticache/subnetGroup": { description: managed },
  "iam/policy": { path: "/" },
  "iam/role": { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  "kinesis/stream": { encryptionType: "NONE", enforceConsumerDeletion: false, retentionPeriod: 24 },
  "kms/key": {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  "lambda/function": { memorySize: 128, packageType: "Zip", publish: false, timeout: 3 },
  "lb/loadBalancer": loadBalancer,
  "lb/targetGroup": targetGroup,
  "rds/cluster": {
    backupRetentionPeriod: 1,
    copyTagsToSnapshot: false,
    deleteAutomatedBackups: true,
    engineMode: "provisioned",
    skipFinalSnapshot: false,
  },
  "rds/clusterInstance": {
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    promotionTier: 0,
    publiclyAccessible: false,
  },
  "rds/clusterParameterGroup": { description: managed },
  "rds/parameterGroup": { description: managed },
  "rds/subnetGroup": { description: managed },
  "redshift/subnetGroup": { description: managed },
  "route53/zone": { comment: managed, forceDestroy: false },
  "s3/bucket": { forceDestroy: false },
  "s3/bucketPublicAccessBlock": {
    blockPublicAcls: false,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  },
  "scheduler/schedule": { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  "secretsmanager/secret": { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  "sns/topic": { contentBasedDeduplication: false, fifoTopic: false },
  "sns/topicSubscription": {
    confirmationTimeoutInMinutes: 1,
    endpointAutoConfirms: false,
    rawMessageDelivery: false,
  },
  "sqs/queue": {
    contentBasedDeduplication: false,
    delaySeconds: 0,
    fifoQueue: false,
    maxMessageSize: 262144,
    messageRetentionSeconds: 345600,
    receiveWaitTimeSeconds: 0,
    visibilityTimeoutSeconds: 30,
  },
};

const none: Values = {};

export function defaultsOf(type: string): Values {
  return defaults[type.split(":")[1] ?? ""] ?? none;
}

export const typesWithDefaults: readonly string[] = Object.keys(defaults);
