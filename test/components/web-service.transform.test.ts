import assert from "node:assert/strict";

import type { Access } from "../../components/shared/access";
import { WebService, type WebServiceNodes, type WebServiceTransform } from "../../components/web-service/web-service";
import { run, type Run } from "../harness";
import { runService, web } from "./web-service-fixture";

const db: Access = {
  name: "db",
  env: {},
  statements: [],
  network: { securityGroupId: "sg-0d0d0d0d0d0d0d0d0", port: 5432 },
};

/** A service with every child there is. */
function everything(transform: WebServiceTransform = {}) {
  return web({
    exec: true,
    deployment: {
      strategy: "blueGreen",
      hooks: [{ functionArn: "arn:aws:lambda:ap-northeast-1:111111111111:function:t", stages: ["POST_SCALE_UP"] }],
    },
    scaling: {
      min: 1,
      max: 2,
      cpuPercent: 60,
      memoryPercent: 60,
      requestsPerTarget: 60,
      schedules: [{ name: "night", expression: "rate(1 day)", min: 0, max: 0 }],
    },
    uses: [db],
    migration: {
      command: ["migrate"],
      uses: [{ ...db, statements: [{ Effect: "Allow", Action: "rds-db:connect", Resource: "arn:aws:rds-db:x" }] }],
    },
    transform,
  });
}

/** Each child by its key: its registered name, and an override whose value no other child has. */
const overrides = {
  logGroup: ["api-logs", { name: "of-log-group" }],
  securityGroup: ["api-security-group", { description: "of the group" }],
  httpsEgress: ["api-https-out", { description: "of HTTPS" }],
  loadBalancerIngress: ["api-from-load-balancer", { description: "from the load balancer" }],
  loadBalancerEgress: ["api-from-load-balancer", { description: "of the load balancer" }],
  accessIngress: ["api-to-db", { description: "of the owner" }],
  accessEgress: ["api-to-db", { description: "to the owner" }],
  executionRole: ["api-execution-role", { description: "of the execution role" }],
  executionPolicy: ["api-execution-policy", { name: "of-execution" }],
  taskRole: ["api-task-role", { description: "of the task role" }],
  taskPolicy: ["api-task-policy", { name: "of-task" }],
  infrastructureRole: ["api-infrastructure-role", { description: "of the infrastructure role" }],
  infrastructurePolicy: ["api-infrastructure-policy", { policyArn: "arn:aws:iam::111111111111:policy/other" }],
  hookRole: ["api-hook-role", { description: "of the hook role" }],
  hookPolicy: ["api-hook-policy", { name: "of-hooks" }],
  blueTargetGroup: ["api-blue", { slowStart: 31 }],
  greenTargetGroup: ["api-green", { slowStart: 32 }],
  productionRule: ["api-production", { priority: 77 }],
  testRule: ["api-test", { priority: 78 }],
  taskDefinition: ["api-task", { family: "of-task" }],
  service: ["api-service", { name: "of-service" }],
  scalingTarget: ["api-scaling", { maxCapacity: 77 }],
  cpuPolicy: ["api-scale-by-cpu", { name: "of-cpu" }],
  memoryPolicy: ["api-scale-by-memory", { name: "of-memory" }],
  requestsPolicy: ["api-scale-by-requests", { name: "of-requests" }],
  schedules: ["api-schedule-night", { schedule: "rate(2 days)" }],
  serverErrorsAlarm: ["api-server-errors-alarm", { threshold: 71 }],
  latencyAlarm: ["api-latency-alarm", { threshold: 72 }],
  unhealthyAlarm: ["api-unhealthy-alarm", { threshold: 73 }],
  cpuAlarm: ["api-cpu-alarm", { threshold: 74 }],
  memoryAlarm: ["api-memory-alarm", { threshold: 75 }],
  migrationSecurityGroup: ["api-migration-security-group", { description: "of the migration's group" }],
  migrationHttpsEgress: ["api-migration-https-out", { description: "of the migration's HTTPS" }],
  migrationAccessIngress: ["api-migration-to-db", { description: "of the migration's owner" }],
  migrationAccessEgress: ["api-migration-to-db", { description: "to the migration's owner" }],
  migrationExecutionRole: ["api-migration-execution-role", { description: "of the migration's execution role" }],
  migrationExecutionPolicy: ["api-migration-execution-policy", { name: "of-migration-execution" }],
  migrationTaskRole: ["api-migration-task-role", { description: "of the migration's task role" }],
  migrationTaskPolicy: ["api-migration-task-policy", { name: "of-migration-task" }],
  migrationTaskDefinition: ["api-migration-task", { family: "of-migration-task" }],
  migrationLogGroup: ["api-migration-logs", { name: "of-migration-log-group" }],
  migrationFunctionRole: ["api-migration-function-role", { description: "of the function's role" }],
  migrationFunctionPolicy: ["api-migration-function-policy", { name: "of-function" }],
  migrationFunction: ["api-migration-function", { memorySize: 777 }],
  migrationFailures: ["api-migration-failures", { pattern: "of-failures" }],
  migrationAlarm: ["api-migration-alarm", { threshold: 76 }],
} as const satisfies { [K in keyof Required<WebServiceTransform>]: readonly [string, object] };

/** What each key may reach: a name alone does not tell an ingress rule from an egress rule. */
const kinds: Partial<Record<keyof WebServiceTransform, RegExp>> = {
  loadBalancerIngress: /IngressRule$/,
  accessIngress: /IngressRule$/,
  loadBalancerEgress: /EgressRule$/,
  accessEgress: /EgressRule$/,
  migrationAccessIngress: /IngressRule$/,
  migrationAccessEgress: /EgressRule$/,
};

describe("WebService transform", () => {
  let overridden: Run;
  before(async () => {
    const transform = Object.fromEntries(Object.entries(overrides).map(([key, [, by]]) => [key, by]));
    overridden = await runService("api", everything(transform));
    assert.equal(overridden.error, undefined);
  });

  for (const key of Object.keys(overrides) as (keyof typeof overrides)[]) {
    it(`reaches ${key}, and it alone`, () => {
      const [name, by] = overrides[key];
      const [property, value] = Object.entries(by)[0] as [string, unknown];
      const reached = overridden.resources.filter((r) => r.custom && r.inputs[property] === value);
      assert.deepEqual(
        reached.map((r) => r.name),
        [name],
      );
      assert.match(reached[0]?.type ?? "", kinds[key] ?? /./);
    });
  }

  it("takes a function of our arguments", async () => {
    const result = await runService(
      "api",
      everything({
        service: (ours) => ({ ...ours, tags: { Tier: ours.enableExecuteCommand === true ? "shell" : "none" } }),
      }),
    );
    const service = result.resources.find((r) => r.name === "api-service");
    assert.deepEqual(service?.inputs["tags"], { Tier: "shell" });
    assert.equal(service.inputs["waitForSteadyState"], true);
  });

  it("has a key for each node, and a node for each child", async () => {
    let nodes: WebServiceNodes | undefined;
    const result = await run(() => {
      nodes = new WebService("api", everything()).nodes;
    });
    assert.ok(nodes);
    assert.deepEqual(Object.keys(nodes).toSorted(), Object.keys(overrides).toSorted());
    const made = Object.values(nodes).flat();
    assert.ok(made.every((node) => node !== undefined));
    assert.equal(made.length, result.resources.filter((r) => r.custom).length);
  });
});
