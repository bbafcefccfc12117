/**
 * Type tokens, as text: a rule needs no more of @pulumi/aws at run time. A list where one kind of resource has twins
 * (`lb` and `alb`, the deprecated `V2` of S3), which must all be matched.
 */
export const types = {
  provider: ["pulumi:providers:aws"],

  bucket: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  bucketEncryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  bucketLogging: ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"],
  bucketPolicy: ["aws:s3/bucketPolicy:BucketPolicy"],
  bucketPublicAccessBlock: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  bucketAcl: ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"],
  bucketOwnership: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  bucketVersioning: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
  bucketLifecycle: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
  bucketNotification: ["aws:s3/bucketNotification:BucketNotification"],

  key: ["aws:kms/key:Key"],
  replicaKey: ["aws:kms/replicaKey:ReplicaKey"],
  keyPolicy: ["aws:kms/keyPolicy:KeyPolicy"],

  queue: ["aws:sqs/queue:Queue"],
  queuePolicy: ["aws:sqs/queuePolicy:QueuePolicy"],
  queueRedrivePolicy: ["aws:sqs/redrivePolicy:RedrivePolicy"],
  topic: ["aws:sns/topic:Topic"],
  subscription: ["aws:sns/topicSubscription:TopicSubscription"],
  topicPolicy: ["aws:sns/topicPolicy:TopicPolicy"],
  stream: ["aws:kinesis/stream:Stream"],
  secret: ["aws:secretsmanager/secret:Secret"],
  secretVersion: ["aws:secretsmanager/secretVersion:SecretVersion"],
  secretRotation: ["aws:secretsmanager/secretRotation:SecretRotation"],

  logGroup: ["aws:cloudwatch/logGroup:LogGroup"],
  logDelivery: ["aws:cloudwatch/logDelivery:LogDelivery"],
  logDeliverySource: ["aws:cloudwatch/logDeliverySource:LogDeliverySource"],
  logDeliveryDestination: ["aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"],

  metricAlarm: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  compositeAlarm: ["aws:cloudwatch/compositeAlarm:CompositeAlarm"],

  role: ["aws:iam/role:Role"],
  policy: [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/userPolicy:UserPolicy",
  ],
  policyAttachment: [
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  ],
  policyAttachments: [
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  ],

  repository: ["aws:ecr/repository:Repository"],
  repositoryTemplate: ["aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"],
  repositoryLifecycle: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  registryScanning: ["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"],
  cluster: ["aws:ecs/cluster:Cluster"],
  service: ["aws:ecs/service:Service"],
  taskDefinition: ["aws:ecs/taskDefinition:TaskDefinition"],
  schedule: ["aws:scheduler/schedule:Schedule"],
  eventTarget: ["aws:cloudwatch/eventTarget:EventTarget"],
  lambda: ["aws:lambda/function:Function"],
  lambdaPermission: ["aws:lambda/permission:Permission"],
  lambdaUrl: ["aws:lambda/functionUrl:FunctionUrl"],
  lambdaInvokeConfig: ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"],
  lambdaMapping: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
  pipe: ["aws:pipes/pipe:Pipe"],

  loadBalancer: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
  listener: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],

  distribution: ["aws:cloudfront/distribution:Distribution"],
  originAccessControl: ["aws:cloudfront/originAccessControl:OriginAccessControl"],
  vpcOrigin: ["aws:cloudfront/vpcOrigin:VpcOrigin"],
  responseHeadersPolicy: ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"],

  vpc: ["aws:ec2/vpc:Vpc"],
  flowLog: ["aws:ec2/flowLog:FlowLog"],
  routeTable: ["aws:ec2/routeTable:RouteTable"],
  routeTableAssociation: ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
  route: ["aws:ec2/route:Route"],
  internetGateway: ["aws:ec2/internetGateway:InternetGateway"],
  subnet: ["aws:ec2/subnet:Subnet"],
  securityGroup: ["aws:ec2/securityGroup:SecurityGroup"],
  defaultSecurityGroup: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  securityGroupRule: ["aws:ec2/securityGroupRule:SecurityGroupRule"],
  ingressRule: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"],

  instance: ["aws:ec2/instance:Instance"],
  launchTemplate: ["aws:ec2/launchTemplate:LaunchTemplate"],
  volume: ["aws:ebs/volume:Volume"],
  defaultVolumeEncryption: ["aws:ebs/encryptionByDefault:EncryptionByDefault"],
  scalingGroup: ["aws:autoscaling/group:Group"],
  scalingGroupTag: ["aws:autoscaling/tag:Tag"],

  dbCluster: ["aws:rds/cluster:Cluster"],
  dbClusterInstance: ["aws:rds/clusterInstance:ClusterInstance"],
  dbInstance: ["aws:rds/instance:Instance"],
  dbGlobalCluster: ["aws:rds/globalCluster:GlobalCluster"],
  dbProxy: ["aws:rds/proxy:Proxy"],
  dbSubnetGroup: ["aws:rds/subnetGroup:SubnetGroup"],
  dbClusterParameterGroup: ["aws:rds/clusterParameterGroup:ClusterParameterGroup"],
  scalableTarget: ["aws:appautoscaling/target:Target"],
  table: ["aws:dynamodb/table:Table"],
  tableReplica: ["aws:dynamodb/tableReplica:TableReplica"],

  userPool: ["aws:cognito/userPool:UserPool"],
  userPoolClient: ["aws:cognito/userPoolClient:UserPoolClient"],
  identityPool: ["aws:cognito/identityPool:IdentityPool"],

  backupVault: ["aws:backup/vault:Vault"],
  athenaDatabase: ["aws:athena/database:Database"],
  athenaWorkgroup: ["aws:athena/workgroup:Workgroup"],
} as const satisfies Record<string, readonly string[]>;
