import assert from "node:assert/strict";

import type { Scaling } from "../../components/web-service/types";
import { type Registration, resource, type Run } from "../harness";
import { output, runService, web, worker } from "./web-service-fixture";

const policyType = "aws:appautoscaling/policy:Policy";
const targetType = "aws:appautoscaling/target:Target";
const scheduleType = "aws:appautoscaling/scheduledAction:ScheduledAction";

async function scale(scaling: Scaling): Promise<Run> {
  const result = await runService("jobs", worker({ scaling }));
  assert.equal(result.error, undefined);
  return result;
}

function service(run: Run): Registration {
  return resource(run, "aws:ecs/service:Service", "jobs-service");
}

function policies(run: Run): string[] {
  return run.resources.filter((r) => r.type === policyType).map((r) => r.name);
}

function tracking(run: Run, by: string): Record<string, unknown> {
  const policy = resource(run, policyType, `jobs-scale-by-${by}`);
  assert.equal(policy.inputs["policyType"], "TargetTrackingScaling");
  return policy.inputs["targetTrackingScalingPolicyConfiguration"] as Record<string, unknown>;
}

describe("WebService scaling", () => {
  it("is off by default: a fixed count that the program owns", async () => {
    const result = await runService("jobs", worker({ desiredCount: 3 }));
    assert.equal(service(result).inputs["desiredCount"], 3);
    assert.deepEqual(service(result).options["ignoreChanges"], []);
    assert.deepEqual(
      result.resources.filter((r) => r.type.startsWith("aws:appautoscaling/")),
      [],
    );
  });

  it("starts at the fewest tasks and leaves the count to Application Auto Scaling", async () => {
    const result = await scale({ min: 2, max: 6 });
    assert.equal(service(result).inputs["desiredCount"], 2);
    assert.deepEqual(service(result).options["ignoreChanges"], ["desiredCount"]);
    const { inputs } = resource(result, targetType, "jobs-scaling");
    assert.equal(inputs["serviceNamespace"], "ecs");
    assert.equal(inputs["scalableDimension"], "ecs:service:DesiredCount");
    assert.equal(inputs["resourceId"], `service/main/${output(service(result), "name")}`);
    assert.equal(inputs["minCapacity"], 2);
    assert.equal(inputs["maxCapacity"], 6);
  });

  it("tracks CPU at 60 percent when no target is set", async () => {
    const result = await scale({ min: 1, max: 2 });
    assert.deepEqual(policies(result), ["jobs-scale-by-cpu"]);
    assert.deepEqual(tracking(result, "cpu"), {
      targetValue: 60,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    });
  });

  it("tracks what is set, and nothing else", async () => {
    const result = await scale({ min: 1, max: 2, memoryPercent: 70 });
    assert.deepEqual(policies(result), ["jobs-scale-by-memory"]);
    assert.deepEqual(tracking(result, "memory"), {
      targetValue: 70,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
    });
    const three = await runService(
      "api",
      web({ scaling: { min: 1, max: 2, cpuPercent: 50, memoryPercent: 70, requestsPerTarget: 100 } }),
    );
    assert.deepEqual(policies(three).toSorted(), ["api-scale-by-cpu", "api-scale-by-memory", "api-scale-by-requests"]);
  });

  it("stops for the night and comes back, in the given time zone", async () => {
    const result = await scale({
      min: 1,
      max: 2,
      schedules: [
        { name: "night", expression: "cron(0 20 ? * MON-FRI *)", timezone: "Asia/Tokyo", min: 0, max: 0 },
        { name: "morning", expression: "cron(0 8 ? * MON-FRI *)", min: 1, max: 2 },
      ],
    });
    const target = resource(result, targetType, "jobs-scaling");
    const keys = [
      "serviceNamespace",
      "scalableDimension",
      "resourceId",
      "schedule",
      "timezone",
      "scalableTargetAction",
    ];
    const stated = (name: string) => {
      const { inputs } = resource(result, scheduleType, `jobs-schedule-${name}`);
      return keys.map((key) => inputs[key]);
    };
    const of = [target.inputs["serviceNamespace"], target.inputs["scalableDimension"], target.inputs["resourceId"]];
    assert.deepEqual(stated("night"), [
      ...of,
      "cron(0 20 ? * MON-FRI *)",
      "Asia/Tokyo",
      { minCapacity: 0, maxCapacity: 0 },
    ]);
    assert.deepEqual(stated("morning"), [
      ...of,
      "cron(0 8 ? * MON-FRI *)",
      "Etc/UTC",
      { minCapacity: 1, maxCapacity: 2 },
    ]);
    for (const name of ["night", "morning"]) {
      assert.ok(resource(result, scheduleType, `jobs-schedule-${name}`).dependencies.includes(target.urn));
    }
  });
});
