import { requireEngine, runEngine } from "../../sandbox/command/engine";

interface Resource {
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A service of ECS as the stack's state has it. */
export interface DeployedService {
  readonly name: string;
  /** ARN of the cluster. */
  readonly cluster: string;
  /** ARN of the task definition that the last update gave it. */
  readonly taskDefinition: string;
  /** The limits of its scaling in the stack's settings, undefined without scaling. */
  readonly scaling: { readonly min: number; readonly max: number } | undefined;
}

/** The services in a state as `pulumi stack export` writes it. Nothing of it is secret: no output of these types is. */
export function servicesIn(state: string): DeployedService[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources?: Resource[] } };
  const resources = deployment.resources ?? [];
  const targets = resources.filter(({ type }) => type === "aws:appautoscaling/target:Target");
  return resources
    .filter(({ type }) => type === "aws:ecs/service:Service")
    .map(({ outputs = {} }) => {
      const [name, cluster, taskDefinition] = ["name", "cluster", "taskDefinition"].map((key) => String(outputs[key]));
      if (name === undefined || cluster === undefined || taskDefinition === undefined) throw new Error("no service");
      const target = targets.find(({ inputs }) => inputs?.["resourceId"] === scalingId({ cluster, name }))?.inputs;
      const scaling = target && { min: Number(target["minCapacity"]), max: Number(target["maxCapacity"]) };
      return { name, cluster, taskDefinition, scaling };
    });
}

/** What Application Auto Scaling calls a service: it wants the cluster's name, not its ARN. */
export function scalingId({ cluster, name }: { readonly cluster: string; readonly name: string }): string {
  return `service/${cluster.split("/").at(-1)}/${name}`;
}

/** The state of a stack, from its backend; undefined for a stack that is not there yet. */
export async function exportState(stack: string): Promise<string | undefined> {
  const result = await runEngine(requireEngine(), ["stack", "export", "--stack", stack], {
    cwd: process.cwd(),
    env: process.env,
  });
  if (result.code === 0) return result.stdout;
  if (/no stack named/.test(result.stderr)) return undefined;
  throw new Error(`pulumi stack export failed:\n${result.stderr}`);
}
