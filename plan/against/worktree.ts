import { execFile, execFileSync, type StdioOptions } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";

import { UsageError } from "../usage";

const run = promisify(execFile);

/** A git hook sets variables that lead git to its own repository; here the directory alone decides. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("GIT_")));
}

function inGit(directory: string, args: readonly string[]): string {
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  return execFileSync("git", args, { cwd: directory, encoding: "utf8", env: environment(), stdio }).trim();
}

/** A commit of the repository that a directory is in. */
export interface Commit {
  readonly repository: string;
  readonly id: string;
  /** Directory of the project inside the repository. */
  readonly path: string;
}

export function findCommit(directory: string, ref: string): Commit {
  let repository: string;
  try {
    repository = realpathSync(inGit(directory, ["rev-parse", "--show-toplevel"]));
  } catch {
    throw new UsageError(`--against ${ref}: neither a file nor, without a git repository here, a revision`);
  }
  try {
    const id = inGit(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
    return { repository, id, path: relative(repository, realpathSync(directory)) };
  } catch {
    const shallow = inGit(repository, ["rev-parse", "--is-shallow-repository"]) === "true";
    const hint = shallow ? "the clone is shallow: fetch the revision first" : "a branch, a tag or a commit";
    throw new UsageError(`--against ${ref}: no such file or git revision; ${hint}`);
  }
}

/** Directories from the project up to the repository, the project first. */
function upward(path: string): string[] {
  return path === "" ? [""] : [path, ...upward(dirname(path) === "." ? "" : dirname(path))];
}

function lockfile(root: string, path: string): string | undefined {
  const found = upward(path).find((directory) => existsSync(join(root, directory, "package-lock.json")));
  return found === undefined ? undefined : join(found, "package-lock.json");
}

function isSame(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

/** Links what is installed; a workspace of the repository leads to the same workspace of the copy. */
function linkEntries(from: string, to: string, repository: string, tree: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) {
    const path = join(from, entry);
    if (entry.startsWith("@") && !lstatSync(path).isSymbolicLink()) {
      linkEntries(path, join(to, entry), repository, tree);
      continue;
    }
    const real = realpathSync(path);
    const own = real.startsWith(repository + sep) && !real.includes(`${sep}node_modules${sep}`);
    symlinkSync(own ? join(tree, relative(repository, real)) : real, join(to, entry));
  }
}

function linkInstalled({ repository, path }: Commit, tree: string): void {
  for (const directory of upward(path)) {
    const installed = join(repository, directory, "node_modules");
    if (!existsSync(installed)) continue;
    rmSync(join(tree, directory, "node_modules"), { recursive: true, force: true });
    linkEntries(realpathSync(installed), join(tree, directory, "node_modules"), repository, tree);
  }
}

async function install(tree: string, lock: string, ref: string): Promise<void> {
  const options = { cwd: join(tree, dirname(lock)), env: process.env, maxBuffer: 64 * 1024 * 1024 };
  try {
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], options);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error);
    throw new UsageError(`--against ${ref}: its packages could not be installed:\n${said.trim()}`);
  }
}

/** The planner itself goes along, so that both sides are planned by the same one, on the packages of each. */
function addPlanner(tree: string, path: string): string {
  const home = join(tree, path, ".kiban-plan");
  const own = join(__dirname, "../..");
  for (const folder of ["plan", "sandbox", "policy/lib"]) {
    cpSync(join(own, folder), join(home, folder), { recursive: true });
  }
  const installed = upward(path).find((directory) => existsSync(join(tree, directory, "node_modules")));
  // Where its cache of compiled files is looked for.
  if (installed !== undefined) symlinkSync(join(tree, installed, "node_modules"), join(home, "node_modules"));
  return home;
}

/** A checkout of a commit outside the repository, ready to be planned. */
export interface Worktree {
  /** Directory of the project in it. */
  readonly project: string;
  /** Directory of the planner in it. */
  readonly planner: string;
  /** Removes it, and git's note of it. */
  readonly remove: () => void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes the directory when told to, and when the process is told to stop. */
function remover(repository: string, home: string): () => void {
  const stopped = (signal: NodeJS.Signals): void => {
    remove();
    process.kill(process.pid, signal);
  };
  const remove = (): void => {
    for (const signal of signals) process.off(signal, stopped);
    rmSync(home, { recursive: true, force: true });
    try {
      inGit(repository, ["worktree", "prune"]);
    } catch {
      // Git prunes by itself later; the directory is gone.
    }
  };
  for (const signal of signals) process.on(signal, stopped);
  return remove;
}

/** Checks a commit out and gives it its packages: those that are installed here where its lockfile is the same. */
export async function addWorktree(commit: Commit, ref: string, say: (what: string) => void): Promise<Worktree> {
  const { repository, id, path } = commit;
  const home = realpathSync(mkdtempSync(join(tmpdir(), "kiban-against-")));
  const remove = remover(repository, home);
  const tree = join(home, "tree");
  try {
    say(`checking out ${ref}`);
    // The user's hooks are for the user's checkouts.
    const args = ["-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", tree, id];
    await run("git", args, { cwd: repository, env: environment() });
    const lock = lockfile(tree, path);
    if (lock === undefined || isSame(join(tree, lock), join(repository, lock))) {
      linkInstalled(commit, tree);
    } else {
      say(`installing the packages of ${ref}, whose lockfile is another`);
      await install(tree, lock, ref);
    }
    return { project: join(tree, path), planner: addPlanner(tree, path), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
