import { existsSync } from "node:fs";
import { join } from "node:path";

import { planOther, type Other } from "./against/against";
import { comparePlans } from "./diff/compare";
import { type PlanDiff } from "./diff/types";
import { type Progress } from "./progress";
import { planStack, type Plan } from "./run";
import { findProject } from "./settings";

/** A plan and, where there is one to compare with, what it changes. */
export interface Review {
  readonly plan: Plan;
  readonly diff: PlanDiff | undefined;
  /** The plan that it is compared with; undefined too where the stack has no file there. */
  readonly before: Plan | undefined;
}

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
    ...{ projectDir: project, stack, asPreview, policyPack: packFor(project, options.policyPack) },
    policyPackConfig: options.policyPackConfig,
    say: (what) => progress.show(step, what),
    registered: (count) => progress.show(step, `${step}: ${count} resources`),
  }).finally(() => progress.done(step));
}

/** Plans a stack, and beside it what it is compared with. */
export async function review(options: ReviewOptions, progress: Progress): Promise<Review> {
  const { projectDir, stack, asPreview, policyPack, policyPackConfig, against } = options;
  const project = findProject(projectDir).directory;
  const step = `planning ${stack}`;
  // The other side works in a process of its own; it first, since a plan keeps this process busy.
  const otherSide = against === undefined ? undefined : other(options, project, progress);
  const ownSide = planStack({
    ...{ projectDir, stack, asPreview },
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
  const diff = beside.value && comparePlans(beside.value.plan, plan, beside.value.label);
  return { plan, diff, before: beside.value?.plan };
}
