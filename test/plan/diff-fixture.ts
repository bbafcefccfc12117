import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planStack, type Plan } from "../../plan/run";
import { root } from "./command";

/** An edit of a file: what stands there, and what takes its place. */
export type Edit = readonly [file: string, from: string | RegExp, to: string];

/** The platform's own program and stack files in a directory of its own, to be edited. */
export class Platform {
  readonly directory = mkdtempSync(join(tmpdir(), "kiban-platform-"));

  constructor() {
    for (const name of readdirSync(root).filter((entry) => !/^Pulumi|^index\.ts$|^\.|^test$/.test(entry))) {
      symlinkSync(join(root, name), join(this.directory, name));
    }
    const stacks = join(root, "test/fixtures/stacks");
    for (const file of readdirSync(stacks).filter((name) => name.endsWith(".yaml"))) {
      cpSync(join(stacks, file), join(this.directory, file));
    }
    for (const file of ["Pulumi.yaml", "index.ts"]) cpSync(join(root, file), join(this.directory, file));
  }

  /** The plan of a stack with some edits, which are taken back afterwards. */
  async plan(stack: string, ...edits: readonly Edit[]): Promise<Plan> {
    const originals = new Map<string, string>();
    try {
      for (const [file, from, to] of edits) {
        const path = join(this.directory, file);
        const text = readFileSync(path, "utf8");
        if (!originals.has(path)) originals.set(path, text);
        const edited = text.replace(from, to);
        if (edited === text) throw new Error(`${file} holds no ${String(from)}`);
        writeFileSync(path, edited);
      }
      return await planStack({ projectDir: this.directory, stack, policyPack: false });
    } finally {
      for (const [path, text] of originals) writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
