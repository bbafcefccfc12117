import "../startup";

import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { costOf } from "../cost/of-plan";
import { renderCost } from "../cost/render";
import { help, parseArguments, type Arguments } from "./arguments";
import { describe, exitCodeOf } from "./errors";
import { type Paint, paintFor } from "./paint";
import { render } from "./render";
import { reportFor } from "./report/report";
import { planStack, type Plan } from "./run";
import { findProject, stacksOf } from "./settings";
import { exitCode, UsageError } from "./usage";

/** A line on the terminal that the next one replaces; nothing where there is no terminal. */
function progress(): { show: (text: string) => void; clear: () => void } {
  const terminal = process.stderr.isTTY;
  const put = (text: string): void => void (terminal && process.stderr.write(`\r\u001b[K${text}`));
  return { show: put, clear: () => put("") };
}

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

async function run({
  stack,
  json,
  asPreview,
  reports,
  policyPack,
  policyPackConfig,
  cost,
  cwd,
}: Arguments): Promise<number> {
  const written = reports.map((file) => ({ file, form: reportFor(file) }));
  const directory = projectDir(cwd);
  const line = progress();
  // The standard output is the plan's; what the program says goes beside it.
  console.log = console.info = console.debug = console.error;
  const planned: Plan = await planStack({
    ...{ stack, asPreview, projectDir: directory },
    ...(policyPackConfig !== undefined && { policyPackConfig: resolve(policyPackConfig) }),
    ...(policyPack !== undefined && { policyPack: resolve(policyPack) }),
    say: (what) => process.stderr.write(`${what}\n`),
    registered: (count) => line.show(`planning ${stack}: ${count} resources`),
  }).finally(line.clear);
  const plan: Plan = cost ? { ...planned, cost: costOf(planned, findProject(directory).directory) } : planned;
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if (json === "-") process.stdout.write(text);
  else process.stdout.write(shown(plan, paintFor(process.stdout)));
  if (json !== undefined && json !== "-") writeFile(json, text);
  for (const { file, form } of written) writeFile(file, form(plan));
  return plan.summary.mandatory > 0 ? exitCode.failed : exitCode.fine;
}

function shown(plan: Plan, paint: Paint): string {
  const cost = plan.cost === undefined ? "" : `\n${renderCost(plan.cost, paint).join("\n")}\n`;
  return `${render(plan, paint)}${cost}`;
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
