import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { UsageError } from "../../plan/usage";
import { copyProject, detachStackFiles } from "../../sandbox/command/copy";
import { type Backend, unfinishedFolder } from "./bootstrap";

/** Folder of the account's program in the checkout. */
export const accountFolder = "account";

/**
 * Copies of the checkout that Pulumi works in, one for each place of the state, since it writes into stack files: the user's
 * own are never touched.
 */
export class Copies {
  private readonly folder = mkdtempSync(join(tmpdir(), "kiban-bootstrap-"));

  constructor(
    private readonly checkout: string,
    private readonly stack: string,
  ) {}

  /** A fresh copy; answers the folder of the account's program in it. */
  prepare(backend: Backend, encryptedKey?: string): string {
    const copy = join(this.folder, backend);
    copyProject(this.checkout, copy);
    const program = join(copy, accountFolder);
    const file = join(program, `Pulumi.${this.stack}.yaml`);
    if (backend === "local") {
      if (detachStackFiles(program, this.stack).length > 0) {
        throw new UsageError(
          `account/Pulumi.${this.stack}.yaml has encrypted values, and the key that they are encrypted with is yet to be made: ` +
            "take them out, and set them after the bootstrap",
        );
      }
      // The salt of the state on this machine, if there is one, is in its own copy of the file.
      const salt = this.salt();
      if (salt !== undefined) writeFileSync(file, `encryptionsalt: ${salt}\n${readFileSync(file, "utf8")}`);
    } else if (encryptedKey !== undefined && topLevel(file)["encryptedkey"] === undefined) {
      writeFileSync(file, `encryptedkey: ${encryptedKey}\n${readFileSync(file, "utf8")}`);
    }
    return program;
  }

  /** Where the salt of an unfinished bootstrap is kept. */
  private salt(): string | undefined {
    const file = join(unfinished(this.checkout, this.stack), "salt");
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** Keeps the salt that the CLI wrote into its copy, for the run that goes on from here. */
  keepSalt(): void {
    const file = join(this.folder, "local", accountFolder, `Pulumi.${this.stack}.yaml`);
    const folder = unfinished(this.checkout, this.stack);
    if (!existsSync(file) || !existsSync(folder)) return;
    const salt = topLevel(file)["encryptionsalt"];
    if (typeof salt === "string") writeFileSync(join(folder, "salt"), salt, { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where a bootstrap that has not ended keeps its state; no part of the repository. */
export function unfinished(checkout: string, stack: string): string {
  return join(checkout, unfinishedFolder, stack);
}

/** The keys of a stack file. */
export function topLevel(file: string): Record<string, unknown> {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) as Record<string, unknown> | null) ?? {}) : {};
}

/** What the stack files do not say yet, as lines to put there; the files are the user's. */
export function missingLines(
  checkout: string,
  stack: string,
  { secretsProvider, encryptedKey }: { secretsProvider: string; encryptedKey: string | undefined },
): string[] {
  const wanted: [file: string, lines: Record<string, string | undefined>][] = [
    [join(accountFolder, `Pulumi.${stack}.yaml`), { secretsprovider: secretsProvider, encryptedkey: encryptedKey }],
    [`Pulumi.${stack}.yaml`, { secretsprovider: secretsProvider }],
  ];
  return wanted.flatMap(([file, lines]) => {
    const has = topLevel(join(checkout, file));
    const missing = Object.entries(lines).filter(([key, value]) => value !== undefined && has[key] !== value);
    if (missing.length === 0) return [];
    return [`In ${file}, and to be committed:`, ...missing.map(([key, value]) => `  ${key}: ${value}`)];
  });
}
