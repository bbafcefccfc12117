import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

import { UsageError } from "../../plan/usage";

/** How one command of the engine ended. */
export interface Result {
  /** Exit code; 128 and more where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Pulumi CLI on PATH, undefined where there is none. */
export function findEngine(path: string | undefined = process.env["PATH"]): string | undefined {
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "pulumi"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

export function requireEngine(): string {
  const found = findEngine();
  if (found !== undefined) return found;
  throw new UsageError(
    "no pulumi on PATH, and this command runs the real engine: install the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/), " +
      "or see the whole plan without it: npm run plan -- <stack>",
  );
}

/**
 * The environment of the engine in a sandbox: nothing that reaches an account, a login or a state of the user's, and the
 * stand-in providers before all others.
 */
export function environment(folder: string, plugins: readonly string[]): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([name]) => !/^(AWS|PULUMI|KIBAN)_/.test(name));
  return {
    ...Object.fromEntries(clean),
    PATH: [...plugins, process.env["PATH"] ?? ""].join(delimiter),
    KIBAN_SANDBOX: folder,
    PULUMI_HOME: join(folder, "home"),
    // Without `skip` each write is two files, the second not atomic: a killed engine leaves a state that cannot be read.
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
    // It protects nothing: the secrets of a sandbox are placeholders.
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
  };
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Hands the output on as it comes, besides keeping it. @default false */
  readonly show?: boolean;
}

/** Runs the CLI to its end. */
export function runEngine(
  engine: string,
  args: readonly string[],
  { cwd, env, show = false }: RunOptions,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine, args, { cwd, env, stdio: show ? "inherit" : ["ignore", "pipe", "pipe"] });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => (texts[name] += text));
    }
    child.on("error", reject);
    // A killed engine leaves its children with the other end of the pipes: its own end is what counts.
    child.on("exit", (_, signal) => {
      if (signal !== null) for (const name of ["stdout", "stderr"] as const) child[name]?.destroy();
    });
    child.on("close", (code) => resolve({ code: code ?? 128, ...texts }));
  });
}
