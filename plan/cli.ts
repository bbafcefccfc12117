import "../startup";

import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { renderCost } from "../cost/render";
import { accessLines } from "./access/render";
import { help, parseArguments, type Arguments } from "./arguments";
import { dangers } from "./diff/compare";
import { describe, exitCodeOf } from "./errors";
import { pageOf } from "./page/page";
import { type Paint, paintFor } from "./paint";
import { progressOn } from "./progress";
import { render } from "./render";
import { reportFor } from "./report/report";
import { review, type ReviewOptions } from "./review";
import { type Plan } from "./run";
import { findProject, stacksOf } from "./settings";
import { reviewMarkdown } from "./summary/markdown";
import { exitCode, UsageError } from "./usage";

/** Writes beside the file first, so that a reader never meets half a plan. */
function writeFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The directory that an option names, else the one here. */
function projectDir(cwd: string | undefined): string {
  const directory = resolve(cwd ?? ".");
  if (cwd !== undefined && !existsSync(directory)) throw new UsageError(`--cwd ${cwd}: there is no such directory`);
  return directory;
}

function missingStack(): UsageError {
  const stacks = stacksOf(findProject(process.cwd()));
  const known = stacks.length === 0 ? "" : ` (stacks with a file: ${stacks.join(", ")})`;
  return new UsageError(`which stack?${known}; npm run plan -- <stack>, more with --help`);
}

function parsed(argv: readonly string[]): Arguments | "help" {
  try {
    return parseArguments(argv);
  } catch (error) {
    throw error instanceof UsageError && error.message === "" ? missingStack() : error;
  }
}

function isOverBudget({ stack, cost }: Plan): boolean {
  const budgets = cost?.budgets ?? [];
  if (budgets.length === 0) {
    throw new UsageError(`--fail-over-budget: ${stack} has no monthly budget for all it spends`);
  }
  return budgets.some(({ verdict }) => verdict === "over");
}

function codeOf(plan: Plan, { failOnReplace, failOverBudget }: Arguments): number {
  if (plan.summary.mandatory > 0) return exitCode.failed;
  if (failOnReplace && plan.diff !== undefined && dangers(plan.diff).length > 0) return exitCode.replaced;
  return failOverBudget && isOverBudget(plan) ? exitCode.overBudget : exitCode.fine;
}

async function run(args: Arguments): Promise<number> {
  const { json, markdown, policyPack, policyPackConfig, ...rest } = args;
  const written = args.reports.map((file) => ({ file, form: reportFor(file) }));
  const progress = progressOn(process.stderr);
  // The standard output is the plan's; what the program says goes beside it.
  console.log = console.info = console.debug = console.error;
  const options: ReviewOptions = {
    ...rest,
    projectDir: projectDir(args.cwd),
    policyPack: policyPack === undefined ? undefined : resolve(policyPack),
    policyPackConfig: policyPackConfig === undefined ? undefined : resolve(policyPackConfig),
  };
  const plan = await review(options, progress).finally(progress.clear);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if (json === "-") process.stdout.write(text);
  else process.stdout.write(shown(plan, paintFor(process.stdout)));
  if (json !== undefined && json !== "-") writeFile(json, text);
  for (const { file, form } of written) writeFile(file, form(plan));
  if (markdown !== undefined) writeFile(markdown, reviewMarkdown(plan));
  if (args.html !== undefined) writeFile(args.html, await pageOf(plan));
  return codeOf(plan, args);
}

function shown(plan: Plan, paint: Paint): string {
  const access = plan.access && accessLines(plan.access, paint);
  const cost = plan.cost && renderCost(plan.cost, paint);
  const more = [access, cost].flatMap((lines) => (lines === undefined ? [] : [`\n${lines.join("\n")}\n`]));
  return [render(plan, paint), ...more].join("");
}

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const directory = process.cwd();
  let code: number;
  try {
    const settled = parsed(argv);
    if (settled === "help") process.stdout.write(help);
    code = settled === "help" ? exitCode.fine : await run(settled);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    process.stderr.write(`${paintFor(process.stderr).red("error:")} ${describe(error, directory)}\n`);
    code = exitCodeOf(error);
  }
  // A program may leave timers behind: end with what was written, not with them.
  process.stdout.write("", () => process.exit(code));
}
