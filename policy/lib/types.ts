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

  key: ["aws:kms/key:Key"],
  replicaKey: ["aws:kms/replicaKey:ReplicaKey"],
  keyPolicy: ["aws:kms/keyPolicy:KeyPolicy"],

  queue: ["aws:sqs/queue:Queue"],
  queuePolicy: ["aws:sqs/queuePolicy:QueuePolicy"],
  topic: ["aws:sns/topic:Topic"],
  topicPolicy: ["aws:sns/topicPolicy:TopicPolicy"],
  stream: ["aws:kinesis/stream:Stream"],
  secret: ["aws:secretsmanager/secret:Secret"],

  logGroup: ["aws:cloudwatch/logGroup:LogGroup"],
  logDeliveryDestination: ["aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"],

  repository: ["aws:ecr/repository:Repository"],
  cluster: ["aws:ecs/cluster:Cluster"],
  service: ["aws:ecs/service:Service"],
  taskDefinition: ["aws:ecs/taskDefinition:TaskDefinition"],
  schedule: ["aws:scheduler/schedule:Schedule"],
  eventTarget: ["aws:cloudwatch/eventTarget:EventTarget"],
  lambda: ["aws:lambda/function:Function"],

  loadBalancer: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
  listener: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],

  distribution: ["aws:cloudfront/distribution:Distribution"],
  vpcOrigin: ["aws:cloudfront/vpcOrigin:VpcOrigin"],
  responseHeadersPolicy: ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"],

  vpc: ["aws:ec2/vpc:Vpc"],
  flowLog: ["aws:ec2/flowLog:FlowLog"],
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
  table: ["aws:dynamodb/table:Table"],
  tableReplica: ["aws:dynamodb/tableReplica:TableReplica"],
} as const satisfies Record<string, readonly string[]>;
