import { execFileSync } from "node:child_process";

import { UsageError } from "../plan/usage";
import { requireEngine, runEngine } from "../sandbox/command/engine";
import { command } from "./command";

interface Update {
  readonly kind: string;
  readonly result: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The commit that a stack was last brought to, as Pulumi noted it; undefined where it noted none. */
export function deployedCommit(history: string): string | undefined {
  if (!history.trimStart().startsWith("[")) return undefined; // "Stack has never been updated"
  const updates = JSON.parse(history) as Update[];
  return updates.find(({ kind, result }) => kind === "update" && result === "succeeded")?.environment?.["git.head"];
}

/**
 * Whether a commit has the deployed one among its ancestors. A run can wait for its reviewer while a newer commit goes out:
 * it would take the stack back.
 */
export function isNewer(directory: string, deployed: string, head: string): boolean {
  try {
    execFileSync("git", ["merge-base", "--is-ancestor", deployed, head], { cwd: directory, stdio: "ignore" });
    return true;
  } catch (error) {
    // 1 says no; 128 that the commit is not known here, as after a force push.
    if ((error as { status?: number }).status === 1) return false;
    throw new Error(`commit ${deployed}, which is deployed, is not in this clone: was the branch rewritten?`);
  }
}

/** `npm run newest -- <stack>`: refuses to deploy a commit that is older than what runs. */
command(module, async (args) => {
  const [stack, ...rest] = args;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run newest -- <stack>");
  const words = ["stack", "history", "--stack", stack, "--json", "--page-size", "20"];
  const history = await runEngine(requireEngine(), words, { cwd: process.cwd(), env: process.env });
  if (history.code !== 0) throw new Error(history.stderr);
  const deployed = deployedCommit(history.stdout);
  if (deployed !== undefined && !isNewer(process.cwd(), deployed, "HEAD")) {
    throw new Error(`${stack} runs ${deployed}, which this commit does not contain: deploy the branch's head instead`);
  }
  console.log(
    deployed === undefined ? `${stack} has no commit yet` : `${stack} runs ${deployed}, an ancestor of this commit`,
  );
});
