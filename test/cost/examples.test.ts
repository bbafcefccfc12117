import assert from "node:assert/strict";

import { costOf, price, resource } from "./fixture";

const cents = (usd: number): string => usd.toFixed(2);

// Worked by hand from the prices alone, as one would with a pocket calculator.
describe("what a month costs, by hand and by the rules", () => {
  it("a Fargate service that sleeps at night and at weekends", () => {
    const task = resource("aws:ecs/taskDefinition:TaskDefinition", "api-task", {
      inputs: { cpu: "256", memory: "512", runtimePlatform: { cpuArchitecture: "ARM64" } },
    });
    const service = resource("aws:ecs/service:Service", "api-service", {
      inputs: { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] },
      refers: { taskDefinition: [task] },
    });
    const target = resource("aws:appautoscaling/target:Target", "api-scaling", {
      inputs: { minCapacity: 1, maxCapacity: 2 },
      refers: { resourceId: [service] },
    });
    const action = (name: string, schedule: string, min: number, max: number) =>
      resource("aws:appautoscaling/scheduledAction:ScheduledAction", name, {
        inputs: { schedule, scalableTargetAction: { minCapacity: min, maxCapacity: max } },
        refers: { resourceId: [target] },
      });
    const actions = [
      action("night", "cron(0 20 ? * MON-FRI *)", 0, 0),
      action("morning", "cron(0 8 ? * MON-FRI *)", 1, 2),
    ];
    const { total } = costOf([task, service, target, ...actions], "tasks: { scaleOut: [0, 0.1, 1] }");
    // 12 hours on 5 days of 7: 730 x 60 / 168 = 260.714 hours of 0.25 vCPU at 0.04045 and 0.5 GB at 0.00442.
    assert.equal(price("fargate.linux.arm.vcpuHour"), 0.04045);
    assert.equal(price("fargate.linux.arm.gbHour"), 0.00442);
    assert.equal(cents(total.idle.expected), cents(260.7142857 * (0.25 * 0.04045 + 0.5 * 0.00442)));
    assert.equal(cents(total.idle.expected), "3.21");
    // The second task for a tenth of the waking hours, or for all of them.
    assert.deepEqual([total.use.low, total.use.expected, total.use.high].map(cents), ["0.00", "0.32", "3.21"]);
  });

  it("Aurora at 0.5 ACU", () => {
    const cluster = resource("aws:rds/cluster:Cluster", "main", {
      inputs: {
        serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
        manageMasterUserPassword: true,
      },
    });
    const writer = resource("aws:rds/clusterInstance:ClusterInstance", "writer", {
      inputs: { instanceClass: "db.serverless" },
      refers: { clusterIdentifier: [cluster] },
    });
    const { total } = costOf(
      [cluster, writer],
      "database: { activeHours: 100, averageAcu: [0.5, 1.5, 8], storageGb: 10 }",
    );
    // 730 x 0.5 ACU at 0.15, and the master user's secret at 0.40.
    assert.equal(cents(total.idle.expected), "55.15");
    // 100 hours at 1 ACU above the least, then at 3.5, where the stack's limit is; 10 GB at 0.12.
    assert.deepEqual([total.use.low, total.use.expected, total.use.high].map(cents), ["1.20", "16.20", "53.70"]);
  });

  it("a stream with a million events a day, on demand and on one shard", () => {
    const changes = "stream: { millionEvents: 30, kilobytesPerEvent: 1, readers: 2 }";
    const stream = (inputs: Record<string, never> | object) =>
      costOf([resource("aws:kinesis/stream:Stream", "events", { inputs: { ...inputs } })], changes).total;
    const onDemand = stream({ streamModeDetails: { streamMode: "ON_DEMAND" }, retentionPeriod: 24 });
    // 730 hours at 0.052; 30 million KB are 28.610 GB: written at 0.104, read twice at 0.052.
    assert.equal(cents(onDemand.idle.expected), "37.96");
    assert.equal(cents(onDemand.use.expected), "5.95");
    const shard = stream({ streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: 1, retentionPeriod: 24 });
    // 730 hours at 0.0195; 30 million payload units at 0.0215 a million.
    assert.equal(shard.idle.expected.toFixed(3), "14.235");
    assert.equal(shard.use.expected.toFixed(3), "0.645");
  });

  it("Athena at 1 TB a month", () => {
    const { total } = costOf([resource("aws:athena/workgroup:Workgroup", "lake")], "lake: { scannedTb: 1 }");
    assert.equal(cents(total.idle.expected), "0.00");
    assert.equal(cents(total.use.expected), "5.00");
  });
});
