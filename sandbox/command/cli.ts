import { existsSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";

import { exitCode, UsageError } from "../../plan/usage";
import { type Faults } from "../plugin/faults";
import { Workspace, folderOf, type Operation } from "./workspace";

const help = `npm run sandbox -- <up|preview|refresh|destroy> <stack> [options] [-- options of pulumi]

Runs the real Pulumi engine on this project without an account: in a temporary copy, with a state, a login and
stand-in providers of its own, and the policy pack. Your stack files, login and state are not touched. What one command
makes the next one finds; destroy removes it all. Secrets of the stack file are replaced by placeholders.

  -C, --cwd DIR   run the program in this folder of the project, such as account
  --account ID    the credentials are for this account (default: the one that the program allows)
  --faults JSON   what shall go wrong, such as '{"failCreate": 3}'; the keys are in sandbox/plugin/faults.ts
  --fresh         forget what earlier commands left
  -h, --help      this text

Exit codes: 0 fine; 1 the program or the engine failed, or a mandatory policy is violated; 2 wrong usage or settings.
`;

const operations: readonly Operation[] = ["up", "preview", "refresh", "destroy"];

interface Arguments {
  readonly operation: Operation;
  readonly stack: string;
  /** Folder of another program of the project. */
  readonly program: string | undefined;
  readonly faults: Faults;
  readonly fresh: boolean;
  readonly more: readonly string[];
}

function parseFaults(json: string | undefined): Faults {
  try {
    return JSON.parse(json ?? "") as Faults;
  } catch {
    throw new UsageError(`--faults takes JSON, such as '{"failCreate": 3}'`);
  }
}

export function parseArguments(args: readonly string[]): Arguments | "help" {
  const end = args.indexOf("--");
  const [own, more] = end < 0 ? [[...args], []] : [args.slice(0, end), args.slice(end + 1)];
  const plain: string[] = [];
  let faults: Faults = {};
  let fresh = false;
  let program: string | undefined;
  while (own.length > 0) {
    const word = own.shift() ?? "";
    if (word === "-h" || word === "--help") return "help";
    if (word === "--fresh") fresh = true;
    else if (word === "-C" || word === "--cwd") program = folderIn(own.shift());
    else if (word === "--account") faults = { ...faults, account: own.shift() ?? "" };
    else if (word === "--faults") faults = { ...faults, ...parseFaults(own.shift()) };
    else if (word.startsWith("-")) throw new UsageError(`unknown option ${word}; see npm run sandbox -- --help`);
    else plain.push(word);
  }
  const [first, stack, ...rest] = plain;
  const operation = operations.find((name) => name === first);
  if (operation === undefined || stack === undefined || rest.length > 0) {
    throw new UsageError("usage: npm run sandbox -- <up|preview|refresh|destroy> <stack> [options]; see --help");
  }
  return { operation, stack, program, faults, fresh, more };
}

/** The project is what is copied, so that the program has to be in it. */
function folderIn(word = ""): string {
  const folder = normalize(`${word}/.`);
  if (isAbsolute(folder) || folder.startsWith("..") || !existsSync(join(folder, "Pulumi.yaml"))) {
    throw new UsageError(`--cwd ${word}: name a folder of the project with a Pulumi.yaml, such as account`);
  }
  return folder;
}

async function run({ operation, stack, program, faults, fresh, more }: Arguments): Promise<number> {
  const project = process.cwd();
  if (fresh) Workspace.forget(folderOf(join(project, program ?? ""), stack));
  const workspace = await Workspace.open({ project, stack, show: true, ...(program !== undefined && { program }) });
  workspace.setFaults(faults);
  const { code } = await workspace.run(operation, more);
  if (code !== 0) return exitCode.failed;
  if (operation !== "destroy") {
    console.log(`\nKept for the next command: ${workspace.folder}`);
    return exitCode.fine;
  }
  const left = workspace.held();
  workspace.remove();
  for (const { type, id } of left) console.error(`left over: ${type} ${id}`);
  return left.length === 0 ? exitCode.fine : exitCode.failed;
}

export async function main(args: readonly string[]): Promise<void> {
  try {
    const parsed = parseArguments(args);
    if (parsed === "help") process.stdout.write(help);
    else process.exitCode = await run(parsed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = exitCode.usage;
  }
}
