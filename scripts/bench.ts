import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join, relative } from "node:path";

import * as prettier from "prettier";
import * as ts from "typescript";

import { benchEngine, type EngineRow } from "./bench/engine";
import { benchPack, type PackRow } from "./bench/pack";

// `npm run bench`: how long a plan takes and how much memory it needs, by the number of web services, as TypeScript and as
// the same program precompiled to JavaScript, in turn within one run. Writes docs/benchmarks.md.

const root = join(__dirname, "..");
const runs = 3;
const sizes = [1, 10, 100];
/** For the engine: about 100, 200, 500 and 1,000 resources. */
const engineSizes = [2, 6, 19, 40];

interface Measured {
  readonly resources: number;
  readonly milliseconds: number;
  readonly peakMiB: number;
}

/** A project directory whose program is the benchmark's of that size, in TypeScript or compiled. */
function project(work: string, kind: "ts" | "js", size: number): string {
  const directory = join(work, `${kind}-${size}`);
  mkdirSync(directory, { recursive: true });
  const main = kind === "ts" ? root : directory;
  const file = join("scripts", "bench", `index.${kind}`);
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    `name: bench\nruntime: nodejs\nmain: ${relative(directory, join(main, file))}\n`,
  );
  writeFileSync(join(directory, "Pulumi.dev.yaml"), `config:\n  kiban:services: "${size}"\n`);
  symlinkSync(join(root, "policy"), join(directory, "policy"));
  if (kind === "js") compile(directory);
  return directory;
}

/** The program and the components as JavaScript; the same transpilation that the plan makes of them as it loads them. */
function compile(directory: string): void {
  // Sources that components read as they are, such as those of functions, come along.
  cpSync(join(root, "components"), join(directory, "components"), {
    recursive: true,
    filter: (f) => !f.endsWith(".ts"),
  });
  const sources = [
    "startup.ts",
    "traces.ts",
    "policy/lib/arborist.ts",
    "scripts/bench/index.ts",
    ...typescriptUnder("components"),
  ];
  for (const source of sources) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, source), "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
    });
    const path = join(directory, source.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, outputText);
  }
}

function typescriptUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

function measure(directory: string, size: number): Measured {
  const peaks = join(directory, "peaks");
  const json = join(directory, "plan.json");
  rmSync(peaks, { force: true });
  const started = performance.now();
  const child = spawnSync(process.execPath, [join(root, "plan", "main.cjs"), "dev", "--json", json], {
    cwd: directory,
    env: {
      ...process.env,
      NODE_OPTIONS: `--require ${join(root, "scripts", "bench", "peak.cjs")}`,
      KIBAN_BENCH_PEAKS: peaks,
    },
    encoding: "utf8",
  });
  const milliseconds = performance.now() - started;
  if (child.status !== 0) {
    throw new Error(`plan of ${size} services ended with ${child.status}\n${child.stdout}${child.stderr}`);
  }
  const plan = JSON.parse(readFileSync(json, "utf8")) as { summary: { resources: number } };
  const peakKiB = Math.max(...readFileSync(peaks, "utf8").trim().split("\n").map(Number));
  return { resources: plan.summary.resources, milliseconds, peakMiB: peakKiB / 1024 };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function main(): Promise<void> {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "kiban-bench-"));
  try {
    const rows: string[] = [];
    for (const size of sizes) {
      process.stderr.write(`${size} web services\n`);
      const source = project(work, "ts", size);
      const compiled = project(work, "js", size);
      measure(source, size);
      measure(compiled, size);
      const pairs = Array.from({ length: runs }, () => [measure(source, size), measure(compiled, size)] as const);
      const wall = median(pairs.map(([asSource]) => asSource.milliseconds));
      const ratio = median(pairs.map(([asSource, asCompiled]) => asSource.milliseconds / asCompiled.milliseconds));
      const peak = median(pairs.map(([asSource]) => asSource.peakMiB));
      const resources = pairs[0]?.[0].resources ?? NaN;
      rows.push(
        `| ${size} | ${resources} | ${(wall / 1000).toFixed(2)} | ${(wall / resources).toFixed(1)} | ${peak.toFixed(0)} | ${ratio.toFixed(2)} |`,
      );
    }
    const pack = await benchPack(work, 10, runs);
    const engine = await benchEngine(work, engineSizes, 1);
    const report = await prettier.format(text(rows, pack, engine), { parser: "markdown", printWidth: 120 });
    writeFileSync(join(root, "docs", "benchmarks.md"), report);
    process.stdout.write(report);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function packText({ resources, rules, wall, own }: PackRow): string[] {
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
  return [
    "Once it has started: the time of its own thread, and from the first question to the last answer, all resources asked about at once.",
    "",
    "| resources | policies | own time (s) | wall (s) |",
    "| --: | --: | --: | --: |",
    `| ${[resources, rules, seconds(own), seconds(wall)].join(" | ")} |`,
  ];
}

function text(rows: readonly string[], pack: PackRow, engine: readonly EngineRow[] | undefined): string {
  return [
    "# Benchmarks",
    "",
    "`npm run bench` writes this page. Each figure is the median of " +
      `${runs} runs of \`npm run plan\`, the policy pack in its own process included, after one that warms the caches. ` +
      "The ratio is to the same program as precompiled JavaScript, run by run in turn, so that it holds on any machine.",
    "",
    `Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ""}), ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB.`,
    "",
    "| web services | resources | wall (s) | ms per resource | peak memory (MiB) | ratio to precompiled |",
    "| --: | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    "## The policy pack",
    "",
    ...packText(pack),
    "",
    "## Under the Pulumi engine",
    "",
    ...(engine === undefined
      ? ["Not measured: no Pulumi CLI on PATH."]
      : [
          "The CLI's own preview with the policy pack and the stand-in providers. The first ratio is to an empty program with an " +
            "empty pack, run in turn; the second to as many plain log groups with an empty pack, which is what the engine and the " +
            "SDK take for that many resources whatever they are.",
          "",
          "| web services | resources | preview (s) | ratio to an empty program | ratio to plain log groups |",
          "| --: | --: | --: | --: | --: |",
          ...engine.map(({ services, resources, seconds, ratio, plainRatio }) => {
            const figures = [seconds.toFixed(1), ratio.toFixed(2), plainRatio.toFixed(2)];
            return `| ${[services, resources, ...figures].join(" | ")} |`;
          }),
        ]),
    "",
  ].join("\n");
}

void main();
