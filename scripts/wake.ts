import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";

import { UsageError } from "../plan/usage";
import { command } from "./command";
import { placeOf } from "./release/place";
import { type DeployedService, exportState, scalingId, servicesIn } from "./release/state";

/** What is asked and told of AWS. */
export interface Capacity {
  /** The number of tasks that ECS wants now, and the scaling's limits now. */
  now(service: DeployedService): Promise<{ readonly desired: number; readonly max: number | undefined }>;
  /** Sets the limits and the number of tasks. */
  wake(service: DeployedService, limits: { readonly min: number; readonly max: number }): Promise<void>;
}

/**
 * Wakes what a schedule has put to sleep: with no task to start a deployment proves nothing, and a broken image would show in
 * the morning. Only a service whose settings want at least one task is woken; its next schedule puts it to sleep again.
 *
 * @returns what was done, in a line for each
 */
export async function wakeAll(services: readonly DeployedService[], capacity: Capacity): Promise<string[]> {
  const said: string[] = [];
  for (const service of services) {
    const { scaling } = service;
    if (scaling === undefined || scaling.min === 0) continue;
    const { desired, max } = await capacity.now(service);
    if (desired > 0 || max === undefined) continue;
    await capacity.wake(service, scaling);
    said.push(`${service.name} was asleep: woken to ${scaling.min} to ${scaling.max} tasks until its next schedule`);
  }
  return said;
}

export function capacityOf(
  ecs: Pick<ECSClient, "send">,
  autoscaling: Pick<ApplicationAutoScalingClient, "send">,
): Capacity {
  const place = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
  return {
    async now(service) {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: service.cluster, services: [service.name] }),
      );
      const { ScalableTargets = [] } = await autoscaling.send(
        new DescribeScalableTargetsCommand({ ...place, ResourceIds: [scalingId(service)] }),
      );
      // A service that is not there yet sleeps no more than one that runs.
      return { desired: services[0]?.desiredCount ?? 1, max: ScalableTargets[0]?.MaxCapacity };
    },
    async wake(service, { min, max }) {
      await autoscaling.send(
        new RegisterScalableTargetCommand({
          ...place,
          ResourceId: scalingId(service),
          MinCapacity: min,
          MaxCapacity: max,
        }),
      );
      // The limits alone move nothing before the next scaling activity.
      await ecs.send(new UpdateServiceCommand({ cluster: service.cluster, service: service.name, desiredCount: min }));
    },
  };
}

/** `npm run wake -- <stack>`: before an update, so that its deployments have tasks to start. */
command(module, async (args) => {
  const [stack, ...rest] = args;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run wake -- <stack>");
  const { region } = placeOf(process.cwd(), stack);
  const services = servicesIn((await exportState(stack)) ?? '{"deployment":{}}');
  const capacity = capacityOf(new ECSClient({ region }), new ApplicationAutoScalingClient({ region }));
  const said = await wakeAll(services, capacity);
  // A notice stands on the run's own page.
  for (const line of said) console.log(process.env["GITHUB_ACTIONS"] === "true" ? `::notice::${line}` : line);
  if (said.length === 0) console.log("No service sleeps.");
});
