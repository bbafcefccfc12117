import { type PlannedResource } from "../run";
import { Network, type NetworkPath } from "./network";
import { type Principal } from "./principals";
import { type ResourceIndex } from "./resources";
import { categoryOf } from "./rights";
import { type Reach, type Target } from "./types";

/** Finds how programs come to data. */
export class Ways {
  private readonly network: Network;
  private readonly from = new Map<string, string[]>();

  constructor(
    resources: readonly PlannedResource[],
    private readonly index: ResourceIndex,
  ) {
    this.network = new Network(resources, index);
  }

  private groupsOf({ id, kind, runs }: Principal): string[] {
    // The agent that starts a task is outside the task's network.
    if (kind === "task start") return [];
    const known = this.from.get(id) ?? [...new Set(runs.flatMap((resource) => this.network.groupsRunning(resource)))];
    this.from.set(id, known);
    return known;
  }

  to(principal: Principal, target: Target): Pick<Reach, "network" | "path"> {
    if (principal.component === "") return { network: "outside" };
    const from = this.groupsOf(principal);
    const to = this.network.groupsIn(this.index.byUrn.get(target.urn)?.inputs ?? null);
    if (to.length > 0 && target.category === "data" && from.length > 0) {
      const path = this.network.path(from, to);
      return path === undefined ? { network: "none" } : { network: "path", path };
    }
    // What runs outside the VPC comes to AWS's API in any case, and so does a service of AWS that acts as a role.
    const reaches = from.length === 0 || principal.kind === "role" || this.network.reachesAws(from);
    return { network: reaches ? "api" : "none" };
  }

  /** Data in the VPC that a program comes to by the network, whatever IAM says. */
  through(principal: Principal): { resource: PlannedResource; path: NetworkPath }[] {
    const from = this.groupsOf(principal);
    if (from.length === 0) return [];
    const data = [...this.index.byUrn.values()].filter(({ type }) => categoryOf(type) === "data");
    return data.flatMap((resource) => {
      const path = this.network.path(from, this.network.groupsIn(resource.inputs));
      return path === undefined ? [] : [{ resource, path }];
    });
  }
}
