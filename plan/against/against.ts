import { fork } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import { type Plan } from "../run";
import { findProject } from "../settings";
import { exitCode, ProgramError, UsageError } from "../usage";
import { type Answer, type Question } from "./planner";
import { addWorktree, findCommit, type Commit } from "./worktree";

/** The other side of a comparison. */
export interface Other {
  /** In the user's words: `main (4f2a9d1)`, `plan.json`. */
  readonly label: string;
  /** Undefined where the stack has no file there. */
  readonly plan: Plan | undefined;
}

export interface OtherOptions {
  readonly projectDir: string;
  readonly stack: string;
  readonly asPreview: boolean;
  /** Directory of the pack whose findings count on both sides: today's. */
  readonly policyPack: string | false;
  /** File of the pack's configuration. */
  readonly policyPackConfig: string | undefined;
  readonly say: (what: string) => void;
  readonly registered: (count: number) => void;
}

const record = z.record(z.string(), z.unknown());
/** As much of a plan's form as a comparison stands on; later versions may add to it. */
const planForm = z.looseObject({
  project: z.string(),
  stack: z.string(),
  resources: z.array(
    z.looseObject({
      urn: z.string(),
      type: z.string(),
      name: z.string(),
      custom: z.boolean(),
      parent: z.string(),
      inputs: record,
      options: record,
      propertyDependencies: z.record(z.string(), z.array(z.string())),
    }),
  ),
  outputs: record,
  violations: z.array(z.looseObject({ policy: z.string(), level: z.string(), urn: z.string(), message: z.string() })),
  summary: z.looseObject({ asPreview: z.boolean() }),
});

function readPlan(file: string, { stack, asPreview }: OtherOptions): Plan {
  let content: unknown;
  if (!existsSync(file)) throw new UsageError(`--against ${file}: no such file`);
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--against ${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = planForm.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
    throw new UsageError(`--against ${file}: not a plan as --json writes it${where}`);
  }
  const plan = parsed.data as unknown as Plan;
  if (plan.stack !== stack) {
    throw new UsageError(`--against ${file}: a plan of ${plan.stack}, not of ${stack}; compare a stack with itself`);
  }
  if (plan.summary.asPreview !== asPreview) {
    const how = plan.summary.asPreview ? "with" : "without";
    throw new UsageError(`--against ${file}: made ${how} --as-preview; make both plans in one way`);
  }
  return plan;
}

/** Plans in a process of its own: beside this one's plan, and on packages of its own. */
function planElsewhere(planner: string, question: Question, registered: (count: number) => void): Promise<Plan> {
  return new Promise((resolve, reject) => {
    const child = fork(join(planner, "plan/against/planner.cjs"), [], {
      cwd: question.projectDir,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [],
    });
    let said = "";
    child.stderr?.on("data", (data: Buffer) => (said += data.toString()));
    child.on("message", (message: Answer) => {
      if ("registered" in message) registered(message.registered);
      else if ("plan" in message) resolve(message.plan);
      else reject(message.code === exitCode.usage ? new UsageError(message.error) : new ProgramError(message.error));
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new ProgramError(`the planner ended with ${code ?? "a signal"}\n${said.trim()}`)),
    );
    child.send(question);
  });
}

/** The revision's own words, after its name. */
function told(label: string, error: Error): Error {
  const message = `--against ${label}: ${error.message}`;
  return error instanceof UsageError ? new UsageError(message) : new ProgramError(message);
}

async function planCommit(commit: Commit, label: string, options: OtherOptions): Promise<Other> {
  const { stack, asPreview, policyPack, policyPackConfig } = options;
  const tree = await addWorktree(commit, label, options.say);
  try {
    const hasStack = ["yaml", "yml"].some((ending) => existsSync(join(tree.project, `Pulumi.${stack}.${ending}`)));
    if (!hasStack) return { label, plan: undefined };
    const question = { projectDir: tree.project, stack, asPreview, policyPack, policyPackConfig };
    return { label, plan: await planElsewhere(tree.planner, question, options.registered) };
  } catch (error) {
    throw told(label, error instanceof Error ? error : new Error(String(error)));
  } finally {
    tree.remove();
  }
}

/** A file by its ending, and any other that is there; a folder may have a branch's name. */
function isFile(given: string): boolean {
  return given.endsWith(".json") || (existsSync(given) && statSync(given).isFile());
}

/** The plan to compare with: of a file that `--json` wrote, or of a git revision. Throws at once where there is none. */
export function planOther(given: string, options: OtherOptions): Promise<Other> {
  if (isFile(given)) return Promise.resolve({ label: basename(given), plan: readPlan(given, options) });
  const commit = findCommit(findProject(options.projectDir).directory, given);
  const short = commit.id.slice(0, 7);
  return planCommit(commit, commit.id.startsWith(given) ? short : `${given} (${short})`, options);
}
