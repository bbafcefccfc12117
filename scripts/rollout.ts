import {
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";

import { UsageError } from "../plan/usage";
import { command } from "./command";
import { placeOf } from "./release/place";
import { type DeployedService, exportState, servicesIn } from "./release/state";

/** What is asked of ECS. */
export interface Deployments {
  /** The deployments of a service, in any order: ECS keeps those of 90 days. */
  list(service: DeployedService): Promise<readonly ServiceDeploymentBrief[]>;
  /** ARN of the task definition that a revision of a service runs. */
  taskDefinitionOf(revision: string): Promise<string | undefined>;
}

/** On the way; everything else is an end. */
const underWay = new Set<string | undefined>([
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
]);

export interface Waiting {
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** How often to look, 15 seconds apart. @default 120, half an hour */
  readonly looks?: number;
}

/**
 * Why the service's last deployment is not the success of our task definition, undefined where it is. A provider that waits
 * for a steady service is content after a rollback too: it is steady, with the old tasks.
 */
export async function faultOf(
  service: DeployedService,
  deployments: Deployments,
  { sleep, looks = 120 }: Waiting,
): Promise<string | undefined> {
  let last: ServiceDeploymentBrief | undefined;
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await sleep(15_000);
    last = newest(await deployments.list(service));
    if (last === undefined || !underWay.has(last.status)) break;
  }
  // Nothing in 90 days: nothing that could have gone wrong now.
  if (last === undefined) return undefined;
  const reason = last.statusReason === undefined ? "" : `: ${last.statusReason}`;
  if (last.status !== "SUCCESSFUL") {
    return `${service.name}: the last deployment is ${last.status}${reason}; it runs what it ran before`;
  }
  const runs = await deployments.taskDefinitionOf(last.targetServiceRevisionArn ?? "");
  if (runs === service.taskDefinition) return undefined;
  return `${service.name}: the last deployment brought ${runs}, and not ${service.taskDefinition} of this update`;
}

function newest(all: readonly ServiceDeploymentBrief[]): ServiceDeploymentBrief | undefined {
  return [...all].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
}

/** ECS itself. */
export function deploymentsOf(client: Pick<ECSClient, "send">): Deployments {
  return {
    async list({ name, cluster }) {
      const { serviceDeployments = [] } = await client.send(
        // The newest come first; a hundred are the most that a page has.
        new ListServiceDeploymentsCommand({ service: name, cluster, maxResults: 100 }),
      );
      return serviceDeployments;
    },
    async taskDefinitionOf(revision) {
      const { serviceRevisions = [] } = await client.send(
        new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }),
      );
      return serviceRevisions[0]?.taskDefinition;
    },
  };
}

/** `npm run rollout -- <stack>`: after an update, whether every service runs what the update gave it. */
command(module, async (args) => {
  const [stack, ...rest] = args;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run rollout -- <stack>");
  const { region } = placeOf(process.cwd(), stack);
  const services = servicesIn((await exportState(stack)) ?? '{"deployment":{}}');
  const deployments = deploymentsOf(new ECSClient({ region }));
  const sleep = (milliseconds: number): Promise<unknown> => new Promise((done) => setTimeout(done, milliseconds));
  const faults: string[] = [];
  for (const service of services) {
    const fault = await faultOf(service, deployments, { sleep });
    console.log(fault ?? `${service.name} runs ${service.taskDefinition}`);
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length > 0) throw new Error(`${faults.length} of ${services.length} services do not run this update`);
});
