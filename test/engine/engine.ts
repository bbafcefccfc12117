import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findEngine } from "../../sandbox/command/engine";
import { Workspace, type WorkspaceOptions } from "../../sandbox/command/workspace";

export const root = join(__dirname, "..", "..");

export const hasEngine = findEngine() !== undefined;

/** A suite that needs the Pulumi CLI; where there is none it is left out, and cli.test.ts says so in one line. */
export function describeEngine(title: string, body: (this: Mocha.Suite) => void): void {
  if (!hasEngine) return;
  describe(`engine: ${title}`, function () {
    // One run of the engine takes seconds on two cores, and ten times that on a busy machine.
    this.timeout(300_000);
    body.call(this);
  });
}

/** The tests' own stack files, so that a change of a size in the project's does not change them. */
export function useFixtureStacks(copy: string): void {
  cpSync(join(root, "test", "fixtures", "stacks"), copy, { recursive: true });
}

const opened: string[] = [];
after(() => {
  for (const folder of opened) rmSync(folder, { recursive: true, force: true });
});

export function editFile(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const now = change(before);
  if (now === before) throw new Error(`nothing to change in ${file}`);
  writeFileSync(file, now);
}

export function editStack(copy: string, stack: string, change: (text: string) => string): void {
  editFile(join(copy, `Pulumi.${stack}.yaml`), change);
}

/** A sandbox of this project with the fixtures' stack files, removed after the tests. */
export function openSandbox(stack: string, options: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), `kiban-engine-${stack}-`));
  opened.push(folder);
  return Workspace.open({ project: root, stack, folder, edit: useFixtureStacks, ...options });
}

/** One resource of a state or a preview, as the engine writes it. */
export interface EngineResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly external?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

export function resourcesOf(state: string): EngineResource[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources?: EngineResource[] } };
  return deployment.resources ?? [];
}

/** One step of `pulumi preview --json`. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly newState?: EngineResource;
}

interface Preview {
  readonly steps?: Step[];
  readonly changeSummary?: Readonly<Record<string, number>>;
}

function documentOf(previewed: string): Preview {
  // Warnings may come before the document.
  return JSON.parse(previewed.slice(previewed.indexOf("{\n"))) as Preview;
}

/** The steps of a preview; those that change nothing are not among them. */
export function stepsOf(previewed: string): Step[] {
  return documentOf(previewed).steps ?? [];
}

export function unchangedIn(previewed: string): number {
  return documentOf(previewed).changeSummary?.["same"] ?? 0;
}
