import { existsSync } from "node:fs";
import { join } from "node:path";

import { costOf } from "../cost/of-plan";
import { accessMatrix } from "./access/matrix";
import { planOther, type Other } from "./against/against";
import { comparePlans } from "./diff/compare";
import { type Progress } from "./progress";
import { planStack, type Plan } from "./run";
import { findProject } from "./settings";

export interface ReviewOptions {
  /** The project's directory, or one below it. */
  readonly projectDir: string;
  readonly stack: string;
  readonly asPreview: boolean;
  /** Directory of a policy pack. @default `policy` in the project, if it is there */
  readonly policyPack: string | undefined;
  /** File of the pack's configuration. */
  readonly policyPackConfig: string | undefined;
  /** Git revision or file of a plan to compare with. */
  readonly against: string | undefined;
  /** Who may do what on what too. */
  readonly access: boolean;
  /** What it costs too. */
  readonly cost: boolean;
}

/** Today's pack on both sides, so that findings differ by the program alone. */
function packFor(project: string, given: string | undefined): string | false {
  const pack = given ?? join(project, "policy");
  return existsSync(join(pack, "PulumiPolicy.yaml")) ? pack : false;
}

function other(options: ReviewOptions, project: string, progress: Progress): Promise<Other> {
  const { stack, asPreview, against = "" } = options;
  const step = `planning ${stack} at ${against}`;
  return planOther(against, {
    projectDir: project,
    stack,
    asPreview,
    policyPack: packFor(project, options.policyPack),
    policyPackConfig: options.policyPackConfig,
    say: (what) => progress.show(step, what),
    registered: (count) => progress.show(step, `${step}: ${count} resources`),
  }).finally(() => progress.done(step));
}

/** Plans a stack with all that was asked for: what it is compared with, who reaches what, what it costs. */
export async function review(options: ReviewOptions, progress: Progress): Promise<Plan> {
  const { projectDir, stack, asPreview, policyPack, policyPackConfig, against } = options;
  const project = findProject(projectDir).directory;
  const step = `planning ${stack}`;
  // The other side works in a process of its own; it first, since a plan keeps this process busy.
  const otherSide = against === undefined ? undefined : other(options, project, progress);
  const ownSide = planStack({
    projectDir,
    stack,
    asPreview,
    ...(policyPack !== undefined && { policyPack }),
    ...(policyPackConfig !== undefined && { policyPackConfig }),
    say: progress.say,
    registered: (count) => progress.show(step, `${step}: ${count} resources`),
  }).finally(() => progress.done(step));
  // Both to their end, whichever fails: the other side has a directory to remove.
  const [own, beside] = await Promise.allSettled([ownSide, otherSide]);
  if (own.status === "rejected") throw own.reason;
  if (beside.status === "rejected") throw beside.reason;
  const plan = own.value;
  return {
    ...plan,
    ...(options.cost && { cost: costOf(plan, project, beside.value?.plan) }),
    ...(options.access && { access: accessMatrix(plan) }),
    ...(beside.value && { diff: comparePlans(beside.value.plan, plan, beside.value.label) }),
  };
}
