import assert from "node:assert/strict";

import { created, previewed, typesWithOutputs } from "../../sandbox/outputs/outputs";
import { readProvider } from "../../sandbox/provider";
import { shapeOf } from "../../sandbox/schema/schema";
import { isSecret, text, unknown, type Values } from "../../sandbox/values";

const provider = readProvider({
  region: "ap-northeast-1",
  allowedAccountIds: '["111111111111"]',
  defaultTags: '{"tags":{"Environment":"dev"}}',
});

function urnOf(type: string, name = "web"): string {
  return `urn:pulumi:dev::kiban::kiban:index:Web$${type}::${name}`;
}

/** `lb/listener` becomes `aws:lb/listener:Listener`. */
function token(path: string): string {
  const name = path.split("/")[1] ?? "";
  return `aws:${path}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function make(path: string, inputs: Values = {}): { id: string; outputs: Values } {
  return created(token(path), urnOf(token(path)), inputs, provider);
}

const place = "ap-northeast-1:111111111111";
const alb = `arn:aws:elasticloadbalancing:${place}:loadbalancer/app/web/0123456789abcdef`;
const listener = alb.replace("loadbalancer", "listener") + "/0123456789abcdef";

/** Type, inputs, and outputs as patterns; `id` stands for the id. Each row's format is AWS's, as the source says. */
const rows: [source: string, path: string, inputs: Values, outputs: Record<string, string>][] = [
  // Service Authorization Reference, "AWS Key Management Service"; KMS Developer Guide, "Multi-Region keys".
  ["KMS key", "kms/key", {}, { arn: `arn:aws:kms:${place}:key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}` }],
  [
    "KMS multi-Region key",
    "kms/key",
    { multiRegion: true },
    { id: "mrk-[0-9a-f]{32}", arn: `arn:aws:kms:${place}:key/mrk-[0-9a-f]{32}` },
  ],
  [
    "KMS alias",
    "kms/alias",
    { name: "alias/web", targetKeyId: "k-1" },
    { arn: `arn:aws:kms:${place}:alias/web`, targetKeyArn: `arn:aws:kms:${place}:key/k-1` },
  ],
  // Elastic Load Balancing API Reference, CreateLoadBalancer, CreateTargetGroup, CreateListener, CreateRule.
  [
    "load balancer",
    "lb/loadBalancer",
    { name: "web", internal: true },
    {
      id: "arn:.*",
      arn: `arn:aws:elasticloadbalancing:${place}:loadbalancer/app/web/[0-9a-f]{16}`,
      arnSuffix: "app/web/[0-9a-f]{16}",
      dnsName: "internal-web-[0-9]{9}\\.ap-northeast-1\\.elb\\.amazonaws\\.com",
      zoneId: "Z14GRHDCWA56QT",
    },
  ],
  [
    "network load balancer",
    "lb/loadBalancer",
    { name: "web", loadBalancerType: "network" },
    { arnSuffix: "net/web/[0-9a-f]{16}", dnsName: "web-.*" },
  ],
  [
    "target group",
    "lb/targetGroup",
    { name: "web" },
    {
      arn: `arn:aws:elasticloadbalancing:${place}:targetgroup/web/[0-9a-f]{16}`,
      arnSuffix: "targetgroup/web/[0-9a-f]{16}",
    },
  ],
  [
    "listener",
    "lb/listener",
    { loadBalancerArn: alb },
    { arn: `arn:aws:elasticloadbalancing:${place}:listener/app/web/0123456789abcdef/[0-9a-f]{16}` },
  ],
  [
    "listener rule",
    "lb/listenerRule",
    { listenerArn: listener },
    {
      arn: `arn:aws:elasticloadbalancing:${place}:listener-rule/app/web/0123456789abcdef/0123456789abcdef/[0-9a-f]{16}`,
    },
  ],
  // Service Authorization Reference, "Amazon Elastic Container Service", "Amazon Elastic Container Registry".
  [
    "ECS cluster",
    "ecs/cluster",
    { name: "main" },
    { id: `arn:aws:ecs:${place}:cluster/main`, arn: `arn:aws:ecs:${place}:cluster/main` },
  ],
  [
    "ECS service",
    "ecs/service",
    { name: "web", cluster: `arn:aws:ecs:${place}:cluster/main` },
    { arn: `arn:aws:ecs:${place}:service/main/web` },
  ],
  [
    "task definition",
    "ecs/taskDefinition",
    { family: "web" },
    {
      id: "web",
      arn: `arn:aws:ecs:${place}:task-definition/web:1`,
      arnWithoutRevision: `arn:aws:ecs:${place}:task-definition/web`,
    },
  ],
  [
    "repository",
    "ecr/repository",
    { name: "web" },
    {
      arn: `arn:aws:ecr:${place}:repository/web`,
      registryId: "111111111111",
      repositoryUrl: "111111111111\\.dkr\\.ecr\\.ap-northeast-1\\.amazonaws\\.com/web",
    },
  ],
  // S3 User Guide, "Virtual hosting of buckets"; S3 ARNs name neither region nor account.
  [
    "bucket",
    "s3/bucket",
    { bucket: "b-1" },
    {
      id: "b-1",
      arn: "arn:aws:s3:::b-1",
      bucketDomainName: "b-1\\.s3\\.amazonaws\\.com",
      bucketRegionalDomainName: "b-1\\.s3\\.ap-northeast-1\\.amazonaws\\.com",
    },
  ],
  ["bucket policy", "s3/bucketPolicy", { bucket: "b-1", policy: "{}" }, { id: "b-1" }],
  // IAM User Guide, "IAM identifiers": unique ids start with AROA for roles, ANPA for policies.
  [
    "role",
    "iam/role",
    { name: "r", path: "/" },
    { id: "r", arn: "arn:aws:iam::111111111111:role/r", uniqueId: "AROA[A-Z2-7]{17}" },
  ],
  ["role with a path", "iam/role", { name: "r", path: "/kiban/" }, { arn: "arn:aws:iam::111111111111:role/kiban/r" }],
  [
    "policy",
    "iam/policy",
    { name: "p", path: "/" },
    { id: "arn:aws:iam::111111111111:policy/p", policyId: "ANPA[A-Z2-7]{17}" },
  ],
  ["role policy", "iam/rolePolicy", { name: "p", role: "r" }, { id: "r:p" }],
  [
    "OIDC provider",
    "iam/openIdConnectProvider",
    { url: "https://token.actions.githubusercontent.com" },
    { arn: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" },
  ],
  // Service Authorization Reference, "Amazon CloudWatch Logs", "Amazon CloudWatch", "Amazon SNS", "Amazon SQS".
  [
    "log group",
    "cloudwatch/logGroup",
    { name: "/kiban/web" },
    { id: "/kiban/web", arn: `arn:aws:logs:${place}:log-group:/kiban/web` },
  ],
  ["alarm", "cloudwatch/metricAlarm", { name: "a" }, { arn: `arn:aws:cloudwatch:${place}:alarm:a` }],
  ["composite alarm", "cloudwatch/compositeAlarm", { alarmName: "a" }, { arn: `arn:aws:cloudwatch:${place}:alarm:a` }],
  [
    "log delivery destination",
    "cloudwatch/logDeliveryDestination",
    { name: "d" },
    { arn: `arn:aws:logs:${place}:delivery-destination:d` },
  ],
  [
    "topic",
    "sns/topic",
    { name: "t" },
    { id: `arn:aws:sns:${place}:t`, arn: `arn:aws:sns:${place}:t`, owner: "111111111111" },
  ],
  [
    "subscription",
    "sns/topicSubscription",
    { topic: `arn:aws:sns:${place}:t`, protocol: "email" },
    { arn: `arn:aws:sns:${place}:t:[0-9a-f-]{36}` },
  ],
  [
    "queue",
    "sqs/queue",
    { name: "q" },
    { id: "https://sqs.ap-northeast-1.amazonaws.com/111111111111/q", arn: `arn:aws:sqs:${place}:q` },
  ],
  // EC2 API Reference, "Resource IDs": 17 hexadecimal digits after the prefix.
  ...[
    "vpc vpc vpc",
    "subnet subnet subnet",
    "routeTable rtb route-table",
    "internetGateway igw internet-gateway",
    "securityGroup sg security-group",
    "flowLog fl vpc-flow-log",
  ].map((row): [string, string, Values, Record<string, string>] => {
    const [type = "", prefix = "", resource = ""] = row.split(" ");
    return [
      type,
      `ec2/${type}`,
      {},
      { id: `${prefix}-0[0-9a-f]{16}`, arn: `arn:aws:ec2:${place}:${resource}/${prefix}-0[0-9a-f]{16}` },
    ];
  }),
  ["NAT gateway", "ec2/natGateway", {}, { id: "nat-0[0-9a-f]{16}" }],
  [
    "Elastic IP",
    "ec2/eip",
    {},
    {
      id: "eipalloc-0[0-9a-f]{16}",
      allocationId: "eipalloc-0[0-9a-f]{16}",
      arn: `arn:aws:ec2:${place}:elastic-ip/eipalloc-0[0-9a-f]{16}`,
    },
  ],
  [
    "VPC endpoint",
    "ec2/vpcEndpoint",
    { serviceName: "com.amazonaws.ap-northeast-1.s3", vpcEndpointType: "Gateway" },
    { id: "vpce-0[0-9a-f]{16}", prefixListId: "pl-[0-9a-f]{8}" },
  ],
  [
    "security group rule",
    "vpc/securityGroupIngressRule",
    {},
    { id: "sgr-0[0-9a-f]{16}", arn: `arn:aws:ec2:${place}:security-group-rule/sgr-0[0-9a-f]{16}` },
  ],
  // Service Authorization Reference, "AWS Certificate Manager", "Amazon CloudFront" (no region), "AWS WAF V2".
  [
    "certificate",
    "acm/certificate",
    { domainName: "example.com" },
    { arn: `arn:aws:acm:${place}:certificate/[0-9a-f-]{36}` },
  ],
  [
    "certificate in us-east-1",
    "acm/certificate",
    { domainName: "example.com", region: "us-east-1" },
    { arn: "arn:aws:acm:us-east-1:111111111111:certificate/[0-9a-f-]{36}" },
  ],
  [
    "distribution",
    "cloudfront/distribution",
    {},
    {
      id: "E[A-Z2-7]{13}",
      arn: "arn:aws:cloudfront::111111111111:distribution/E[A-Z2-7]{13}",
      domainName: "d[a-z0-9]{13}\\.cloudfront\\.net",
      hostedZoneId: "Z2FDTNDATAQYW2",
    },
  ],
  [
    "VPC origin",
    "cloudfront/vpcOrigin",
    {},
    { id: "vo_[a-z0-9]{22}", arn: "arn:aws:cloudfront::111111111111:vpcorigin/vo_[a-z0-9]{22}" },
  ],
  [
    "web ACL of CloudFront",
    "wafv2/webAcl",
    { name: "w", scope: "CLOUDFRONT", region: "us-east-1" },
    { arn: "arn:aws:wafv2:us-east-1:111111111111:global/webacl/w/[0-9a-f-]{36}" },
  ],
  [
    "web ACL",
    "wafv2/webAcl",
    { name: "w", scope: "REGIONAL" },
    { arn: `arn:aws:wafv2:${place}:regional/webacl/w/[0-9a-f-]{36}` },
  ],
  // Service Authorization Reference, "AWS Application Auto Scaling".
  [
    "scalable target",
    "appautoscaling/target",
    { resourceId: "service/main/web" },
    { id: "service/main/web", arn: `arn:aws:application-autoscaling:${place}:scalable-target/[0-9a-f]{36}` },
  ],
  [
    "scaling policy",
    "appautoscaling/policy",
    { name: "p", resourceId: "service/main/web", serviceNamespace: "ecs" },
    { arn: `arn:aws:autoscaling:${place}:scalingPolicy:[0-9a-f-]{36}:resource/ecs/service/main/web:policyName/p` },
  ],
  // Service Authorization Reference, "Amazon DynamoDB", "Amazon RDS", "Amazon Kinesis", "AWS Glue", "AWS Lambda".
  ["table", "dynamodb/table", { name: "t" }, { id: "t", arn: `arn:aws:dynamodb:${place}:table/t` }],
  [
    "Aurora cluster",
    "rds/cluster",
    { clusterIdentifier: "db", engine: "aurora-postgresql" },
    {
      arn: `arn:aws:rds:${place}:cluster:db`,
      endpoint: "db\\.cluster-[a-z0-9]{12}\\.ap-northeast-1\\.rds\\.amazonaws\\.com",
      readerEndpoint: "db\\.cluster-ro-[a-z0-9]{12}\\..*",
    },
  ],
  [
    "stream",
    "kinesis/stream",
    { name: "s" },
    { id: `arn:aws:kinesis:${place}:stream/s`, arn: `arn:aws:kinesis:${place}:stream/s` },
  ],
  [
    "Glue database",
    "glue/catalogDatabase",
    { name: "d" },
    { id: "111111111111:d", arn: `arn:aws:glue:${place}:database/d` },
  ],
  [
    "function",
    "lambda/function",
    { name: "f" },
    { arn: `arn:aws:lambda:${place}:function:f`, qualifiedArn: `arn:aws:lambda:${place}:function:f:\\$LATEST` },
  ],
  ["secret", "secretsmanager/secret", { name: "s" }, { arn: `arn:aws:secretsmanager:${place}:secret:s-[A-Z2-7]{6}` }],
  [
    "user pool",
    "cognito/userPool",
    { name: "u" },
    { id: "ap-northeast-1_[A-Z2-7]{9}", arn: `arn:aws:cognito-idp:${place}:userpool/ap-northeast-1_[A-Z2-7]{9}` },
  ],
  // Service Authorization Reference of each service; ids as "Import" of each resource in @pulumi/aws has them.
  [
    "trail",
    "cloudtrail/trail",
    { name: "audit" },
    {
      id: `arn:aws:cloudtrail:${place}:trail/audit`,
      arn: `arn:aws:cloudtrail:${place}:trail/audit`,
      homeRegion: "ap-northeast-1",
    },
  ],
  [
    "analyzer",
    "accessanalyzer/analyzer",
    { analyzerName: "a" },
    { id: "a", arn: `arn:aws:access-analyzer:${place}:analyzer/a` },
  ],
  [
    "detector",
    "guardduty/detector",
    {},
    { id: "[0-9a-f]{32}", arn: `arn:aws:guardduty:${place}:detector/[0-9a-f]{32}` },
  ],
  [
    "monitor of anomalies",
    "costexplorer/anomalyMonitor",
    {},
    { arn: "arn:aws:ce::111111111111:anomalymonitor/[0-9a-f-]{36}" },
  ],
  ["registry scanning", "ecr/registryScanningConfiguration", {}, { id: "111111111111", registryId: "111111111111" }],
  ["public-access block", "s3/accountPublicAccessBlock", {}, { id: "111111111111", accountId: "111111111111" }],
  ["password policy", "iam/accountPasswordPolicy", {}, { id: "iam-account-password-policy" }],
  ["endpoint", "sagemaker/endpoint", { name: "Own" }, { id: "Own", arn: `arn:aws:sagemaker:${place}:endpoint/own` }],
  [
    "endpoint configuration",
    "sagemaker/endpointConfiguration",
    { name: "own-1" },
    { arn: `arn:aws:sagemaker:${place}:endpoint-config/own-1` },
  ],
  ["model", "sagemaker/model", { name: "own-1" }, { arn: `arn:aws:sagemaker:${place}:model/own-1` }],
  [
    "saved query",
    "cloudwatch/queryDefinition",
    { name: "kiban/dev/ai: tokens" },
    { id: "[0-9a-f-]{36}", arn: `arn:aws:logs:${place}:query-definition:[0-9a-f-]{36}` },
  ],
  // Service Authorization Reference, "Amazon S3 Vectors"; ids as the provider imports them.
  [
    "vector bucket",
    "s3/vectorsVectorBucket",
    { vectorBucketName: "v" },
    { id: `arn:aws:s3vectors:${place}:bucket/v`, vectorBucketArn: `arn:aws:s3vectors:${place}:bucket/v` },
  ],
  [
    "vector index",
    "s3/vectorsIndex",
    { vectorBucketName: "v", indexName: "i" },
    { indexArn: `arn:aws:s3vectors:${place}:bucket/v/index/i` },
  ],
  [
    "knowledge base",
    "bedrock/agentKnowledgeBase",
    {},
    { id: "[A-Z0-9]{10}", arn: `arn:aws:bedrock:${place}:knowledge-base/[A-Z0-9]{10}` },
  ],
  [
    "documents of a knowledge base",
    "bedrock/agentDataSource",
    { knowledgeBaseId: "ABCDEFGHIJ" },
    { id: "[A-Z0-9]{10},ABCDEFGHIJ", dataSourceId: "[A-Z0-9]{10}" },
  ],
  ["invocation logging", "bedrockmodel/invocationLoggingConfiguration", {}, { id: "ap-northeast-1" }],
  [
    "QuickSight",
    "quicksight/accountSubscription",
    {},
    { id: "111111111111", accountSubscriptionStatus: "ACCOUNT_CREATED" },
  ],
];

describe("stand-in outputs", () => {
  for (const [what, path, inputs, expected] of rows) {
    it(`have AWS's format: ${what}`, () => {
      const { id, outputs } = make(path, inputs);
      for (const [property, pattern] of Object.entries(expected)) {
        assert.match(property === "id" ? id : (text(outputs[property]) ?? ""), new RegExp(`^${pattern}$`), property);
      }
    });
  }

  it("are there for every output of every type with a table of its own", () => {
    for (const path of typesWithOutputs) {
      const shape = shapeOf(token(path));
      if (shape === undefined) continue;
      const { id, outputs } = make(path);
      assert.notEqual(id, "", path);
      for (const property of shape.outputs.keys()) assert.notEqual(outputs[property], undefined, `${path}.${property}`);
    }
  });

  it("only name types that the installed @pulumi/aws has", () => {
    // Bucket ACLs and the like exist only under their new names; each name here must resolve.
    assert.deepEqual(
      typesWithOutputs.filter((path) => shapeOf(token(path)) === undefined),
      [],
    );
  });

  it("are the same for one URN and others for another", () => {
    const type = token("kms/key");
    assert.deepEqual(make("kms/key"), make("kms/key"));
    const other = created(type, urnOf(type, "other"), {}, provider);
    assert.notEqual(make("kms/key").id, other.id);
  });

  it("give the certificate one validation record a name, wildcard and apex the same", () => {
    const { outputs } = make("acm/certificate", {
      domainName: "example.com",
      subjectAlternativeNames: ["*.example.com", "a.example.com"],
    });
    const options = outputs["domainValidationOptions"] as Values[];
    assert.deepEqual(
      options.map((option) => option["domainName"]),
      ["example.com", "*.example.com", "a.example.com"],
    );
    assert.equal(options[0]?.["resourceRecordName"], options[1]?.["resourceRecordName"]);
    assert.notEqual(options[0]?.["resourceRecordName"], options[2]?.["resourceRecordName"]);
    assert.match(text(options[2]?.["resourceRecordName"]) ?? "", /^_[0-9a-f]{32}\.a\.example\.com\.$/);
  });

  it("echo the inputs without the provider's marks", () => {
    const { outputs } = make("sns/topic", { name: "t", kmsMasterKeyId: "k", __defaults: ["name"] });
    assert.equal(outputs["kmsMasterKeyId"], "k");
    assert.equal(outputs["__defaults"], undefined);
  });

  it("merge default tags where Check leaves them to the cloud", () => {
    const { outputs } = make("cloudfront/vpcOrigin", { tags: { Name: "o" } });
    assert.deepEqual(outputs["tagsAll"], { Environment: "dev", Name: "o" });
  });

  it("are secret where the SDK says so", () => {
    assert.ok(isSecret(make("iam/accessKey", { user: "u" }).outputs["secret"]));
    assert.ok(isSecret(make("cognito/userPoolClient").outputs["clientSecret"]));
  });

  it("stand in for a type that no table knows", () => {
    const { id, outputs } = make("swf/domain", { name: "d", workflowExecutionRetentionPeriodInDays: "1" });
    assert.equal(id, "d");
    assert.match(text(outputs["arn"]) ?? "", new RegExp(`^arn:aws:swf:${place}:domain/d$`));
  });

  it("keep a secret input secret", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    assert.deepEqual(make("ssm/parameter", { name: "p", value: secret }).outputs["value"], secret);
  });

  it("stay unknown in a preview, and the inputs known", () => {
    const { id, outputs } = previewed(token("lb/targetGroup"), { name: "web", port: 80, tagsAll: {} });
    assert.equal(id, "");
    assert.deepEqual(
      [outputs["arn"], outputs["arnSuffix"], outputs["name"], outputs["port"]],
      [unknown, unknown, "web", 80],
    );
  });
});
