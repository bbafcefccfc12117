import assert from "node:assert/strict";

import type { PlannedResource } from "../../plan/run";
import { items, resource } from "./fixture";

type Case = [what: string, of: PlannedResource, usage: string, expected: string[], others?: PlannedResource[]];

const task = (inputs: object): PlannedResource =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "task", { inputs: { ...inputs } });
const x86 = task({ cpu: "1024", memory: "2048" });
const service = (inputs: object, refers: PlannedResource): PlannedResource =>
  resource("aws:ecs/service:Service", "service", { inputs: { ...inputs }, refers: { taskDefinition: [refers] } });
const schedule = (state: string): PlannedResource =>
  resource("aws:scheduler/schedule:Schedule", "nightly", {
    inputs: { state, scheduleExpression: "rate(1 hour)", target: { ecsParameters: { taskCount: 2 } } },
    refers: { target: [x86] },
  });

const compute: Case[] = [
  [
    "a service of a fixed size",
    service({ desiredCount: 2 }, x86),
    "",
    [
      "idle least tasks, vCPU: 1460 x fargate.linux.x86.vcpuHour",
      "idle least tasks, memory: 2920 x fargate.linux.x86.gbHour",
    ],
    [x86],
  ],
  [
    "a service half of whose tasks run on Spot",
    service(
      {
        desiredCount: 1,
        capacityProviderStrategies: [
          { capacityProvider: "FARGATE", weight: 1 },
          { capacityProvider: "FARGATE_SPOT", weight: 1 },
        ],
      },
      x86,
    ),
    "tasks: { spotShareOfPrice: 0.4 }",
    [
      "idle least tasks, vCPU, Spot: 511 x fargate.linux.x86.vcpuHour",
      "idle least tasks, memory, Spot: 1022 x fargate.linux.x86.gbHour",
    ],
    [x86],
  ],
  ["a service without its task", service({}, x86), "", ["tasks: unpriced, the task definition is not in the plan"]],
  [
    "a scheduled task",
    schedule("ENABLED"),
    "tasks: { minutesPerRun: 6 }",
    [
      "idle invocations: 0.00073 x eventbridge.scheduler",
      "idle scheduled runs, vCPU: 146 x fargate.linux.x86.vcpuHour",
      "idle scheduled runs, memory: 292 x fargate.linux.x86.gbHour",
    ],
    [x86],
  ],
  [
    "a scheduled task that is off",
    schedule("DISABLED"),
    "tasks: { minutesPerRun: 6 }",
    [
      "idle invocations: 0 x eventbridge.scheduler",
      "idle scheduled runs, vCPU: 0 x fargate.linux.x86.vcpuHour",
      "idle scheduled runs, memory: 0 x fargate.linux.x86.gbHour",
    ],
    [x86],
  ],
  [
    "a function",
    resource("aws:lambda/function:Function", "f", { inputs: { memorySize: 512, architectures: ["arm64"] } }),
    "functions: { thousandInvocations: 10, milliseconds: 500 }",
    ["use invocations: 0.01 x lambda.requests", "use duration: 2500 x lambda.arm.gbSecond"],
  ],
  [
    "a cluster without insights",
    resource("aws:ecs/cluster:Cluster", "c", {
      inputs: { settings: [{ name: "containerInsights", value: "disabled" }] },
    }),
    "",
    [],
  ],
  [
    "a cluster with enhanced insights",
    resource("aws:ecs/cluster:Cluster", "c", {
      inputs: { settings: [{ name: "containerInsights", value: "enhanced" }] },
    }),
    "",
    ["Container Insights, enhanced: unpriced, billed by the observation, of which no price is at hand"],
  ],
  [
    "images",
    resource("aws:ecr/repository:Repository", "r"),
    "images: { storageGb: 3 }",
    ["use images: 3 x ecr.storage"],
  ],
];

const template = (inputs: object): PlannedResource =>
  resource("aws:ec2/launchTemplate:LaunchTemplate", "t", { inputs: { ...inputs } });
const nano = template({
  instanceType: "t4g.nano",
  blockDeviceMappings: [{ ebs: { volumeSize: 8 } }],
  networkInterfaces: [{ associatePublicIpAddress: "true" }],
});
const group = (refers: PlannedResource): PlannedResource =>
  resource("aws:autoscaling/group:Group", "g", { inputs: { minSize: 1 }, refers: { launchTemplate: [refers] } });

const network: Case[] = [
  [
    "a NAT gateway",
    resource("aws:ec2/natGateway:NatGateway", "n", { inputs: { connectivityType: "public" } }),
    "network: { natGb: 10, outGb: 2 }",
    [
      "idle gateway: 730 x nat.hour",
      "use traffic through it: 10 x nat.gb",
      "use to the internet: 2 x dataTransfer.out.gb",
    ],
  ],
  ["an address", resource("aws:ec2/eip:Eip", "e"), "", ["idle public address: 730 x ipv4.public.hour"]],
  [
    "an interface endpoint in three zones",
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", "v", {
      inputs: { vpcEndpointType: "Interface", subnetIds: ["a", "b", "c"] },
    }),
    "network: { endpointGb: 4 }",
    ["idle endpoint in 3 zones: 2190 x vpce.interface.hour", "use traffic: 4 x vpce.interface.gb"],
  ],
  [
    "a gateway endpoint",
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", "v", { inputs: { vpcEndpointType: "Gateway" } }),
    "network: { endpointGb: 4 }",
    [],
  ],
  [
    "flow logs as Parquet",
    resource("aws:ec2/flowLog:FlowLog", "f", {
      inputs: { logDestinationType: "s3", destinationOptions: { fileFormat: "parquet" } },
    }),
    "network: { flowLogGb: 2 }",
    ["use records delivered: 2 x vendedLogs.s3", "use as Parquet: 2 x vendedLogs.parquet"],
  ],
  [
    "traffic between zones, which both sides pay",
    resource("aws:ec2/vpc:Vpc", "v"),
    "network: { betweenZonesGb: 3 }",
    ["use traffic between zones: 6 x dataTransfer.interAz.gb"],
  ],
  [
    "an internal load balancer",
    resource("aws:lb/loadBalancer:LoadBalancer", "l", { inputs: { internal: true, subnets: ["a", "b"] } }),
    "web: { capacityUnits: 0.5 }",
    ["idle load balancer: 730 x alb.hour", "use capacity units: 365 x alb.lcuHour"],
  ],
  [
    "a public load balancer, with an address in each zone",
    resource("aws:lb/loadBalancer:LoadBalancer", "l", { inputs: { internal: false, subnets: ["a", "b"] } }),
    "",
    [
      "idle load balancer: 730 x alb.hour",
      "idle public addresses: 1460 x ipv4.public.hour",
      "use capacity units: 0 x alb.lcuHour",
    ],
  ],
  [
    "a group of one instance",
    group(nano),
    "network: { outGb: 1 }",
    [
      "idle 1 x t4g.nano: 730 x ec2.t4g.nano.hour",
      "idle disk: 8 x ebs.gp3",
      "idle public address: 730 x ipv4.public.hour",
      "use to the internet: 1 x dataTransfer.out.gb",
    ],
    [nano],
  ],
  [
    "a group of an instance type without a price",
    group(template({ instanceType: "c7g.large" })),
    "",
    ["instances: unpriced, prices/ has none of type c7g.large"],
    [template({ instanceType: "c7g.large" })],
  ],
];

const front: Case[] = [
  [
    "a distribution",
    resource("aws:cloudfront/distribution:Distribution", "d"),
    "web: { millionRequests: 2, kilobytesPerResponse: 20 }",
    ["use requests: 200 x cloudfront.https", "use to viewers: 40 x cloudfront.outGb"],
  ],
  [
    "a web ACL with two rules",
    resource("aws:wafv2/webAcl:WebAcl", "w", { inputs: { rules: [{}, {}] } }),
    "web: { millionRequests: 2 }",
    ["idle web ACL: 1 x waf.webAcl", "idle its rules: 2 x waf.rule", "use requests: 2 x waf.requests"],
  ],
];

const cluster = (inputs: object): PlannedResource =>
  resource("aws:rds/cluster:Cluster", "cluster", { inputs: { ...inputs } });
const paused = cluster({ serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 2 } });
const optimized = cluster({
  serverlessv2ScalingConfiguration: { minCapacity: 1, maxCapacity: 2 },
  storageType: "aurora-iopt1",
});
const instanceOf = (refers: PlannedResource, instanceClass = "db.serverless"): PlannedResource =>
  resource("aws:rds/clusterInstance:ClusterInstance", "instance", {
    inputs: { instanceClass },
    refers: { clusterIdentifier: [refers] },
  });
const proxyTarget = (refers: PlannedResource): PlannedResource =>
  resource("aws:rds/proxyTarget:ProxyTarget", "target", { refers: { dbClusterIdentifier: [refers] } });
const large = cluster({ serverlessv2ScalingConfiguration: { minCapacity: 16, maxCapacity: 32 } });
const table = (inputs: object): PlannedResource =>
  resource("aws:dynamodb/table:Table", "t", { inputs: { billingMode: "PAY_PER_REQUEST", ...inputs } });

const databases: Case[] = [
  [
    "a database that pauses",
    instanceOf(paused),
    "database: { activeHours: 100, averageAcu: 4 }",
    ["use capacity in use: 200 x aurora.serverlessV2.standard.acuHour"],
    [paused],
  ],
  [
    "a database with I/O-Optimized storage",
    instanceOf(optimized),
    "",
    [
      "idle least capacity: 730 x aurora.serverlessV2.ioOptimized.acuHour",
      "use capacity in use: 0 x aurora.serverlessV2.ioOptimized.acuHour",
    ],
    [optimized],
  ],
  [
    "an instance of a fixed size",
    instanceOf(paused, "db.r6g.large"),
    "",
    ["instance: unpriced, no price of db.r6g.large at hand"],
    [paused],
  ],
  [
    "a cluster's data",
    cluster({ manageMasterUserPassword: true, databaseInsightsMode: "advanced" }),
    "database: { storageGb: 10, millionIo: 3, backupGb: 1 }",
    [
      "idle the master user's secret: 1 x secretsManager.secret",
      "use data: 10 x aurora.storage.standard",
      "use reads and writes of pages: 3 x aurora.io",
      "use backups beyond the free size: 1 x aurora.backup",
      "Database Insights, advanced: unpriced, billed by the ACU-hour, of which no price is at hand",
    ],
  ],
  [
    "a proxy, which bills 8 ACU at least",
    proxyTarget(paused),
    "",
    ["idle proxy over 8 ACU: 5840 x rdsProxy.serverlessV2.acuHour"],
    [paused, instanceOf(paused)],
  ],
  [
    "a proxy over more",
    proxyTarget(large),
    "",
    ["idle proxy over 16 ACU: 11680 x rdsProxy.serverlessV2.acuHour"],
    [large, instanceOf(large)],
  ],
  [
    "a proxy's own endpoint",
    resource("aws:rds/proxyEndpoint:ProxyEndpoint", "e", { inputs: { vpcSubnetIds: ["a", "b"] } }),
    "",
    ["idle proxy endpoint: 1460 x vpce.interface.hour"],
  ],
  [
    "a table with an index and recovery",
    table({ globalSecondaryIndexes: [{}], pointInTimeRecovery: { enabled: true } }),
    "tables: { millionReads: 4, millionWrites: 2, storageGb: 5 }",
    [
      "use reads: 4 x dynamodb.onDemand.read",
      "use writes, indexes too: 4 x dynamodb.onDemand.write",
      "use data: 5 x dynamodb.storage",
      "use point-in-time recovery: 5 x dynamodb.pitr",
    ],
  ],
  [
    "a table of provisioned throughput",
    table({ billingMode: "PROVISIONED" }),
    "",
    ["provisioned throughput: unpriced, only on-demand tables have a price here"],
  ],
];

const alarm = (inputs: object): PlannedResource =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "a", { inputs: { ...inputs } });
const logGroup = (inputs: object): PlannedResource =>
  resource("aws:cloudwatch/logGroup:LogGroup", "l", { inputs: { ...inputs } });
const pool = (userPoolTier?: string): PlannedResource =>
  resource("aws:cognito/userPool:UserPool", "p", { inputs: userPoolTier === undefined ? {} : { userPoolTier } });

const foundations: Case[] = [
  [
    "a key",
    resource("aws:kms/key:Key", "k"),
    "keys: { thousandRequests: 50 }",
    ["idle key: 1 x kms.key", "use requests: 5 x kms.requests"],
  ],
  [
    "a secret",
    resource("aws:secretsmanager/secret:Secret", "s"),
    "secrets: { thousandRequests: 50 }",
    ["idle secret: 1 x secretsManager.secret", "use requests: 5 x secretsManager.requests"],
  ],
  [
    "a bucket",
    resource("aws:s3/bucket:Bucket", "b"),
    "buckets: { storageGb: 1, thousandPuts: 2, thousandGets: 3 }",
    [
      "use data: 1 x s3.standard.storage",
      "use writes and lists: 2 x s3.standard.put",
      "use reads: 3 x s3.standard.get",
    ],
  ],
  [
    "an alarm on a metric",
    alarm({ metricName: "Errors", period: 300 }),
    "",
    ["idle alarm: 1 x cloudwatch.alarm.standard"],
  ],
  [
    "an alarm on the sum of two metrics",
    alarm({
      metricQueries: [
        { id: "a", metric: {} },
        { id: "b", metric: {} },
        { id: "sum", expression: "a + b" },
      ],
    }),
    "",
    ["idle alarm: 2 x cloudwatch.alarm.standard"],
  ],
  [
    "an alarm on a query",
    alarm({ metricQueries: [{ id: "a", expression: "SELECT SUM(Errors) FROM X" }] }),
    "",
    ["idle alarm on a query: 5 x cloudwatch.alarm.standard"],
  ],
  ["an alarm of ten seconds", alarm({ period: 10 }), "", ["alarm: unpriced, high resolution has no price here"]],
  [
    "logs that are kept for two months",
    logGroup({ retentionInDays: 73 }),
    "logs: { gbPerGroup: 2, storedShare: 0.25 }",
    ["use logs written: 2 x cloudwatch.logs.ingest", "use logs kept: 1.2 x cloudwatch.logs.storage"],
  ],
  [
    "logs that are kept for ever, of which a year counts",
    logGroup({ retentionInDays: 0 }),
    "logs: { gbPerGroup: 2, storedShare: 0.25 }",
    ["use logs written: 2 x cloudwatch.logs.ingest", "use logs kept: 6 x cloudwatch.logs.storage"],
  ],
  [
    "users of a plain pool",
    pool(),
    "users: { monthlyActive: 7 }",
    ["use monthly active users: 7 x cognito.essentials.mau"],
  ],
  [
    "users of a Lite pool",
    pool("LITE"),
    "users: { monthlyActive: 7 }",
    ["use monthly active users: 7 x cognito.lite.mau"],
  ],
  [
    "users of a Plus pool",
    pool("PLUS"),
    "users: { monthlyActive: 7 }",
    ["use monthly active users: 7 x cognito.plus.mau"],
  ],
];

const job = (inputs: object): PlannedResource =>
  resource("aws:glue/job:Job", "j", { inputs: { workerType: "G.1X", numberOfWorkers: 10, ...inputs } });
const runs = "etl: { runs: 30, minutesPerRun: 6, transitionsPerRun: 20 }";
const warehouse = resource("aws:redshiftserverless/workgroup:Workgroup", "w", { inputs: { baseCapacity: 8 } });
const limit = (inputs: object): PlannedResource =>
  resource("aws:redshiftserverless/usageLimit:UsageLimit", "u", {
    inputs: { usageType: "serverless-compute", breachAction: "deactivate", ...inputs },
    refers: { resourceArn: [warehouse] },
  });
const delivery = (extendedS3Configuration: object): PlannedResource =>
  resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "d", {
    inputs: { extendedS3Configuration: { ...extendedS3Configuration } },
  });

const lake: Case[] = [
  [
    "a stream that keeps more than a day",
    resource("aws:kinesis/stream:Stream", "s", {
      inputs: { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: 2, retentionPeriod: 48 },
    }),
    "stream: { millionEvents: 10, kilobytesPerEvent: 26 }",
    [
      "idle 2 shards: 1460 x kinesis.provisioned.shardHour",
      "use payload units: 20 x kinesis.provisioned.putUnits",
      "records kept beyond a day: unpriced, no price at hand",
    ],
  ],
  [
    "delivery, by steps of 5 KB",
    delivery({ dataFormatConversionConfiguration: { inputFormatConfiguration: {} } }),
    "stream: { millionEvents: 1.048576, kilobytesPerEvent: 1 }",
    ["use delivered: 5 x firehose.ingest", "use converted to Parquet: 5 x firehose.formatConversion"],
  ],
  [
    "delivery with dynamic partitions",
    delivery({ dynamicPartitioningConfiguration: { enabled: true } }),
    "",
    ["use delivered: 0 x firehose.ingest", "dynamic partitioning: unpriced, no price at hand"],
  ],
  ["a Glue job", job({ glueVersion: "5.0" }), runs, ["use runs: 30 x glue.dpuHour.standard"]],
  [
    "a flexible Glue job",
    job({ glueVersion: "5.0", executionClass: "FLEX" }),
    runs,
    ["use runs: 30 x glue.dpuHour.flex"],
  ],
  ["a job of Glue 6", job({ glueVersion: "6.0", workerType: "G.2X" }), runs, ["use runs: 60 x glue.dpuHour.glue6"]],
  [
    "a job of an unknown worker",
    job({ workerType: "R.1X" }),
    runs,
    ["runs: unpriced, no DPU known of worker type R.1X"],
  ],
  [
    "a workflow",
    resource("aws:sfn/stateMachine:StateMachine", "m", { inputs: { type: "STANDARD" } }),
    runs,
    ["use state transitions: 0.6 x stepFunctions.standard"],
  ],
  [
    "a warehouse without limits",
    warehouse,
    "warehouse: { activeHours: 100 }",
    ["use RPU-hours: 800 x redshiftServerless.rpuHour"],
  ],
  [
    "a warehouse held to its monthly limit",
    warehouse,
    "warehouse: { activeHours: 100 }",
    ["use RPU-hours: 240 x redshiftServerless.rpuHour"],
    [limit({ period: "daily", amount: 16 }), limit({ period: "monthly", amount: 240 })],
  ],
  [
    "a warehouse whose limit only tells",
    warehouse,
    "warehouse: { activeHours: 100 }",
    ["use RPU-hours: 800 x redshiftServerless.rpuHour"],
    [limit({ period: "monthly", amount: 240, breachAction: "log" })],
  ],
  [
    "authors of dashboards",
    resource("aws:quicksight/group:Group", "sales-authors"),
    "dashboards: { authors: 2, readers: 5 }",
    ["idle authors: 2 x quicksight.author"],
  ],
  [
    "readers of dashboards",
    resource("aws:quicksight/group:Group", "sales-readers"),
    "dashboards: { authors: 2, readers: 5 }",
    ["idle readers: 5 x quicksight.reader"],
  ],
];

const profile = (model: string): PlannedResource =>
  resource("aws:bedrock/inferenceProfile:InferenceProfile", "p", {
    inputs: { modelSource: { copyFrom: `arn:aws:bedrock:ap-northeast-1:1:inference-profile/${model}` } },
  });
const variant = (inputs: object, more: object = {}): PlannedResource =>
  resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "c", {
    inputs: { productionVariants: [{ ...inputs }], ...more },
  });
const byTheClock = variant({ instanceType: "ml.m5.large" });
const endpoint = resource("aws:sagemaker/endpoint:Endpoint", "e", { refers: { endpointConfigName: [byTheClock] } });
const clock = (call: string, hour: number): PlannedResource =>
  resource("aws:scheduler/schedule:Schedule", call, {
    inputs: {
      scheduleExpression: `cron(0 ${hour} * * ? *)`,
      target: { arn: `arn:aws:scheduler:::aws-sdk:sagemaker:${call}` },
    },
    refers: { target: [endpoint] },
  });
const throughput = (tags: object): PlannedResource =>
  resource("aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput", "t", {
    inputs: { modelUnits: 2, tags: { ...tags } },
  });
const tokens =
  "ai: { millionInputTokens: 3, millionOutputTokens: 1, thousandRequests: 2, secondsPerRequest: 1.5, asyncHours: 7 }";

const models: Case[] = [
  [
    "a model of all regions",
    profile("global.anthropic.claude-haiku-4-5-20251001-v1:0"),
    tokens,
    [
      "use input tokens: 3 x bedrock.claudeHaiku45.global.input",
      "use output tokens: 1 x bedrock.claudeHaiku45.global.output",
    ],
  ],
  [
    "a model of one area",
    profile("jp.anthropic.claude-haiku-4-5-20251001-v1:0"),
    tokens,
    [
      "use input tokens: 3 x bedrock.claudeHaiku45.geo.input",
      "use output tokens: 1 x bedrock.claudeHaiku45.geo.output",
    ],
  ],
  [
    "a model of the region",
    profile("amazon.nova-lite-v1:0"),
    tokens,
    ["use input tokens: 3 x bedrock.novaLite.input", "use output tokens: 1 x bedrock.novaLite.output"],
  ],
  [
    "an embedding, which answers without tokens",
    profile("amazon.titan-embed-text-v2:0"),
    tokens,
    ["use input tokens: 3 x bedrock.titanEmbedV2.input"],
  ],
  [
    "an unknown model",
    profile("jp.acme.thinker-v1:0"),
    tokens,
    ["tokens: unpriced, no price of jp.acme.thinker-v1:0 at hand"],
  ],
  [
    "reserved units at the price that their owner was told",
    throughput({ UnitUsdPerHour: "12.5" }),
    "",
    ["idle 2 reserved: 1460 x 12.5 USD/unit-hour, as stated"],
  ],
  [
    "reserved units of which nobody says the price",
    throughput({}),
    "",
    ["reserved units: unpriced, AWS tells each account its price; 2 units"],
  ],
  [
    "a serverless model",
    variant({ serverlessConfig: { memorySizeInMb: 2048 } }),
    tokens,
    ["use time of requests: 6000 x sagemaker.serverless.gbSecond"],
  ],
  [
    "a model on instances",
    variant({ instanceType: "ml.m5.large", initialInstanceCount: 2 }),
    tokens,
    ["idle 2 x ml.m5.large: 1460 x sagemaker.endpoint.ml.m5.large"],
  ],
  [
    "a model on instances by the clock",
    byTheClock,
    tokens,
    ["idle 1 x ml.m5.large: 365 x sagemaker.endpoint.ml.m5.large"],
    [endpoint, clock("createEndpoint", 8), clock("deleteEndpoint", 20)],
  ],
  [
    "a model on instances that nothing deletes",
    byTheClock,
    tokens,
    ["idle 1 x ml.m5.large: 730 x sagemaker.endpoint.ml.m5.large"],
    [endpoint, clock("updateEndpoint", 8)],
  ],
  [
    "a model on instances that come for requests",
    variant({ instanceType: "ml.g5.xlarge", initialInstanceCount: 1 }, { asyncInferenceConfig: {} }),
    tokens,
    ["use ml.g5.xlarge, while requests wait: 7 x sagemaker.endpoint.ml.g5.xlarge"],
  ],
  [
    "a model on instances without a price",
    variant({ instanceType: "ml.p5.48xlarge" }),
    tokens,
    ["instances: unpriced, no price of ml.p5.48xlarge at hand"],
  ],
];

const trail = (inputs: object): PlannedResource =>
  resource("aws:cloudtrail/trail:Trail", "t", { inputs: { ...inputs } });
const accounts: Case[] = [
  [
    "a trail of management events",
    trail({ eventSelectors: [{ dataResources: [] }] }),
    "trail: { thousandDataEvents: 50 }",
    [],
  ],
  [
    "a trail of data events",
    trail({ advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }] }] }),
    "trail: { thousandDataEvents: 50 }",
    ["use data events: 0.5 x cloudTrail.dataEvents"],
  ],
];

describe("what a type costs", () => {
  const areas = { compute, network, front, databases, foundations, lake, models, accounts };
  for (const [area, cases] of Object.entries(areas)) {
    describe(area, () => {
      for (const [what, of, usage, expected, others = []] of cases) {
        it(what, () => assert.deepEqual(items(of, usage, others), expected));
      }
    });
  }
});
