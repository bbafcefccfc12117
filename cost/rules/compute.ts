import type { PlannedResource } from "../../plan/run";
import {
  block,
  hoursAMonth,
  idle,
  type Item,
  list,
  number,
  type Rules,
  type Setting,
  text,
  unpriced,
  use,
} from "../pricer";
import { product, type Range } from "../range";
import { averageBounds, type Bounds, runsAMonth } from "../schedule";

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const target = "aws:appautoscaling/target:Target";
const scheduledAction = "aws:appautoscaling/scheduledAction:ScheduledAction";

/** Share of the list price: 1, or what Spot costs of it, by weight. */
function shareOfPrice(strategies: unknown, { usage }: Setting): Range | number {
  const given = list(strategies).map(block);
  const weight = (of: readonly (typeof given)[number][]): number =>
    of.reduce((all, s) => all + number(s["weight"], 0), 0);
  const all = weight(given);
  if (all === 0) return 1;
  const spot = weight(given.filter((strategy) => strategy["capacityProvider"] === "FARGATE_SPOT")) / all;
  return spot === 0 ? 1 : { ...mix(usage.tasks.spotShareOfPrice, spot) };
}

function mix(price: Range, spot: number): Range {
  const at = (share: number): number => spot * share + (1 - spot);
  return { low: at(price.low), expected: at(price.expected), high: at(price.high) };
}

/** Hours of a task on Fargate, as vCPU and memory. AWS bills each by the second. */
function taskHours(
  position: typeof idle | typeof use,
  what: string,
  task: PlannedResource,
  hours: Range | number,
  share: Range | number,
): Item[] {
  const { cpu, memory, runtimePlatform } = task.inputs;
  const arch = block(runtimePlatform)["cpuArchitecture"] === "ARM64" ? "arm" : "x86";
  const spot = share === 1 ? "" : ", Spot";
  return [
    position(`${what}, vCPU${spot}`, `fargate.linux.${arch}.vcpuHour`, product(hours, number(cpu, 0) / 1024, share)),
    position(`${what}, memory${spot}`, `fargate.linux.${arch}.gbHour`, product(hours, number(memory, 0) / 1024, share)),
  ];
}

/** The tasks of a service on average: what its scaling keeps at least, and what it may reach. */
function boundsOf(resource: PlannedResource, setting: Setting): Bounds {
  const desired = number(resource.inputs["desiredCount"], 1);
  const [scaled] = setting.referredBy(resource, target, "resourceId");
  if (scaled === undefined) return { min: desired, max: desired };
  const bounds = { min: number(scaled.inputs["minCapacity"], 0), max: number(scaled.inputs["maxCapacity"], 0) };
  const actions = setting.referredBy(scaled, scheduledAction, "resourceId").map(({ inputs }) => {
    const to = block(inputs["scalableTargetAction"]);
    const { min, max } = { min: number(to["minCapacity"], bounds.min), max: number(to["maxCapacity"], bounds.max) };
    return { expression: text(inputs["schedule"]), min, max };
  });
  return actions.length === 0 ? bounds : averageBounds(bounds, actions);
}

function ofService(resource: PlannedResource, setting: Setting) {
  const [task] = setting.refersTo(resource, "taskDefinition", taskDefinition);
  if (task === undefined) return [unpriced("tasks", "the task definition is not in the plan")];
  const { min, max } = boundsOf(resource, setting);
  const share = shareOfPrice(resource.inputs["capacityProviderStrategies"], setting);
  const more = product(setting.usage.tasks.scaleOut, (max - min) * hoursAMonth);
  return [
    ...taskHours(idle, "least tasks", task, min * hoursAMonth, share),
    ...(max > min ? taskHours(use, "scaled-out tasks", task, more, share) : []),
  ];
}

function ofSchedule(resource: PlannedResource, setting: Setting) {
  const { state, scheduleExpression } = resource.inputs;
  const aim = block(resource.inputs["target"]);
  const ecs = block(aim["ecsParameters"]);
  const runs = state === "DISABLED" ? 0 : runsAMonth(text(scheduleExpression));
  const [task] = setting.refersTo(resource, "target", taskDefinition);
  const invocations = idle("invocations", "eventbridge.scheduler", runs / 1_000_000);
  if (task === undefined) return [invocations];
  const hours = product(setting.usage.tasks.minutesPerRun, (runs * number(ecs["taskCount"], 1)) / 60);
  return [
    invocations,
    ...taskHours(idle, "scheduled runs", task, hours, shareOfPrice(ecs["capacityProviderStrategies"], setting)),
  ];
}

function ofCluster({ inputs }: PlannedResource) {
  const settings = list(inputs["settings"]).map(block);
  const insights = settings.find((entry) => entry["name"] === "containerInsights")?.["value"];
  if (insights === undefined || insights === "disabled") return [];
  const by =
    insights === "enhanced" ? "observation, of which no price is at hand" : "metric, of which AWS gives no number";
  return [unpriced(`Container Insights, ${text(insights)}`, `billed by the ${by}`)];
}

function ofFunction(resource: PlannedResource, { usage }: Setting) {
  const { memorySize, architectures } = resource.inputs;
  const arch = list(architectures)[0] === "arm64" ? "arm" : "x86";
  const { thousandInvocations, milliseconds } = usage.functions;
  // 1,000 invocations of 1 ms at 1 MB: a second at 1/1024 GB.
  const gbSeconds = product(thousandInvocations, milliseconds, number(memorySize, 128) / 1024);
  return [
    use("invocations", "lambda.requests", product(thousandInvocations, 1 / 1000)),
    use("duration", `lambda.${arch}.gbSecond`, gbSeconds),
  ];
}

/** What runs programs: Fargate, Lambda, their images. */
export const compute: Rules = {
  "aws:ecs/service:Service": ofService,
  "aws:scheduler/schedule:Schedule": ofSchedule,
  "aws:ecs/cluster:Cluster": ofCluster,
  "aws:lambda/function:Function": ofFunction,
  "aws:ecr/repository:Repository": (_, { usage }) => [use("images", "ecr.storage", usage.images.storageGb)],
};
