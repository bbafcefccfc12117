import assert from "node:assert/strict";

import type { Deployment } from "../../components/web-service/types";
import { type Registration, resource, type Run } from "../harness";
import { listener, network, policy, runService, web, worker } from "./web-service-fixture";

const serviceType = "aws:ecs/service:Service";
const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:lb/targetGroup:TargetGroup";
const roleType = "aws:iam/role:Role";

async function deploy(deployment?: Deployment): Promise<Run> {
  const result = await runService("api", web(deployment === undefined ? {} : { deployment }));
  assert.equal(result.error, undefined);
  return result;
}

function service(run: Run, name = "api"): Registration {
  return resource(run, serviceType, `${name}-service`);
}

/** Create and update timeout in minutes, however the wire writes it. */
function minutes(registration: Registration): unknown[] {
  const { create, update } = registration.options["customTimeouts"] as Record<string, string>;
  return [create, update].map((text) => {
    const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:0s)?$/.exec(text ?? "");
    return match === null ? text : Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0);
  });
}

describe("WebService rollout", () => {
  it("is blue/green behind a load balancer", async () => {
    const result = await deploy();
    const made = service(result);
    assert.deepEqual(made.inputs["deploymentConfiguration"], { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" });
    assert.equal(made.inputs["deploymentCircuitBreaker"], undefined);
    assert.deepEqual(made.inputs["loadBalancers"], [
      {
        containerName: "api",
        containerPort: 8080,
        targetGroupArn: resource(result, groupType, "api-blue").outputs["arn"],
        advancedConfiguration: {
          alternateTargetGroupArn: resource(result, groupType, "api-green").outputs["arn"],
          productionListenerRule: resource(result, ruleType, "api-production").outputs["arn"],
          testListenerRule: resource(result, ruleType, "api-test").outputs["arn"],
          roleArn: resource(result, roleType, "api-infrastructure-role").outputs["arn"],
        },
      },
    ]);
    assert.deepEqual(minutes(made), [25, 25]);
  });

  it("rolls back on what users notice", async () => {
    const result = await deploy();
    const name = (role: string) =>
      resource(result, "aws:cloudwatch/metricAlarm:MetricAlarm", `api-${role}-alarm`).outputs["name"];
    assert.deepEqual(service(result).inputs["alarms"], {
      alarmNames: ["server-errors", "latency", "unhealthy"].map(name),
      enable: true,
      rollback: true,
    });
  });

  it("waits, spreads, tags, and leaves the deployment to ECS when interrupted", async () => {
    const { inputs, options } = service(await deploy());
    assert.equal(inputs["waitForSteadyState"], true);
    assert.equal(inputs["availabilityZoneRebalancing"], "ENABLED");
    assert.equal(inputs["propagateTags"], "SERVICE");
    assert.equal(inputs["enableEcsManagedTags"], true);
    assert.equal(inputs["healthCheckGracePeriodSeconds"], 60);
    assert.equal(inputs["deploymentMinimumHealthyPercent"], 100);
    assert.equal(inputs["deploymentMaximumPercent"], 200);
    assert.equal(inputs["desiredCount"], 1);
    assert.deepEqual(options["ignoreChanges"], []);
    for (const unset of ["sigintRollback", "forceNewDeployment", "launchType"]) assert.ok(!inputs[unset], unset);
  });

  it("seeds the weights of both rules once and leaves them to ECS", async () => {
    const result = await deploy();
    const targetGroups = [
      { arn: resource(result, groupType, "api-blue").outputs["arn"], weight: 100 },
      { arn: resource(result, groupType, "api-green").outputs["arn"], weight: 0 },
    ];
    for (const [name, listenerArn] of [
      ["api-production", listener.listenerArn],
      ["api-test", listener.testListenerArn],
    ] as const) {
      const rule = resource(result, ruleType, name);
      const [action] = rule.inputs["actions"] as { type: string; forward: { targetGroups: unknown } }[];
      assert.equal(action?.type, "forward");
      assert.deepEqual(action.forward.targetGroups, targetGroups);
      assert.equal(rule.inputs["listenerArn"], listenerArn);
      assert.equal(rule.inputs["priority"], 10);
      assert.deepEqual(rule.options["ignoreChanges"], ["actions"]);
    }
  });

  it("routes by paths, hosts or both", async () => {
    const conditions = async (more: { paths?: string[]; hosts?: string[] }) => {
      const result = await runService("api", web({ http: { listener, port: 8080, priority: 1, ...more } }));
      return resource(result, ruleType, "api-production").inputs["conditions"];
    };
    assert.deepEqual(await conditions({}), [{ pathPattern: { values: ["/*"] } }]);
    assert.deepEqual(await conditions({ paths: ["/api/*"] }), [{ pathPattern: { values: ["/api/*"] } }]);
    assert.deepEqual(await conditions({ hosts: ["a.example.com"] }), [{ hostHeader: { values: ["a.example.com"] } }]);
    assert.deepEqual(await conditions({ paths: ["/v1/*"], hosts: ["a.example.com"] }), [
      { pathPattern: { values: ["/v1/*"] } },
      { hostHeader: { values: ["a.example.com"] } },
    ]);
  });

  it("makes two equal target groups that no change of the port replaces", async () => {
    const of = async (port: number) => {
      const http = { listener, port, priority: 1, healthCheckPath: "/up", deregistrationDelaySeconds: 10 };
      return runService("api", web({ http }));
    };
    for (const port of [80, 8080, 3000]) {
      const result = await of(port);
      for (const name of ["api-blue", "api-green"]) {
        const { inputs } = resource(result, groupType, name);
        assert.equal(inputs["port"], 80);
        assert.equal(inputs["targetType"], "ip");
        assert.equal(inputs["protocol"], "HTTP");
        assert.equal(inputs["vpcId"], network.vpcId);
        assert.equal(inputs["deregistrationDelay"], 10);
        const check = inputs["healthCheck"] as Record<string, unknown>;
        assert.equal(check["path"], "/up");
        assert.equal(check["matcher"], "200");
      }
    }
  });

  it("shifts a canary first, and waits for its pause", async () => {
    const made = service(await deploy({ strategy: "canary" }));
    assert.deepEqual(made.inputs["deploymentConfiguration"], {
      strategy: "CANARY",
      bakeTimeInMinutes: "5",
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: "10" },
    });
    assert.deepEqual(minutes(made), [35, 35]);
  });

  it("shifts in linear steps, and waits for their pauses", async () => {
    const made = service(await deploy({ strategy: "linear", stepPercent: 25, stepMinutes: 4, bakeMinutes: 0 }));
    assert.deepEqual(made.inputs["deploymentConfiguration"], {
      strategy: "LINEAR",
      bakeTimeInMinutes: "0",
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "4" },
    });
    assert.deepEqual(minutes(made), [32, 32]);
  });

  it("rolls with the circuit breaker, one target group and no test rule", async () => {
    const result = await deploy({ strategy: "rolling" });
    const made = service(result);
    assert.deepEqual(made.inputs["deploymentConfiguration"], { strategy: "ROLLING" });
    assert.deepEqual(made.inputs["deploymentCircuitBreaker"], { enable: true, rollback: true });
    assert.deepEqual(made.inputs["loadBalancers"], [
      {
        containerName: "api",
        containerPort: 8080,
        targetGroupArn: resource(result, groupType, "api-blue").outputs["arn"],
      },
    ]);
    assert.ok(made.inputs["alarms"]);
    assert.ok(made.dependencies.includes(resource(result, ruleType, "api-production").urn));
    assert.deepEqual(
      result.resources.filter((r) => ["api-test", "api-infrastructure-role"].includes(r.name)),
      [],
    );
    assert.deepEqual(minutes(made), [20, 20]);
  });

  it("rolls a worker with the circuit breaker alone", async () => {
    const made = service(await runService("jobs", worker()), "jobs");
    assert.deepEqual(made.inputs["deploymentConfiguration"], { strategy: "ROLLING" });
    assert.deepEqual(made.inputs["deploymentCircuitBreaker"], { enable: true, rollback: true });
    for (const key of ["alarms", "loadBalancers", "healthCheckGracePeriodSeconds"]) {
      assert.equal(made.inputs[key], undefined, key);
    }
  });

  it("starts the service after the rights and rules that its tasks need", async () => {
    const result = await runService(
      "api",
      web({
        exec: true,
        deployment: { strategy: "blueGreen", hooks: [{ functionArn: "arn:hook", stages: ["POST_SCALE_UP"] }] },
        uses: [{ name: "db", env: {}, statements: [], network: { securityGroupId: "sg-0d0d0d0d", port: 5432 } }],
      }),
    );
    const needed = /(Policy|PolicyAttachment|IngressRule|EgressRule|ListenerRule)$/;
    const children = result.resources.filter((r) => needed.test(r.type));
    assert.equal(children.length, 4 + 5 + 2);
    for (const child of children) assert.ok(service(result).dependencies.includes(child.urn), child.urn);
  });

  describe("hooks", () => {
    const functionArn = "arn:aws:lambda:ap-northeast-1:111111111111:function:smoke-test";

    it("are called by a role that may do nothing else", async () => {
      const result = await deploy({
        strategy: "blueGreen",
        hooks: [
          { functionArn, stages: ["POST_TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"], details: { path: "/healthz" } },
          { functionArn, stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"], timeoutMinutes: 30 },
        ],
      });
      const role = resource(result, roleType, "api-hook-role");
      const roleArn = role.outputs["arn"];
      const { lifecycleHooks } = service(result).inputs["deploymentConfiguration"] as Record<string, unknown>;
      assert.deepEqual(lifecycleHooks, [
        {
          hookTargetArn: functionArn,
          roleArn,
          lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"],
          hookDetails: '{"path":"/healthz"}',
        },
        { hookTargetArn: functionArn, roleArn, lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
      ]);
      assert.deepEqual(policy(resource(result, "aws:iam/rolePolicy:RolePolicy", "api-hook-policy")), {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: [functionArn] }],
      });
      assert.deepEqual(policy(role, "assumeRolePolicy"), {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }],
      });
      // 5 to bake, 2 calls of 5, 1 call of 30, 20 for the rest.
      assert.deepEqual(minutes(service(result)), [65, 65]);
    });

    it("need no role when there are none", async () => {
      const result = await deploy();
      assert.deepEqual(
        result.resources.filter((r) => r.name.startsWith("api-hook")),
        [],
      );
    });

    it("count once for each shift of a linear deployment", async () => {
      const hooks = [{ functionArn, stages: ["PRODUCTION_TRAFFIC_SHIFT" as const], timeoutMinutes: 2 }];
      const made = service(await deploy({ strategy: "linear", stepPercent: 50, stepMinutes: 3, hooks }));
      assert.deepEqual(minutes(made), [5 + 3 + 4 + 20, 5 + 3 + 4 + 20]);
    });
  });

  it("runs on demand, on Spot, or on a mix", async () => {
    const strategies = async (capacity?: "onDemand" | "spot" | { base?: number; spotPercent: number }) => {
      const result = await runService("jobs", worker(capacity === undefined ? {} : { capacity }));
      return service(result, "jobs").inputs["capacityProviderStrategies"];
    };
    assert.deepEqual(await strategies(), [{ capacityProvider: "FARGATE", weight: 1 }]);
    assert.deepEqual(await strategies("spot"), [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
    assert.deepEqual(await strategies({ base: 2, spotPercent: 75 }), [
      { capacityProvider: "FARGATE", base: 2, weight: 25 },
      { capacityProvider: "FARGATE_SPOT", weight: 75 },
    ]);
  });
});
