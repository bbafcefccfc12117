import { execFileSync } from "node:child_process";

import { UsageError } from "../plan/usage";
import { command, setOutputs } from "./command";
import { checkImage, images } from "./release/images";
import { openStack } from "./release/place";

const usage = `usage: npm run image-line -- <stack> <image>                        the SHA that the stack's file has
       npm run image-line -- <stack> <sha> <image>[,<image>]       writes it
         --commit   and commits it on top of the branch
         --newer    unless the file has a newer one already`;

/**
 * Writes the SHA that a stack runs into its file: the only place that a deployment reads it from. Build, promote and rollback
 * are each one such commit.
 */
export function writeImageLines(directory: string, stack: string, sha: string, names: readonly string[]): boolean {
  const file = openStack(directory, stack);
  for (const name of names) {
    checkImage(name, sha);
    for (const block of (images[name] ?? []).filter((path) => file.value(path) !== undefined)) {
      file.set([...block, "image"], sha);
    }
  }
  file.save();
  return file.changed;
}

/** The SHA of an image in a stack's file, undefined while it has none. */
export function imageLine(directory: string, stack: string, name: string): string | undefined {
  checkImage(name);
  const file = openStack(directory, stack);
  const found = (images[name] ?? []).map((block) => file.value([...block, "image"])).find((sha) => sha !== undefined);
  return typeof found === "string" ? found : undefined;
}

/** Runs git; its own words go to the log. */
function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}

interface CommitLine {
  readonly stack: string;
  readonly sha: string;
  readonly names: readonly string[];
  readonly branch: string;
  /** Leaves a line alone that has a later commit: of two builds the first may end last. @default false */
  readonly newer?: boolean;
}

/** Whether the line has a commit that came after ours. One that this clone does not know is nobody's successor. */
function isOvertaken(directory: string, sha: string, line: string | undefined): boolean {
  if (line === undefined || line === sha) return false;
  try {
    execFileSync("git", ["merge-base", "--is-ancestor", sha, line], { cwd: directory, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** In a workflow commits are GitHub's own; on a laptop they are yours. */
function robot(): string[] {
  if (process.env["GITHUB_ACTIONS"] !== "true") return [];
  const email = "41898282+github-actions[bot]@users.noreply.github.com";
  return ["-c", "user.name=github-actions[bot]", "-c", `user.email=${email}`];
}

/**
 * Commits the change on top of the branch as it is now. The branch may move between fetch and push: then it is tried again on
 * the new one. The change is made anew each time, so that there is nothing to merge.
 *
 * @returns the commit, or the branch's head where the line was there already
 */
export function commitImageLines(directory: string, { stack, sha, names, branch, newer = false }: CommitLine): string {
  for (let attempt = 1; ; attempt += 1) {
    git(directory, "fetch", "--quiet", "origin", branch);
    git(directory, "checkout", "--quiet", "--detach", "FETCH_HEAD");
    const wanted = newer
      ? names.filter((name) => !isOvertaken(directory, sha, imageLine(directory, stack, name)))
      : names;
    if (!writeImageLines(directory, stack, sha, wanted)) return git(directory, "rev-parse", "HEAD");
    const message = `Run ${names.join(", ")} of ${sha.slice(0, 12)} in ${stack}`;
    git(directory, ...robot(), "commit", "--quiet", "--message", message, "--", `Pulumi.${stack}.yaml`);
    try {
      git(directory, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      return git(directory, "rev-parse", "HEAD");
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

command(module, (args) => {
  const [stack, second, third, ...rest] = args.filter((word) => !["--commit", "--newer"].includes(word));
  if (stack === undefined || second === undefined || rest.length > 0) throw new UsageError(usage);
  const directory = process.cwd();
  if (third === undefined) {
    const sha = imageLine(directory, stack, second);
    if (sha === undefined) throw new Error(`${stack} runs no image of ${second} yet`);
    setOutputs({ sha });
    return Promise.resolve();
  }
  const line = { stack, sha: second, names: third.split(",") };
  if (args.includes("--commit")) {
    const branch = process.env["GITHUB_REF_NAME"] ?? "main";
    setOutputs({ commit: commitImageLines(directory, { ...line, branch, newer: args.includes("--newer") }) });
  } else {
    const changed = writeImageLines(directory, stack, line.sha, line.names);
    console.log(changed ? `Pulumi.${stack}.yaml runs ${third} of ${second}` : "It says so already.");
  }
  return Promise.resolve();
});
