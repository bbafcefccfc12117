import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findEngine } from "../../sandbox/command/engine";
import { Workspace } from "../../sandbox/command/workspace";

// The real engine's preview with the pack, where the CLI is on PATH, against an empty program with an empty pack.

const root = join(__dirname, "..", "..");
const stack = "dev";

export interface EngineRow {
  readonly services: number;
  readonly resources: number;
  readonly seconds: number;
  /** To an empty program with an empty pack, run in turn. */
  readonly ratio: number;
  /** To as many plain log groups with an empty pack, run in turn: what the engine takes for resources that cost nothing else. */
  readonly plainRatio: number;
}

/** One row per size; undefined without a CLI. */
export async function benchEngine(
  work: string,
  sizes: readonly number[],
  runs: number,
): Promise<EngineRow[] | undefined> {
  if (findEngine() === undefined) return undefined;
  const empty = await open(emptyProject(join(work, "empty")), join(work, "empty-sandbox"));
  const rows: EngineRow[] = [];
  for (const services of sizes) {
    process.stderr.write(`engine: ${services} web services\n`);
    const platform = await open(
      platformProject(join(work, `platform-${services}`), services),
      join(work, `sandbox-${services}`),
    );
    await preview(empty);
    const { resources } = await preview(platform);
    const plain = await open(
      plainProject(join(work, `plain-${services}`), resources),
      join(work, `plain-sandbox-${services}`),
    );
    await preview(plain);
    const measured: Pick<EngineRow, "seconds" | "ratio" | "plainRatio">[] = [];
    for (let i = 0; i < runs; i++) {
      const { seconds } = await preview(platform);
      const base = await preview(empty);
      const floor = await preview(plain);
      measured.push({ seconds, ratio: seconds / base.seconds, plainRatio: seconds / floor.seconds });
    }
    const middle = (key: "seconds" | "ratio" | "plainRatio"): number =>
      measured.map((run) => run[key]).sort((a, b) => a - b)[measured.length >> 1] ?? NaN;
    const medians = { seconds: middle("seconds"), ratio: middle("ratio"), plainRatio: middle("plainRatio") };
    rows.push({ services, resources, ...medians });
  }
  return rows;
}

function open(project: string, folder: string): Promise<Workspace> {
  return Workspace.open({ project, stack, folder });
}

async function preview(workspace: Workspace): Promise<{ seconds: number; resources: number }> {
  const started = performance.now();
  const { code, stdout, stderr } = await workspace.run("preview");
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`the engine's preview ended with ${code}\n${stdout}${stderr}`);
  return { seconds, resources: Number(/\+ (\d+) to create/.exec(stdout)?.[1] ?? 0) };
}

function projectAt(directory: string, config: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "Pulumi.yaml"), `name: bench\nruntime: nodejs\nmain: index.ts\n`);
  writeFileSync(join(directory, `Pulumi.${stack}.yaml`), `config:\n${config}`);
  writeFileSync(join(directory, "package.json"), '{ "name": "bench", "private": true }\n');
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
}

function platformProject(directory: string, services: number): string {
  projectAt(directory, `  kiban:services: "${services}"\n`);
  for (const part of ["tsconfig.json", "startup.ts", "traces.ts", "components", "policy", "plan/loader.cjs"]) {
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  // The engine takes its TypeScript settings from beside the program.
  const program = readFileSync(join(root, "scripts", "bench", "index.ts"), "utf8").replaceAll('"../../', '"./');
  writeFileSync(join(directory, "index.ts"), program);
  return directory;
}

/** Nothing to make, and a pack that has nothing to say. */
function emptyProject(directory: string): string {
  return bareProject(directory, "export {};\n");
}

/** As many resources in all, each with a name alone: no component, no policy. */
function plainProject(directory: string, resources: number): string {
  const others = ["the stack", "the provider"].length;
  return bareProject(
    directory,
    `import * as aws from "@pulumi/aws";
const provider = new aws.Provider("aws", { region: "ap-northeast-1", allowedAccountIds: ["444444444444"] });
for (let i = 0; i < ${resources - others}; i++) new aws.cloudwatch.LogGroup(\`logs-\${i}\`, {}, { provider });
`,
  );
}

function bareProject(directory: string, program: string): string {
  projectAt(directory, '  kiban:services: "0"\n');
  writeFileSync(join(directory, "index.ts"), program);
  writeFileSync(join(directory, "tsconfig.json"), '{ "compilerOptions": { "noCheck": true } }\n');
  const pack = join(directory, "policy");
  mkdirSync(join(pack, "bin"), { recursive: true });
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(pack, "package.json"), '{ "name": "empty", "version": "0.0.0", "main": "bin/index.js" }\n');
  writeFileSync(
    join(pack, "bin", "index.js"),
    'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n',
  );
  return directory;
}
