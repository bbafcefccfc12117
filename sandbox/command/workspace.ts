import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { parse } from "yaml";

import { buildPack } from "../../plan/policy/build";
import { findProject, readStack, type Project } from "../../plan/settings";
import { Cloud, type Held } from "../plugin/cloud";
import { faultsFile, type Faults } from "../plugin/faults";
import { copyProject, detachStackFiles } from "./copy";
import { environment, requireEngine, runEngine, type Result } from "./engine";

export type Operation = "up" | "preview" | "refresh" | "destroy";

export interface WorkspaceOptions {
  /** A directory of the project. */
  readonly project: string;
  readonly stack: string;
  /** Folder in the project of another program, with a Pulumi.yaml and stack files of its own. @default the project's program */
  readonly program?: string;
  /** Where the sandbox is kept. @default a folder under the system's temporary one, the same for the same project and stack */
  readonly folder?: string;
  /** Hands the engine's output on as it comes. @default false */
  readonly show?: boolean;
  /** Folders with provider executables that go before the stand-ins. @default none */
  readonly providers?: readonly string[];
  /** Changes the copy of the project before the engine reads it. */
  readonly edit?: (copy: string) => void;
}

const packFolder = "policy";

/** The marker that the stand-in providers look for. */
const marker = "kiban-sandbox.json";

/** Folder of the three provider executables. */
export const plugins = join(__dirname, "..", "plugin");

/** The folder of a project's stack: the same at the next command, a different one for each user of the machine. */
export function folderOf(project: string, stack: string): string {
  const path = realpathSync(project);
  const key = createHash("sha256").update(path).digest("hex").slice(0, 12);
  return join(tmpdir(), `kiban-sandbox-${process.getuid?.() ?? 0}`, `${basename(path)}-${key}`, stack);
}

/** A stack of the project in the real engine, without an account: a copy, a state, a login and a cloud of its own. */
export class Workspace {
  readonly folder: string;
  /** The copy of the project. */
  readonly copy: string;
  private readonly project: Project;
  /** The program's folder in the copy. */
  private readonly program: string;
  private readonly engine: string;

  private constructor(private readonly options: WorkspaceOptions) {
    this.engine = requireEngine();
    this.project = findProject(options.project);
    const { program = "" } = options;
    this.folder = options.folder ?? folderOf(join(this.project.directory, program), options.stack);
    this.copy = join(this.folder, "project");
    this.program = join(this.copy, program);
  }

  /** Makes the sandbox, or takes up the one of the last command with what its cloud holds. */
  static async open(options: WorkspaceOptions): Promise<Workspace> {
    const workspace = new Workspace(options);
    await workspace.prepare();
    return workspace;
  }

  /** Copies the project again; what the engine and the cloud hold stays. */
  async prepare(edit = this.options.edit): Promise<void> {
    const { folder, copy, project, program } = this;
    const { stack } = this.options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.getuid !== undefined && statSync(folder).uid !== process.getuid()) {
      throw new Error(`${folder} belongs to another user: remove it`);
    }
    for (const name of ["home", "state"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, marker), `${JSON.stringify({ project: project.directory, stack })}\n`);
    const pack = join(project.directory, packFolder);
    if (existsSync(pack)) await buildPack(pack, () => undefined);
    copyProject(project.directory, copy);
    edit?.(copy);
    // The engine would only say that it wants to make the stack.
    readStack(findProject(program), stack);
    const secrets = detachStackFiles(program, stack);
    await this.select();
    for (const { path, value } of secrets) {
      await this.must(["config", "set", "--secret", "--path", path, value, "--stack", stack]);
    }
  }

  /** The stack in the sandbox's own state; its salt goes into the copy of the stack file, where the engine looks for it. */
  private async select(): Promise<void> {
    const { stack } = this.options;
    const file = join(this.program, `Pulumi.${stack}.yaml`);
    const salt = join(this.folder, "salt");
    if (existsSync(salt)) {
      writeFileSync(file, `encryptionsalt: ${readFileSync(salt, "utf8")}\n${readFileSync(file, "utf8")}`);
      return;
    }
    await this.must(["stack", "init", stack]);
    const { encryptionsalt } = parse(readFileSync(file, "utf8")) as { encryptionsalt: string };
    writeFileSync(salt, encryptionsalt);
  }

  private async must(args: readonly string[]): Promise<Result> {
    const result = await this.cli(args);
    if (result.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
    return result;
  }

  get env(): NodeJS.ProcessEnv {
    return environment(this.folder, [...(this.options.providers ?? []), plugins]);
  }

  /** Any command of the CLI in the sandbox. */
  cli(args: readonly string[], show = false): Promise<Result> {
    return runEngine(this.engine, args, { cwd: this.program, env: this.env, show });
  }

  /** One operation on the stack, with the policy pack where the engine takes one. */
  run(operation: Operation, more: readonly string[] = []): Promise<Result> {
    const pack = join(this.copy, packFolder);
    const takesPack = operation === "up" || operation === "preview";
    const args = [operation, "--stack", this.options.stack];
    if (operation !== "preview") args.push("--yes");
    if (takesPack && existsSync(pack)) args.push("--policy-pack", pack);
    if (this.options.show !== true) args.push("--non-interactive", "--color", "never");
    return this.cli([...args, ...more], this.options.show);
  }

  /** What shall go wrong from the next command on. */
  setFaults(faults: Faults): void {
    writeFileSync(join(this.folder, faultsFile), JSON.stringify(faults));
  }

  /** What the stand-in's cloud holds. */
  held(): Held[] {
    return new Cloud(join(this.folder, "cloud.jsonl")).all();
  }

  /** The engine's state, as `pulumi stack export` gives it. */
  async state(): Promise<string> {
    return (await this.must(["stack", "export", "--stack", this.options.stack])).stdout;
  }

  remove(): void {
    Workspace.forget(this.folder);
  }

  static forget(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }
}
