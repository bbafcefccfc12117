import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { exitCode, UsageError } from "../plan/usage";
import { Workspace } from "../sandbox/command/workspace";
import { type Held } from "../sandbox/plugin/cloud";
import { type Values } from "../sandbox/values";

/** The state of a stack as a commit of the past had left it. */
export interface Past {
  readonly stack: string;
  readonly state: { version: number; deployment: { resources: Row[] } };
}

interface Row extends Record<string, unknown> {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
}

/** What existed: for the stand-in everything is in the state. */
export function heldBy({ state }: Past): Held[] {
  const made = state.deployment.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  return made.map(({ type, urn, id = "", inputs = {}, outputs = {} }) => {
    return { type, urn, id, generation: 1, inputs, outputs };
  });
}

export const historyFolder = join(__dirname, "..", "test", "fixtures", "state");

const ending = ".json.gz";

/** All that are kept, with the issue of each. */
export function readHistory(): { readonly issue: string; readonly past: Past }[] {
  return readdirSync(historyFolder)
    .filter((file) => file.endsWith(ending))
    .map((file) => {
      const text = gunzipSync(readFileSync(join(historyFolder, file))).toString();
      return { issue: file.slice(0, -ending.length), past: JSON.parse(text) as Past };
    });
}

/** Where in the source and when a resource was registered is nobody's concern later. */
function lasting({ created: _c, modified: _m, sourcePosition: _p, stackTrace: _t, ...rest }: Row): Row {
  return rest;
}

/** Brings the stack up in a sandbox and keeps its state under the issue's number; test/engine/history.test.ts updates it. */
async function main([issue, ...rest]: readonly string[]): Promise<void> {
  if (issue === undefined || !/^\w+$/.test(issue) || rest.length > 0) {
    throw new UsageError("usage: npm run history -- <number of the issue that the commit closes>");
  }
  // Production has the most, and the most to lose.
  const stack = "prod";
  const folder = mkdtempSync(join(tmpdir(), "kiban-history-"));
  try {
    const sandbox = await Workspace.open({ project: join(__dirname, ".."), stack, folder });
    const run = await sandbox.run("up");
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
    const state = JSON.parse(await sandbox.state()) as Past["state"];
    const resources = state.deployment.resources.map(lasting);
    const past: Past = { stack, state: { ...state, deployment: { ...state.deployment, resources } } };
    mkdirSync(historyFolder, { recursive: true });
    writeFileSync(join(historyFolder, `${issue}${ending}`), gzipSync(JSON.stringify(past), { level: 9 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.failed;
  });
}
