import { constructVpc, type Constructed } from "../sandbox/awsx/vpc";
import { UnknownOption } from "../sandbox/awsx/arguments";
import { type Values } from "../sandbox/values";
import { type Monitor } from "./monitor";
import { Refusal, words } from "./refusal";
import { type Goal } from "./registration";
import { packageOf } from "./urn";

/** Options that a child does not set for itself. */
const plainChild = {
  custom: true,
  provider: "",
  providers: {},
  version: "",
  protect: undefined,
  retainOnDelete: undefined,
  options: { ignoreChanges: [], deleteBeforeReplace: false, replaceOnChanges: [], aliases: [], customTimeouts: {} },
  additionalSecretOutputs: [],
};

/**
 * A remote component: the engine asks the component's provider, which registers the component and its children with
 * the same monitor. Here the stand-in does that in this process.
 */
export async function constructRemote(monitor: Monitor, goal: Goal): Promise<Constructed> {
  const { sandbox } = monitor.options;
  const pkg = packageOf(goal.type);
  if (monitor.providers.isDisabled(pkg) && goal.provider === "") {
    throw new Refusal(words.deniedProvider(pkg, goal.type));
  }
  if (goal.type !== "awsx:ec2:Vpc") {
    throw new Refusal(`the plan has no stand-in for the component ${goal.type}; it knows awsx:ec2:Vpc`);
  }
  monitor.providers.resolve({ ...goal, provider: "" }, goal.type);
  let component = "";
  const around = {
    registerComponent: async (_: Values): Promise<string> => {
      component = (await monitor.register({ ...goal, custom: false })).urn;
      return component;
    },
    registerChild: async (child: Pick<Goal, "type" | "name" | "parent" | "inputs"> & Partial<Goal>) => {
      // awsx's own children pass the component's provider on from parent to parent.
      const providers = monitor.providers.handedDown(component);
      const { urn, id, outputs } = await monitor.register({
        ...plainChild,
        dependencies: [],
        propertyDependencies: {},
        ...child,
        providers,
      });
      return { urn, id, outputs };
    },
    registerOutputs: (urn: string, outputs: Values): void => monitor.setOutputs(urn, outputs),
    zonesOfRegion: (region: string | undefined): string[] =>
      sandbox.zonesOf(
        region,
        monitor.providers.resolve({ ...goal, type: "aws:index:zones", provider: "" }, "getAvailabilityZones").inputs,
      ),
  };
  try {
    return await constructVpc(goal.name, goal.inputs, around);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(error instanceof UnknownOption ? reason : words.invalid(goal.type, goal.name, reason), component);
  }
}
