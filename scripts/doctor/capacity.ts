import type { Values } from "../../sandbox/values";

/** An amount that a stack begins with, and the most that its settings let it grow to. */
export interface Amount {
  readonly least: number;
  readonly most: number;
}

/** Inputs of a plan's resources of a type. */
export type InputsOf = (type: string) => readonly Values[];

/** A field that is text in every plan. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

interface Strategy {
  readonly capacityProvider?: string;
}

interface Tasks extends Amount {
  readonly definition: string;
  readonly spot: boolean;
}

/**
 * vCPU of Fargate, on demand and on Spot, while every service is being deployed: then it has the old tasks and the new
 * ones. A definition that neither a service nor a schedule runs is a migration or the like: one task of it at a time.
 */
export function fargateOf(inputs: InputsOf): { readonly onDemand: Amount; readonly spot: Amount } {
  const running = [...servicesOf(inputs), ...schedulesOf(inputs)];
  const sum = { onDemand: { least: 0, most: 0 }, spot: { least: 0, most: 0 } };
  for (const { family, cpu } of inputs("aws:ecs/taskDefinition:TaskDefinition")) {
    const one = { definition: text(family), spot: false, least: 1, most: 1 };
    const tasks = running.filter(({ definition }) => definition === family);
    for (const { spot, least, most } of tasks.length > 0 ? tasks : [one]) {
      const kind = spot ? sum.spot : sum.onDemand;
      kind.least += (least * Number(cpu)) / 1024;
      kind.most += (most * Number(cpu)) / 1024;
    }
  }
  return sum;
}

function servicesOf(inputs: InputsOf): Tasks[] {
  const targets = inputs("aws:appautoscaling/target:Target");
  return inputs("aws:ecs/service:Service").map((service) => {
    // Scaling knows a service as service/<cluster>/<service>.
    const target = targets.find(({ resourceId }) => text(resourceId).endsWith(`/${text(service["name"])}`));
    const desired = Number(service["desiredCount"] ?? 1);
    const { strategy = "ROLLING" } = (service["deploymentConfiguration"] ?? {}) as { strategy?: string };
    const factor = strategy === "ROLLING" ? Number(service["deploymentMaximumPercent"] ?? 200) / 100 : 2;
    return {
      ...runOf(service["taskDefinition"], service["capacityProviderStrategies"]),
      least: Math.max(desired, Number(target?.["minCapacity"] ?? 0)) * factor,
      most: Math.max(desired, Number(target?.["maxCapacity"] ?? 0)) * factor,
    };
  });
}

function schedulesOf(inputs: InputsOf): Tasks[] {
  return inputs("aws:scheduler/schedule:Schedule").flatMap(({ target }) => {
    const { ecsParameters: tasks } = target as { ecsParameters?: Values };
    if (tasks === undefined) return [];
    const count = Number(tasks["taskCount"] ?? 1);
    return [{ ...runOf(tasks["taskDefinitionArn"], tasks["capacityProviderStrategies"]), least: count, most: count }];
  });
}

/** Where both kinds of capacity may be taken, on demand: what Spot does not have, it takes. */
function runOf(arn: unknown, strategies: unknown): Pick<Tasks, "definition" | "spot"> {
  const [, definition = ""] = /task-definition\/(.+):\d+$/.exec(text(arn)) ?? [];
  const all = (strategies ?? []) as readonly Strategy[];
  return {
    definition,
    spot: all.length > 0 && all.every(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT"),
  };
}

/** AWS: Lambda developer guide, "Configuring reserved concurrency": this much of an account cannot be reserved. */
const unreserved = 100;
/** AWS: Kinesis developer guide, "On-demand mode": a new stream begins with 4 shards. */
const firstShards = 4;

/** Functions that run at the same time: each once, those behind a stream once for each shard. */
export function concurrencyOf(inputs: InputsOf): Amount {
  const functions = inputs("aws:lambda/function:Function");
  const reserved = functions.map((each) => Math.max(0, Number(each["reservedConcurrentExecutions"] ?? 0)));
  const fromStreams = inputs("aws:lambda/eventSourceMapping:EventSourceMapping").map(
    ({ eventSourceArn, parallelizationFactor }) =>
      shardsOf(eventSourceArn, inputs) * Number(parallelizationFactor ?? 1),
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  // A stack begins with what it cannot be made without: AWS refuses a reservation, and nothing else.
  const held = sum(reserved);
  const least = held === 0 ? 1 : held + unreserved;
  return { least, most: Math.max(least, functions.length + sum(fromStreams)) };
}

function shardsOf(arn: unknown, inputs: InputsOf): number {
  const stream = inputs("aws:kinesis/stream:Stream").find(({ name }) => text(arn).endsWith(`:stream/${text(name)}`));
  return Number(stream?.["shardCount"] ?? firstShards);
}
