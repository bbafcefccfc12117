import type * as aws from "@pulumi/aws";

import type { Environment } from "../lib/environment";
import { type Subject, on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const natCount = stackRule(
  {
    name: "nat-count",
    description: "Networks have one NAT gateway at most in dev, and one in each zone in prod",
    severity: "medium",
    levels: "M/A/A",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    remediationSteps: "Let all private subnets of dev share a gateway; in prod add one per zone, or a regional one.",
  },
  types.natGateway,
  ({ stack, environment, report }) => {
    for (const vpc of stack.ofType(types.vpc)) {
      const gateways = stack.ofType(types.natGateway).filter((gateway) => isIn(stack, gateway, vpc));
      if (gateways.length === 0) continue;
      if (environment === "dev") {
        for (const gateway of gateways.slice(1)) {
          report(gateway, "NAT gateway", "is a second one", "let all private subnets of dev share one");
        }
      }
      // AWS: a regional gateway is in each zone by itself.
      const regional = gateways.some((gateway) => !gateway.props.dig("availabilityMode").isNot("regional"));
      if (environment !== "prod" || regional) continue;
      const zones = stack
        .referrers(vpc, "vpcId", types.subnet)
        .map((subnet) => subnet.props.dig("availabilityZone").text);
      const served = gateways.flatMap((gateway) =>
        stack.targets(gateway, "subnetId", types.subnet).map((subnet) => subnet.props.dig("availabilityZone").text),
      );
      const left = new Set(zones.filter((zone) => zone !== undefined && !served.includes(zone)));
      if (left.size > 0 && !served.includes(undefined)) {
        report(vpc, "NAT gateways", "are missing in a zone", "add one in each zone: the others' fails with its zone");
      }
    }
  },
);

/** Whether the gateway is in the network, by its own subnet alone, or by name. */
function isIn(stack: Stack, gateway: Node, vpc: Node): boolean {
  if (gateway.props.dig("connectivityType").is("private")) return false;
  if (stack.targets(gateway, "vpcId", types.vpc).includes(vpc)) return true;
  return stack
    .targets(gateway, "subnetId", types.subnet)
    .some((subnet) => stack.targets(subnet, "vpcId", types.vpc).includes(vpc));
}

/** The most that one resource of an environment may be, and what in dev must end by itself. */
interface Most {
  /** Aurora capacity units. */
  readonly acu: number;
  /** Least capacity of Aurora that is paid for all the time. */
  readonly idleAcu: number;
  /** Size of an instance: large, 4xlarge. */
  readonly instance: string;
  /** Fargate: CPU units and MiB. */
  readonly cpu: number;
  readonly memory: number;
  /** Redshift processing units. */
  readonly rpu: number;
  readonly shards: number;
}

const most: Readonly<Record<Environment, Most>> = {
  dev: { acu: 8, idleAcu: 0.5, instance: "xlarge", cpu: 4096, memory: 16_384, rpu: 16, shards: 4 },
  stg: { acu: 32, idleAcu: 8, instance: "4xlarge", cpu: 8192, memory: 32_768, rpu: 64, shards: 16 },
  prod: { acu: 128, idleAcu: 64, instance: "16xlarge", cpu: 16_384, memory: 122_880, rpu: 512, shards: 200 },
};

type Sized = Pick<Subject<unknown>, "environment" | "config" | "report">;

function limits({ environment, config }: Sized): Most {
  return { ...most[environment], ...(config.most as Partial<Record<Environment, Partial<Most>>>)[environment] };
}

const named = ["nano", "micro", "small", "medium", "large", "xlarge"];

/** Place of a size among the sizes; `metal` is all of a machine. Serverless and unknown ones have none. */
function rank(size: string): number {
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  if (multiple !== undefined) return named.length - 1 + Number(multiple);
  return size.startsWith("metal") ? Infinity : named.indexOf(size);
}

function instance(subject: Sized, at: Value): void {
  const allowed = limits(subject).instance;
  const size = (at.text ?? "").split(".").at(-1) ?? "";
  if (rank(size) > rank(allowed)) {
    subject.report(at, `is larger than ${allowed}`, `set a size to ${allowed}, or raise most in the configuration`);
  }
}

function number(subject: Sized, at: Value, key: Exclude<keyof Most, "instance">, unit: string): void {
  const allowed = limits(subject)[key];
  if (Number(at.known ?? 0) > allowed) {
    subject.report(
      at,
      `is more than ${allowed} ${unit}`,
      `set it to ${allowed} or less, or raise most in the configuration`,
    );
  }
}

export const instanceSize = rule(
  {
    name: "instance-size",
    description: "Nothing is larger than its environment needs: instances, tasks, clusters, streams, warehouses",
    severity: "medium",
    levels: "M/A/A",
    url: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/select-the-correct-resource-type-size-and-number.html",
    remediationSteps: "Take a smaller size, or raise most in the rule's configuration, where it is reviewed.",
    config: {
      most: {
        type: "object",
        default: {},
        description: "by environment: acu, idleAcu, instance, cpu, memory, rpu, shards",
      },
    },
  },
  on<aws.rds.ClusterArgs>(types.dbCluster, (subject) => {
    const scaling = subject.props.at("serverlessv2ScalingConfiguration");
    number(subject, scaling.at("maxCapacity"), "acu", "ACU");
    number(subject, scaling.at("minCapacity"), "idleAcu", "ACU");
    const pause = scaling.at("secondsUntilAutoPause");
    if (subject.environment === "dev" && Number(pause.known ?? 0) > 3600) {
      subject.report(pause, "is longer than an hour", "set it to 3600 or less");
    }
  }),
  on<aws.rds.InstanceArgs>([...types.dbClusterInstance, ...types.dbInstance], (subject) => {
    instance(subject, subject.props.at("instanceClass"));
  }),
  on<aws.ec2.InstanceArgs>([...types.instance, ...types.launchTemplate, ...types.notebook], (subject) => {
    instance(subject, subject.props.at("instanceType"));
  }),
  on<aws.sagemaker.EndpointConfigurationArgs>(types.endpointConfiguration, (subject) => {
    for (const variant of subject.props.at("productionVariants").items()) instance(subject, variant.at("instanceType"));
  }),
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, (subject) => {
    number(subject, subject.props.at("cpu"), "cpu", "CPU units");
    number(subject, subject.props.at("memory"), "memory", "MiB");
  }),
  on<aws.redshiftserverless.WorkgroupArgs>(types.warehouseWorkgroup, (subject) => {
    number(subject, subject.props.at("baseCapacity"), "rpu", "RPU");
    number(subject, subject.props.at("maxCapacity"), "rpu", "RPU");
  }),
  on<aws.kinesis.StreamArgs>(types.stream, (subject) => {
    number(subject, subject.props.at("shardCount"), "shards", "shards");
  }),
);

export const endpointSprawl = stackRule(
  {
    name: "endpoint-sprawl",
    description: "No address is paid for that nothing uses, and dev has few interface endpoints",
    severity: "low",
    levels: "A/A/A",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    remediationSteps: "Remove the address or attach it; in dev let tasks reach AWS by NAT in place of endpoints.",
    config: {
      most: { type: "integer", minimum: 0, default: 8, description: "endpoints times subnets in dev, by network" },
    },
  },
  [...types.eip, ...types.vpcEndpoint],
  ({ stack, environment, config, report }) => {
    for (const address of stack.ofType(types.eip)) {
      if (!isAttached(stack, address)) report(address, "address", "is attached to nothing", "remove it, or attach it");
    }
    if (environment !== "dev") return;
    for (const vpc of stack.ofType(types.vpc)) {
      const endpoints = stack
        .referrers(vpc, "vpcId", types.vpcEndpoint)
        .filter((endpoint) => endpoint.props.dig("vpcEndpointType").is("Interface"));
      // Each endpoint is paid for by the hour in each of its subnets.
      const count = endpoints.reduce((sum, one) => sum + Math.max(1, one.props.dig("subnetIds").items().length), 0);
      if (count > Number(config.most)) {
        report(vpc, "interface endpoints", `are more than ${Number(config.most)} by subnet`, "use NAT in dev");
      }
    }
  },
);

/** Properties by which something takes an address. */
const takers: readonly (readonly [types: readonly string[], property: string])[] = [
  [types.natGateway, "allocationId"],
  [types.natGateway, "secondaryAllocationIds"],
  [types.natGateway, "availabilityZoneAddresses"],
  [types.eipAssociation, "allocationId"],
  [types.loadBalancer, "subnetMappings"],
];

function isAttached(stack: Stack, address: Node): boolean {
  const own = ["instance", "networkInterface"].some((key) => !address.props.dig(key).isEmpty());
  return own || takers.some(([kinds, property]) => stack.referrers(address, property, kinds).length > 0);
}
