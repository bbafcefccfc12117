import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, type ClusterArgs } from "../../components/cluster/cluster";
import { isLogRetention, type LogRetentionDays, logRetentionDays } from "../../components/shared/log-retention";
import { children, resource, run } from "../harness";

const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/00000000-0000-0000-0000-000000000000";
const make = (args: Partial<ClusterArgs> = {}) =>
  run(() => void new Cluster("main", { keyArn, insights: "disabled", ...args }));

const cluster = "aws:ecs/cluster:Cluster";
const providers = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";

describe("Cluster", () => {
  it("makes a cluster, its capacity providers and the log of exec sessions", async () => {
    assert.deepEqual(children(await make(), "main"), [
      "aws:cloudwatch/logGroup:LogGroup main-exec-logs",
      "aws:ecs/cluster:Cluster main-cluster",
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders main-capacity-providers",
    ]);
  });

  for (const insights of ["disabled", "enabled", "enhanced"] as const) {
    it(`sets Container Insights to ${insights}`, async () => {
      const { inputs } = resource(await make({ insights }), cluster, "main-cluster");
      assert.deepEqual(inputs["settings"], [{ name: "containerInsights", value: insights }]);
    });
  }

  it("encrypts exec sessions and their log with the key, and leaves task storage to AWS's key", async () => {
    const result = await make();
    const logs = resource(result, logGroup, "main-exec-logs");
    assert.equal(logs.inputs["kmsKeyId"], keyArn);
    assert.deepEqual(resource(result, cluster, "main-cluster").inputs["configuration"], {
      executeCommandConfiguration: {
        kmsKeyId: keyArn,
        logging: "OVERRIDE",
        logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: logs.outputs["name"] },
      },
    });
  });

  it("encrypts task storage with storageKeyArn", async () => {
    const { inputs } = resource(await make({ storageKeyArn: "arn:storage" }), cluster, "main-cluster");
    const { managedStorageConfiguration } = inputs["configuration"] as Record<string, unknown>;
    assert.deepEqual(managedStorageConfiguration, {
      fargateEphemeralStorageKmsKeyId: "arn:storage",
      kmsKeyId: "arn:storage",
    });
  });

  it("offers Fargate and Fargate Spot, on demand where nothing is said", async () => {
    const { inputs } = resource(await make(), providers, "main-capacity-providers");
    assert.deepEqual(inputs["capacityProviders"], ["FARGATE", "FARGATE_SPOT"]);
    assert.deepEqual(inputs["defaultCapacityProviderStrategies"], [{ capacityProvider: "FARGATE", weight: 1 }]);
  });

  it("keeps the log 90 days and unprotected by default", async () => {
    const logs = resource(await make(), logGroup, "main-exec-logs");
    assert.equal(logs.inputs["retentionInDays"], 90);
    assert.equal(logs.inputs["deletionProtectionEnabled"], false);
    assert.equal(logs.options["protect"], false);
  });

  it("protects the log with keep, for as long as asked", async () => {
    const logs = resource(await make({ keep: true, execLogRetentionDays: 365 }), logGroup, "main-exec-logs");
    assert.equal(logs.inputs["retentionInDays"], 365);
    assert.equal(logs.inputs["deletionProtectionEnabled"], true);
    assert.equal(logs.options["protect"], true);
  });

  it("gives out its ARN and name when the capacity providers are there", async () => {
    const result = await run(() => {
      const main = new Cluster("main", { keyArn, insights: "disabled" });
      new aws.ecs.Service("by-name", { cluster: main.name });
      new aws.ecs.Service("by-arn", { cluster: main.arn });
    });
    for (const name of ["by-name", "by-arn"]) {
      const { dependencies } = resource(result, "aws:ecs/service:Service", name);
      assert.ok(
        dependencies.some((urn) => urn.endsWith("::main-capacity-providers")),
        name,
      );
    }
    const own = resource(result, cluster, "main-cluster");
    const outputs = resource(result, "kiban:index:Cluster", "main").outputs;
    assert.equal(outputs["arn"], own.outputs["arn"]);
    assert.equal(outputs["name"], own.outputs["name"]);
  });

  it("offers what a task role needs for ECS Exec, and no more", async () => {
    let statements: unknown;
    const result = await run(async () => {
      const main = new Cluster("main", { keyArn, insights: "disabled" });
      statements = await new Promise((resolve) => pulumi.output(main.execStatements).apply(resolve));
    });
    const arn = resource(result, logGroup, "main-exec-logs").outputs["arn"] as string;
    assert.deepEqual(statements, [
      {
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `${arn}:*`,
      },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn },
    ]);
  });

  const faults: [string, Partial<ClusterArgs>, string][] = [
    [
      "an unknown level of insights",
      { insights: "full" as ClusterArgs["insights"] },
      'insights: was "full"; allowed: disabled, enabled, enhanced; set one of them',
    ],
    [
      "a retention that CloudWatch Logs does not have",
      { execLogRetentionDays: 31 as LogRetentionDays },
      `execLogRetentionDays: was 31; allowed: ${logRetentionDays.join(", ")}; set one of them`,
    ],
  ];
  for (const [what, args, line] of faults) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `Cluster "main":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const result = await make({
      transform: {
        cluster: (ours) => ({ ...ours, settings: [] }),
        capacityProviders: { capacityProviders: ["FARGATE"] },
        execLogs: { retentionInDays: 1 },
      },
    });
    assert.deepEqual(resource(result, cluster, "main-cluster").inputs["settings"], []);
    const { inputs } = resource(result, providers, "main-capacity-providers");
    assert.deepEqual(inputs["capacityProviders"], ["FARGATE"]);
    assert.equal(resource(result, logGroup, "main-exec-logs").inputs["retentionInDays"], 1);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new Cluster(name, { keyArn, insights: "enabled" });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 8);
  });
});

describe("log retention", () => {
  it("knows what CloudWatch Logs takes", () => {
    assert.equal(logRetentionDays.length, 22);
    for (const days of [1, 30, 400, 3653]) assert.equal(isLogRetention(days), true, String(days));
    for (const days of [0, 2, 31, 10000]) assert.equal(isLogRetention(days), false, String(days));
  });
});
