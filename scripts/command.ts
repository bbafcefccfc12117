import { appendFileSync } from "node:fs";

import { exitCode, UsageError } from "../plan/usage";

/** Runs `main` where the module is the program that was started, and ends with the project's exit codes. */
export function command(module: NodeJS.Module, main: (args: readonly string[]) => Promise<void>): void {
  if (require.main !== module) return;
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.failed;
  });
}

/** Hands values to the later steps of a workflow's job; on a laptop it prints them. */
export function setOutputs(values: Readonly<Record<string, string>>, file = process.env["GITHUB_OUTPUT"]): void {
  const lines = Object.entries(values).map(([name, value]) => {
    // A second line would be another output.
    if (/[\r\n]/.test(value)) throw new Error(`output ${name} has more than one line`);
    return `${name}=${value}\n`;
  });
  if (file === undefined) process.stdout.write(lines.join(""));
  else appendFileSync(file, lines.join(""));
}
