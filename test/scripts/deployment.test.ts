import * as assert from "node:assert/strict";

import { type ServiceDeploymentBrief, type ServiceDeploymentStatus } from "@aws-sdk/client-ecs";

import { deploymentsOf, faultOf } from "../../scripts/rollout";
import { type DeployedService, scalingId, servicesIn } from "../../scripts/release/state";
import { capacityOf, wakeAll } from "../../scripts/wake";
import { recorded } from "./recorded";

const cluster = "arn:aws:ecs:ap-northeast-1:111111111111:cluster/cluster-cluster-1234567";
const definition = (revision: number): string =>
  `arn:aws:ecs:ap-northeast-1:111111111111:task-definition/kiban-dev-api:${revision}`;
const service: DeployedService = {
  name: "api-service-1234567",
  cluster,
  taskDefinition: definition(8),
  scaling: { min: 1, max: 2 },
};

describe("the services of a state", () => {
  const state = (resources: unknown[]): string => JSON.stringify({ version: 3, deployment: { resources } });
  const made = {
    type: "aws:ecs/service:Service",
    outputs: { name: service.name, cluster, taskDefinition: definition(8) },
  };
  const target = {
    type: "aws:appautoscaling/target:Target",
    inputs: { resourceId: scalingId(service), minCapacity: 1, maxCapacity: 2 },
  };

  it("have their scaling, by the id that Application Auto Scaling knows", () => {
    assert.equal(scalingId(service), "service/cluster-cluster-1234567/api-service-1234567");
    assert.deepEqual(servicesIn(state([target, { type: "aws:s3/bucket:Bucket" }, made])), [service]);
    assert.deepEqual(servicesIn(state([made])), [{ ...service, scaling: undefined }]);
    assert.deepEqual(servicesIn('{"deployment":{}}'), []);
  });
});

describe("npm run rollout", () => {
  const deployment = (status: ServiceDeploymentStatus, minute: number, more = {}): ServiceDeploymentBrief => ({
    status,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    targetServiceRevisionArn: `revision-${minute}`,
    ...more,
  });
  /** Answers for each look in turn, the last one for all that follow. */
  async function judge(answers: ServiceDeploymentBrief[][], runs = definition(8)) {
    let look = 0;
    const sleeps: number[] = [];
    const fault = await faultOf(
      service,
      {
        list: () => Promise.resolve(answers[Math.min(look++, answers.length - 1)] ?? []),
        taskDefinitionOf: () => Promise.resolve(runs),
      },
      { sleep: (ms) => Promise.resolve(sleeps.push(ms)), looks: 5 },
    );
    return { fault, waits: sleeps.length };
  }

  it("passes the success of this update's task definition", async () => {
    assert.deepEqual(await judge([[deployment("SUCCESSFUL", 2)]]), { fault: undefined, waits: 0 });
  });

  it("takes a rollback for the failure that it is, with ECS's reason", async () => {
    const rolledBack = deployment("ROLLBACK_SUCCESSFUL", 2, { statusReason: "alarm api-errors went off" });
    const { fault } = await judge([[deployment("SUCCESSFUL", 1), rolledBack]]);
    assert.equal(
      fault,
      "api-service-1234567: the last deployment is ROLLBACK_SUCCESSFUL: alarm api-errors went off; it runs what it ran before",
    );
    for (const status of ["ROLLBACK_FAILED", "STOPPED"] as const) {
      assert.match(
        (await judge([[deployment(status, 2)]])).fault ?? "",
        new RegExp(`the last deployment is ${status}`),
      );
    }
  });

  it("looks at the newest deployment, whatever the order", async () => {
    const all = [deployment("SUCCESSFUL", 1), deployment("STOPPED", 3), deployment("SUCCESSFUL", 2)];
    assert.match((await judge([all])).fault ?? "", /STOPPED/);
    assert.match((await judge([[...all].reverse()])).fault ?? "", /STOPPED/);
  });

  it("refuses a success of another task definition", async () => {
    const { fault } = await judge([[deployment("SUCCESSFUL", 2)]], definition(7));
    assert.match(fault ?? "", /brought .*kiban-dev-api:7, and not .*kiban-dev-api:8 of this update/);
  });

  it("waits for what is on the way, and not for ever", async () => {
    const way = [deployment("PENDING", 2)];
    assert.deepEqual(await judge([way, [deployment("ROLLBACK_IN_PROGRESS", 2)], [deployment("SUCCESSFUL", 2)]]), {
      fault: undefined,
      waits: 2,
    });
    const { fault, waits } = await judge([way]);
    assert.match(fault ?? "", /the last deployment is PENDING/);
    assert.equal(waits, 4);
  });

  it("passes a service that nothing has been deployed to in ECS's memory of 90 days", async () => {
    assert.deepEqual(await judge([[]]), { fault: undefined, waits: 0 });
  });

  it("asks ECS by service, cluster and revision", async () => {
    const ecs = recorded({
      ListServiceDeploymentsCommand: { serviceDeployments: [deployment("SUCCESSFUL", 1)] },
      DescribeServiceRevisionsCommand: { serviceRevisions: [{ taskDefinition: definition(8) }] },
    });
    const fault = await faultOf(service, deploymentsOf(ecs.client), { sleep: () => assert.fail("no need to wait") });
    assert.equal(fault, undefined);
    assert.deepEqual(ecs.calls, [
      ["ListServiceDeploymentsCommand", { service: service.name, cluster, maxResults: 100 }],
      ["DescribeServiceRevisionsCommand", { serviceRevisionArns: ["revision-1"] }],
    ]);
  });
});

describe("npm run wake", () => {
  async function wake(services: DeployedService[], desired: number, max: number | undefined) {
    const woken: unknown[] = [];
    const said = await wakeAll(services, {
      now: () => Promise.resolve({ desired, max }),
      wake: ({ name }, limits) => Promise.resolve(void woken.push([name, limits.min, limits.max])),
    });
    return { said, woken };
  }

  it("wakes a service that its schedule has put to sleep, and says so", async () => {
    assert.deepEqual(await wake([service], 0, 0), {
      said: ["api-service-1234567 was asleep: woken to 1 to 2 tasks until its next schedule"],
      woken: [["api-service-1234567", 1, 2]],
    });
  });

  it("lets alone what is awake, what has no scaling, and what shall have no task", async () => {
    const nothing = { said: [], woken: [] };
    assert.deepEqual(await wake([service], 1, 2), nothing);
    assert.deepEqual(await wake([{ ...service, scaling: undefined }], 0, 0), nothing);
    assert.deepEqual(await wake([{ ...service, scaling: { min: 0, max: 2 } }], 0, 0), nothing);
    // Its target is not there: the update will make it.
    assert.deepEqual(await wake([service], 0, undefined), nothing);
  });

  it("sets the limits first, then the number of tasks", async () => {
    const aws = recorded({
      DescribeServicesCommand: { services: [{ desiredCount: 0 }] },
      DescribeScalableTargetsCommand: { ScalableTargets: [{ MaxCapacity: 0 }] },
      RegisterScalableTargetCommand: {},
      UpdateServiceCommand: {},
    });
    const said = await wakeAll([service], capacityOf(aws.client, aws.client));
    assert.equal(said.length, 1);
    const place = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };
    assert.deepEqual(aws.calls, [
      ["DescribeServicesCommand", { cluster, services: [service.name] }],
      ["DescribeScalableTargetsCommand", { ...place, ResourceIds: [scalingId(service)] }],
      ["RegisterScalableTargetCommand", { ...place, ResourceId: scalingId(service), MinCapacity: 1, MaxCapacity: 2 }],
      ["UpdateServiceCommand", { cluster, service: service.name, desiredCount: 1 }],
    ]);
  });
});
