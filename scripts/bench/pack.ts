import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { PolicyPack } from "../../plan/policy/pack";
import { runProgram } from "../../plan/program";
import type { Registration } from "../../plan/registration";
import { Sandbox } from "../../sandbox/sandbox";

export interface PackRow {
  readonly resources: number;
  readonly rules: number;
  /** From the first question to the last answer. */
  readonly wall: number;
  /** What of it the pack's thread was busy. */
  readonly own: number;
}

type Times = readonly [wall: number, own: number];

const root = join(__dirname, "../..");
/** Longer than own-time.cjs takes to note the time again. */
const noted = 100;

/** How long the pack takes over a stack of so many web services, once it has started: median of the runs, in ms. */
export async function benchPack(work: string, services: number, runs: number): Promise<PackRow> {
  const registrations = await stackOf(services);
  const file = join(work, "own-time");
  process.env["NODE_OPTIONS"] = `--require ${join(root, "scripts", "bench", "own-time.cjs")}`;
  process.env["KIBAN_BENCH_OWN_TIME"] = file;
  const times: Times[] = [];
  let rules = 0;
  for (let run = 0; run < runs; run++) {
    const environment = { organization: "organization", project: "bench", stack: "dev", preview: false, config: {} };
    const pack = new PolicyPack(join(root, "policy"), environment);
    try {
      ({ policies: rules } = await pack.ready());
      times.push(await judge(pack, registrations, file));
    } finally {
      await pack.close();
    }
  }
  delete process.env["NODE_OPTIONS"];
  const median = (which: 0 | 1): number => times.map((time) => time[which]).sort((a, b) => a - b)[runs >> 1] ?? NaN;
  return { resources: registrations.length, rules, wall: median(0), own: median(1) };
}

async function stackOf(services: number): Promise<readonly Registration[]> {
  const program = (): unknown => createRequire(__filename)("./index");
  const { error, registrations } = await runProgram(program, {
    project: "bench",
    stack: "dev",
    preview: false,
    sandbox: new Sandbox(),
    inspect: () => undefined,
    config: { "kiban:services": String(services) },
    secretKeys: [],
    root,
  });
  if (error !== undefined) throw error;
  return registrations;
}

/** Every resource, as the engine asks: first for remedies, then for findings; the whole stack at the end. */
async function judge(pack: PolicyPack, registrations: readonly Registration[], file: string): Promise<Times> {
  const byUrn = new Map(registrations.map((registration) => [registration.urn, registration]));
  const find = (urn: string): Registration | undefined => byUrn.get(urn);
  await wait(noted);
  const [started, busy] = [performance.now(), Number(readFileSync(file, "utf8"))];
  await Promise.all(
    registrations.map(async (registration) => {
      await pack.remediate(registration, find);
      await pack.analyze(registration, find);
    }),
  );
  await pack.analyzeStack(registrations, find);
  const wall = performance.now() - started;
  await wait(noted);
  return [wall, Number(readFileSync(file, "utf8")) - busy];
}
