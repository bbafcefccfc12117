/**
 * Inputs whose change replaces the resource, for the types of the platform and for everything that holds data; other types
 * are updated in place. A nested property is written with its path.
 * Source: hashicorp/terraform-provider-aws v6, which @pulumi/aws 7 bridges: `ForceNew: true` in a resource's schema, or
 * `RequiresReplace()` in one of the plugin framework.
 */
const balancer = "name namePrefix internal loadBalancerType customerOwnedIpv4Pool";
const bucketPart = "bucket expectedBucketOwner";
const group = "name namePrefix port protocol protocolVersion targetType vpcId ipAddressType";
const scaling = "name resourceId scalableDimension serviceNamespace";
const taskDefinition =
  "family containerDefinitions cpu memory networkMode executionRoleArn taskRoleArn requiresCompatibilities runtimePlatform " +
  "volumes ephemeralStorage ipcMode pidMode placementConstraints proxyConfiguration enableFaultInjection";

const replaces: Readonly<Record<string, string>> = {
  "acm/certificate":
    "domainName subjectAlternativeNames keyAlgorithm validationMethod validationOptions certificateAuthorityArn",
  "acm/certificateValidation": "certificateArn validationRecordFqdns",
  "alb/listener": "loadBalancerArn",
  "alb/listenerRule": "listenerArn",
  "alb/loadBalancer": balancer,
  "alb/targetGroup": group,
  "appautoscaling/policy": scaling,
  "appautoscaling/scheduledAction": scaling,
  "appautoscaling/target": "resourceId scalableDimension serviceNamespace",
  "bedrock/provisionedModelThroughput": "commitmentDuration modelArn modelUnits provisionedModelName",
  "cloudfront/distribution": "staging",
  "cloudfront/originAccessControl": "name",
  "cloudwatch/logDelivery": "deliveryDestinationArn deliverySourceName",
  "cloudwatch/logDeliveryDestination": "name deliveryDestinationType",
  "cloudwatch/logDeliverySource": "name logType resourceArn",
  "cloudwatch/logGroup": "name namePrefix logGroupClass",
  "cloudwatch/logResourcePolicy": "policyName",
  "cloudwatch/metricAlarm": "name",
  "cognito/userPool": "aliasAttributes usernameAttributes usernameConfiguration",
  "cognito/userPoolClient": "userPoolId generateSecret",
  "cognito/userPoolDomain": "domain userPoolId",
  "docdb/cluster":
    "clusterIdentifier clusterIdentifierPrefix availabilityZones dbSubnetGroupName engine kmsKeyId masterUsername " +
    "snapshotIdentifier storageEncrypted",
  "dynamodb/table": "name hashKey rangeKey localSecondaryIndexes importTable restoreSourceName restoreSourceTableArn",
  "ec2/defaultSecurityGroup": "vpcId",
  "ec2/eip": "address domain publicIpv4Pool networkBorderGroup customerOwnedIpv4Pool ipamPoolId",
  "ec2/flowLog":
    "deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType logFormat " +
    "maxAggregationInterval regionalNatGatewayId subnetId trafficType transitGatewayAttachmentId transitGatewayId vpcId",
  "ec2/natGateway": "allocationId subnetId connectivityType privateIp vpcId",
  "ec2/route": "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
  "ec2/routeTable": "vpcId",
  "ec2/routeTableAssociation": "subnetId gatewayId",
  "ec2/securityGroup": "name namePrefix description vpcId",
  "ec2/subnet": "availabilityZone availabilityZoneId cidrBlock ipv6Native outpostArn vpcId",
  "ec2/vpc": "cidrBlock ipv4IpamPoolId ipv4NetmaskLength instanceTenancy",
  "ec2/vpcEndpoint": "serviceName serviceRegion vpcEndpointType vpcId resourceConfigurationArn serviceNetworkArn",
  "ecr/lifecyclePolicy": "repository policy",
  "ecr/repository": "name encryptionConfigurations",
  "ecr/repositoryPolicy": "repository",
  "ecs/cluster": "name",
  "ecs/clusterCapacityProviders": "clusterName",
  "ecs/service": "cluster name launchType schedulingStrategy iamRole deploymentController",
  "ecs/taskDefinition": taskDefinition,
  "efs/fileSystem": "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
  "glue/catalogDatabase": "name catalogId",
  "glue/catalogTable": "name databaseName catalogId",
  "iam/instanceProfile": "name namePrefix path",
  "iam/policy": "name namePrefix path description",
  "iam/role": "name namePrefix path",
  "iam/rolePolicy": "name namePrefix role",
  "iam/rolePolicyAttachment": "role policyArn",
  "kinesis/stream": "name",
  "kms/alias": "name namePrefix",
  "kms/key": "customerMasterKeySpec keyUsage multiRegion customKeyStoreId xksKeyId",
  "kms/replicaKey": "primaryKeyArn",
  "lb/listener": "loadBalancerArn",
  "lb/listenerCertificate": "listenerArn certificateArn",
  "lb/listenerRule": "listenerArn",
  "lb/loadBalancer": balancer,
  "lb/targetGroup": group,
  "rds/cluster":
    "clusterIdentifier clusterIdentifierPrefix availabilityZones databaseName dbSubnetGroupName engine " +
    "engineMode kmsKeyId masterUsername s3Import snapshotIdentifier sourceRegion storageEncrypted",
  "rds/clusterInstance":
    "clusterIdentifier identifier identifierPrefix availabilityZone dbSubnetGroupName engine customIamInstanceProfile",
  "rds/clusterParameterGroup": "name namePrefix family description",
  "rds/instance":
    "identifierPrefix availabilityZone characterSetName dbName engine kmsKeyId ncharCharacterSetName snapshotIdentifier " +
    "storageEncrypted timezone username",
  "rds/subnetGroup": "name namePrefix",
  "redshiftserverless/namespace": "namespaceName",
  "redshiftserverless/workgroup": "workgroupName namespaceName",
  "route53/record": "zoneId name type setIdentifier",
  "route53/zone": "name delegationSetId",
  "s3/bucket": "bucket bucketPrefix bucketNamespace objectLockEnabled",
  "s3/bucketLifecycleConfiguration": bucketPart,
  "s3/bucketOwnershipControls": "bucket",
  "s3/bucketPolicy": "bucket",
  "s3/bucketPublicAccessBlock": "bucket",
  "s3/bucketServerSideEncryptionConfiguration": bucketPart,
  "s3/bucketVersioning": bucketPart,
  "scheduler/schedule": "name namePrefix groupName",
  "scheduler/scheduleGroup": "name namePrefix",
  "secretsmanager/secret": "name namePrefix",
  "secretsmanager/secretVersion": "secretId",
  "sns/topic": "name namePrefix fifoTopic",
  "sns/topicPolicy": "arn",
  "sns/topicSubscription": "topic protocol endpoint",
  "sqs/queue": "name namePrefix fifoQueue",
  "ssm/parameter": "name",
  "vpc/securityGroupEgressRule": "securityGroupId",
  "vpc/securityGroupIngressRule": "securityGroupId",
  "wafv2/webAcl": "name namePrefix scope",
  "wafv2/webAclAssociation": "resourceArn webAclArn",
  "wafv2/webAclLoggingConfiguration": "resourceArn logDestinationConfigs",
};

const lists = new Map(
  Object.entries(replaces).map(([type, properties]) => [type, [...properties.split(" "), "region"] as const]),
);

/** Of every type: an object cannot move to another region (`internal/provider/interceptors`, "forceNewIfRegionChanges"). */
const ofAll = ["region"] as const;

export function replacesOf(type: string): readonly string[] {
  return lists.get(type.split(":")[1] ?? "") ?? ofAll;
}

export const typesWithReplaces: readonly string[] = [...lists.keys()];

/** Whether a change at a property path replaces the resource: indices and keys in brackets do not count. */
export function isReplacing(type: string, path: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return replacesOf(type).some((entry) => plain === entry || plain.startsWith(`${entry}.`));
}
