import { types } from "../../../policy/lib/types";
import {
  ecsLogsInsights,
  ecsPlatform,
  ecsRollout,
  lambdaLimits,
  lambdaTracingLogs,
} from "../../../policy/rules/services";
import { endpointSprawl, instanceSize, natCount } from "../../../policy/rules/spend";
import {
  type Break,
  type Case,
  EMPTIED,
  type Proof,
  given,
  isTrue,
  one,
  oneOf,
  oneOfOrUnset,
  proof,
  values,
} from "../proof";

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true }, desiredCount: 2 };
const zone = (letter: string) => ({
  type: types.subnet,
  inputs: { availabilityZone: `ap-northeast-1${letter}` },
  links: { vpcId: "vpc" },
});
const nat = (subnet: string) => ({ type: types.natGateway, inputs: {}, links: { subnetId: subnet } });
const large = (path: string, wrong: string[], right: string[]): Break => values(path, wrong, [...right, undefined]);

const traced = (door: readonly string[], property: string, inputs: object): Case => ({
  resources: {
    fn: {
      type: types.lambda,
      inputs: { loggingConfig: { logFormat: "JSON", logGroup: "group" }, tracingConfig: { mode: "Active" } },
      breaks: [oneOf("tracingConfig.mode", ["Active"], ["PassThrough"]), values("tracingConfig", [undefined])],
    },
    door: { type: door, inputs: { ...inputs }, links: { [property]: "fn" } },
  },
});

export const services: readonly Proof[] = [
  proof(
    ecsLogsInsights,
    one(
      types.taskDefinition,
      { containerDefinitions: JSON.stringify([{ logConfiguration: { logDriver: "awslogs" } }]) },
      [
        given("containerDefinitions>[0].logConfiguration.logDriver"),
        values("containerDefinitions>[0].logConfiguration", [undefined]),
      ],
    ),
    one(types.cluster, { settings: [{ name: "containerInsights", value: "enabled" }] }, [
      oneOf("settings[0].value", ["enabled", "enhanced"], ["disabled"], {
        at: "settings.containerInsights",
        needs: ["settings"],
      }),
      values("settings", [undefined, EMPTIED], [], { at: "settings.containerInsights", needs: ["settings"] }),
      values("settings[0].name", [undefined, "other"], [], { at: "settings.containerInsights", needs: ["settings"] }),
    ]),
  ),
  proof(
    ecsPlatform,
    one(types.service, { platformVersion: "LATEST" }, [
      oneOfOrUnset("platformVersion", ["LATEST", "1.4.0"], ["1.3.0", "1.2.0"]),
    ]),
    one(types.schedule, { target: { ecsParameters: { platformVersion: "LATEST" } } }, [
      oneOfOrUnset("target.ecsParameters.platformVersion", ["LATEST"], ["1.3.0"]),
    ]),
    one(types.eventTarget, { ecsTarget: { platformVersion: "LATEST" } }, [
      oneOfOrUnset("ecsTarget.platformVersion", ["LATEST"], ["1.3.0"]),
    ]),
  ),
  proof(
    ecsRollout,
    one(types.service, breaker, [
      isTrue("deploymentCircuitBreaker.enable"),
      isTrue("deploymentCircuitBreaker.rollback"),
      values("deploymentCircuitBreaker", [undefined], [], { findings: 2 }),
      values("desiredCount", [undefined, 0, 1], [3]),
    ]),
    one(
      types.service,
      {
        deploymentConfiguration: { strategy: "BLUE_GREEN" },
        alarms: { enable: true, rollback: true, alarmNames: ["a"] },
        desiredCount: 2,
      },
      [
        isTrue("alarms.enable", { at: "alarms", needs: ["deploymentConfiguration"] }),
        isTrue("alarms.rollback", { at: "alarms", needs: ["deploymentConfiguration"] }),
        values("alarms", [undefined, EMPTIED], [], { needs: ["deploymentConfiguration"] }),
        // With alarms every way of releasing is watched.
        values("deploymentConfiguration.strategy", [], ["CANARY", "LINEAR", "ROLLING"], {
          unread: { deploymentConfiguration: false, "deploymentConfiguration.strategy": false },
        }),
      ],
    ),
    {
      resources: {
        service: { type: types.service, inputs: { ...breaker, desiredCount: 1 } },
        scaling: {
          type: types.scalableTarget,
          inputs: { minCapacity: 2 },
          links: { resourceId: "service" },
          needed: { on: "service", at: "desiredCount" },
          breaks: [values("minCapacity", [undefined, 0, 1], [3], { on: "service", at: "desiredCount" })],
        },
      },
    },
    one(types.targetGroup, { protocol: "HTTP", healthCheck: { path: "/healthz" } }, [
      values("healthCheck", [undefined, EMPTIED]),
      values("healthCheck.enabled", [false], [true], { at: "healthCheck" }),
    ]),
  ),
  proof(
    lambdaLimits,
    one(types.lambda, { timeout: 30, memorySize: 256, vpcConfig: { subnetIds: ["a", "c"] } }, [
      given("timeout", { broken: [3], passes: [1, 900] }),
      given("memorySize", { broken: [128], passes: [129, 512] }),
      // Their number is asked for, not their ids.
      values("vpcConfig.subnetIds[1]", [undefined], [], {
        at: "vpcConfig.subnetIds",
        unread: { "vpcConfig.subnetIds[1]": false },
      }),
      values("vpcConfig", [], [undefined]),
    ]),
    one(
      types.lambda,
      { timeout: 30, memorySize: 256, reservedConcurrentExecutions: 10 },
      [values("reservedConcurrentExecutions", [undefined, -1], [0])],
      { config: { reserved: true } },
    ),
  ),
  proof(
    lambdaTracingLogs,
    one(types.lambda, { loggingConfig: { logFormat: "JSON", logGroup: "group" } }, [
      oneOf("loggingConfig.logFormat", ["JSON"], ["Text"]),
      given("loggingConfig.logGroup"),
      values("loggingConfig", [undefined], [], { findings: 2 }),
    ]),
    traced(types.lambdaUrl, "functionName", {}),
    traced(types.lambdaPermission, "function", { principal: "apigateway.amazonaws.com" }),
    traced(types.lambdaPermission, "function", { principal: "elasticloadbalancing.amazonaws.com" }),
    one(
      types.lambda,
      { loggingConfig: { logFormat: "JSON", logGroup: "group" }, tracingConfig: { mode: "Active" } },
      [oneOf("tracingConfig.mode", ["Active"], ["PassThrough"])],
      { config: { everyFunction: true } },
    ),
  ),
  proof(
    natCount,
    {
      stack: "dev",
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        a: zone("a"),
        c: zone("c"),
        first: nat("a"),
        second: { ...nat("c"), added: { at: "NAT gateway" } },
      },
    },
    {
      stack: "prod",
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        a: zone("a"),
        c: zone("c"),
        first: { ...nat("a"), needed: { on: "vpc", at: "NAT gateways" } },
        second: { ...nat("c"), needed: { on: "vpc", at: "NAT gateways" } },
      },
    },
    {
      stack: "prod",
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        a: zone("a"),
        c: zone("c"),
        only: {
          ...nat("a"),
          inputs: { availabilityMode: "regional" },
          breaks: [values("availabilityMode", [undefined, "zonal"], [], { on: "vpc", at: "NAT gateways" })],
        },
      },
    },
  ),
  proof(
    instanceSize,
    ...(
      [
        ["dev", 8, 0.5, "xlarge", "2xlarge", 4096, 16_384, 16, 4],
        ["prod", 128, 64, "16xlarge", "24xlarge", 16_384, 122_880, 512, 200],
      ] as const
    ).flatMap(([stack, acu, idle, size, larger, cpu, memory, rpu, shards]): Case[] => [
      one(
        types.dbCluster,
        { serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 4 } },
        [
          values("serverlessv2ScalingConfiguration.maxCapacity", [acu + 0.5, 256], [acu]),
          values("serverlessv2ScalingConfiguration.minCapacity", [idle + 0.5], [idle]),
          ...(stack === "dev"
            ? [values("serverlessv2ScalingConfiguration.secondsUntilAutoPause", [3601], [300, 3600])]
            : []),
        ],
        { stack },
      ),
      one(
        [...types.dbClusterInstance, ...types.dbInstance],
        { instanceClass: "db.t4g.medium" },
        [large("instanceClass", [`db.r8g.${larger}`], [`db.r8g.${size}`, "db.serverless"])],
        { stack },
      ),
      one(
        [...types.instance, ...types.launchTemplate, ...types.notebook],
        { instanceType: "t3.micro" },
        [large("instanceType", [`m7i.${larger}`, "m7i.metal-48xl", `ml.m5.${larger}`], [`m7i.${size}`, "t3.nano"])],
        { stack },
      ),
      one(
        types.endpointConfiguration,
        { productionVariants: [{ instanceType: "ml.m5.large" }] },
        [large("productionVariants[0].instanceType", [`ml.g5.${larger}`], [`ml.g5.${size}`])],
        { stack },
      ),
      one(
        types.taskDefinition,
        { cpu: "256", memory: "512" },
        [values("cpu", [String(cpu + 1)], [String(cpu)]), values("memory", [String(memory + 1)], [String(memory)])],
        { stack },
      ),
      one(
        types.warehouseWorkgroup,
        { baseCapacity: 8, maxCapacity: 16 },
        [values("baseCapacity", [rpu + 8], [rpu]), values("maxCapacity", [rpu + 8], [rpu])],
        { stack },
      ),
      one(types.stream, { shardCount: 1 }, [values("shardCount", [shards + 1], [shards])], { stack }),
    ]),
    one(types.stream, { shardCount: 8 }, [values("shardCount", [9], [1])], {
      stack: "dev",
      config: { most: { dev: { shards: 8 } } },
    }),
  ),
  proof(
    endpointSprawl,
    ...(
      [
        [types.natGateway, "allocationId"],
        [types.natGateway, "secondaryAllocationIds"],
        [types.natGateway, "availabilityZoneAddresses"],
        [types.eipAssociation, "allocationId"],
        [types.loadBalancer, "subnetMappings"],
      ] as const
    ).map(([type, property]): Case => ({
      resources: {
        address: { type: types.eip, inputs: {} },
        taker: { type, inputs: {}, links: { [property]: "address" }, needed: { on: "address", at: "address" } },
      },
    })),
    one(types.eip, { instance: "i-1" }, [given("instance", { at: "address" })]),
    one(types.eip, { networkInterface: "eni-1" }, [given("networkInterface", { at: "address" })]),
    {
      stack: "dev",
      config: { most: 0 },
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        s3: {
          type: types.vpcEndpoint,
          inputs: { vpcEndpointType: "Gateway" },
          links: { vpcId: "vpc" },
          breaks: [values("vpcEndpointType", ["Interface"], [undefined], { on: "vpc", at: "interface endpoints" })],
        },
      },
    },
    {
      stack: "dev",
      config: { most: 2 },
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        logs: {
          type: types.vpcEndpoint,
          inputs: { vpcEndpointType: "Interface", subnetIds: ["a", "c"] },
          links: { vpcId: "vpc" },
          breaks: [values("subnetIds", [["a", "c", "d"]], [["a"]], { on: "vpc", at: "interface endpoints" })],
        },
        secrets: {
          type: types.vpcEndpoint,
          inputs: { vpcEndpointType: "Interface", subnetIds: ["a"] },
          links: { vpcId: "vpc" },
          added: { on: "vpc", at: "interface endpoints", needs: ["logs.subnetIds"] },
        },
      },
    },
  ),
];
