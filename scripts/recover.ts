import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { exitCode, UsageError } from "../plan/usage";
import { requireEngine, runEngine, type Result } from "../sandbox/command/engine";
import { Workspace } from "../sandbox/command/workspace";
import { nameRule } from "../sandbox/names";

/**
 * After an update that was killed: takes the lock away, shows each create of which nobody knows whether it happened,
 * and takes it over or forgets it as the user says. Until then the next `up` would make a second copy of what exists.
 */
const help = `npm run recover -- <stack> [options]

Run it when an update was killed and the next one is refused by its lock. It cancels the dead update, lists each create
that was under way and how to look for it in AWS, and then, on your word, imports it (it exists) or clears it (it does
not). A refresh brings the state up to date; then run pulumi up.

  --import URN=ID   the resource exists under this id
  --clear URN       the resource does not exist; --clear all for every one without an --import
  --sandbox         for a stack of npm run sandbox
  -h, --help        this text
`;

export interface PendingCreate {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the user says of one: its id, or that it does not exist; undefined leaves it pending. */
export type Decision = { readonly id: string } | "clear" | undefined;

interface Resource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface State {
  deployment: { resources?: Resource[]; pending_operations?: { type: string; resource: Resource }[] };
}

/** Components and providers are not asked about: they exist in the state alone, and the next update makes them again. */
export function pendingCreates(state: string): PendingCreate[] {
  const { pending_operations: pending = [] } = (JSON.parse(state) as State).deployment;
  return pending
    .filter(({ type, resource }) => type === "creating" && resource.custom && !resource.type.startsWith("pulumi:"))
    .map(({ resource: { urn, type, inputs = {} } }) => ({
      urn,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      inputs,
    }));
}

/**
 * The state with each pending create that has an id as a resource, and the others gone. Done by hand because the engine
 * drops what `pulumi refresh --import-pending-creates` is given (seen with 3.260). The inputs stand in for the outputs
 * until the refresh: with them the provider reads the resource as one that it knows.
 */
export function settle(state: string, ids: ReadonlyMap<string, string>): string {
  const all = JSON.parse(state) as State;
  const { resources = [], pending_operations: pending = [] } = all.deployment;
  const taken = pending
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => {
      const id = ids.get(resource.urn);
      const { __defaults: _, ...outputs } = resource.inputs ?? {};
      return id === undefined ? [] : [{ ...resource, id, outputs }];
    });
  all.deployment.resources = [...resources, ...taken];
  all.deployment.pending_operations = pending.filter(({ type }) => type !== "creating");
  return JSON.stringify(all);
}

/** How to find out whether it exists: by the name that it got, else by its tags. */
export function howToLook({ type, inputs }: PendingCreate): string {
  const [, path = "", className = ""] = type.split(":");
  const [module = ""] = path.split("/");
  const named = inputs[nameRule(type)?.property ?? "name"];
  const place = typeof inputs["region"] === "string" ? ` in ${inputs["region"]}` : "";
  const page = `https://www.pulumi.com/registry/packages/aws/api-docs/${module}/${className.toLowerCase()}/#import`;
  const tags = inputs["tagsAll"];
  const filter =
    typeof tags === "object" && tags !== null
      ? Object.entries(tags as Record<string, unknown>)
          .filter(([key]) => ["Name", "Project", "Environment"].includes(key))
          .map(([key, value]) => `Key=${key},Values=${String(value)}`)
      : [];
  if (typeof named === "string") return `look for ${module} ${className} "${named}"${place}; its id: ${page}`;
  if (filter.length > 0) {
    return `aws resourcegroupstaggingapi get-resources --tag-filters ${filter.join(" ")}${place}; its id: ${page}`;
  }
  return `look for ${module} ${className} made just before the update died${place}; its id: ${page}`;
}

type Run = (args: readonly string[]) => Promise<Result>;

async function must(run: Run, args: readonly string[]): Promise<Result> {
  const result = await run(args);
  if (result.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  return result;
}

export interface Recovery {
  readonly stack: string;
  /** Runs the Pulumi CLI. */
  readonly run: Run;
  readonly decide: (pending: PendingCreate) => Promise<Decision>;
  readonly say: (line: string) => void;
}

/** Answers the creates that are still pending. */
export async function recover({ stack, run, decide, say }: Recovery): Promise<PendingCreate[]> {
  const cancelled = await run(["cancel", "--yes", "--stack", stack]);
  say(cancelled.code === 0 ? "The lock of the dead update is gone." : "There was no lock.");
  const state = (await must(run, ["stack", "export", "--stack", stack])).stdout;
  const pending = pendingCreates(state);
  say(pending.length === 0 ? "No create was under way." : `Creates of which nobody knows the end: ${pending.length}`);
  const ids = new Map<string, string>();
  const open: PendingCreate[] = [];
  for (const create of pending) {
    say(`  ${create.type} ${create.name}\n    ${create.urn}\n    ${howToLook(create)}`);
    const decision = await decide(create);
    if (decision === undefined) open.push(create);
    else if (decision !== "clear") ids.set(create.urn, decision.id);
  }
  if (open.length > 0) return open;
  await replaceState(run, stack, settle(state, ids));
  await must(run, ["refresh", "--yes", "--non-interactive", "--stack", stack]);
  say("The state is up to date. Next: pulumi up");
  return [];
}

/** Secrets in it stay encrypted, yet nobody else need read it. */
async function replaceState(run: Run, stack: string, state: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kiban-recover-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, state, { mode: 0o600 });
    await must(run, ["stack", "import", "--file", file, "--stack", stack]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Arguments {
  readonly stack: string;
  readonly imports: ReadonlyMap<string, string>;
  readonly clear: readonly string[];
  readonly sandbox: boolean;
}

export function parse(args: readonly string[]): Arguments | "help" {
  const imports = new Map<string, string>();
  const clear: string[] = [];
  const plain: string[] = [];
  let sandbox = false;
  const words = [...args];
  while (words.length > 0) {
    const word = words.shift() ?? "";
    if (word === "-h" || word === "--help") return "help";
    if (word === "--sandbox") sandbox = true;
    else if (word === "--clear") clear.push(words.shift() ?? "");
    else if (word === "--import") {
      // A URN holds no "=".
      const [, urn = "", id = ""] = /^([^=]+)=(.+)$/.exec(words.shift() ?? "") ?? [];
      if (urn === "") throw new UsageError("--import takes URN=ID");
      imports.set(urn, id);
    } else if (word.startsWith("-")) throw new UsageError(`unknown option ${word}; see npm run recover -- --help`);
    else plain.push(word);
  }
  const [stack, ...rest] = plain;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run recover -- <stack> [options]");
  return { stack, imports, clear, sandbox };
}

async function ask(pending: PendingCreate): Promise<Decision> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `  ${pending.name}: its id if it exists, "clear" if it does not, nothing to stop: `,
  );
  terminal.close();
  if (answer.trim() === "") return undefined;
  return answer.trim() === "clear" ? "clear" : { id: answer.trim() };
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === "help") {
    process.stdout.write(help);
    return exitCode.fine;
  }
  const { stack, imports, clear, sandbox } = parsed;
  const engine = requireEngine();
  const workspace = sandbox ? await Workspace.open({ project: process.cwd(), stack }) : undefined;
  const run: Run = (words) =>
    workspace === undefined ? runEngine(engine, words, { cwd: process.cwd(), env: process.env }) : workspace.cli(words);
  const decide = (pending: PendingCreate): Promise<Decision> => {
    const id = imports.get(pending.urn);
    if (id !== undefined) return Promise.resolve({ id });
    if (clear.includes(pending.urn) || clear.includes("all")) return Promise.resolve("clear");
    return ask(pending);
  };
  const open = await recover({ stack, run, decide, say: (line) => console.log(line) });
  if (open.length === 0) return exitCode.fine;
  console.error("Nothing was changed but the lock. Say of each: --import URN=ID, or --clear URN.");
  return exitCode.failed;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.failed;
    },
  );
}
