import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(__dirname, "..");

/** The account stack's own program with the fixtures' stack files, the platform's beside it, in a directory of its own. */
export function accountProject(): string {
  const home = mkdtempSync(join(tmpdir(), "kiban-account-"));
  cpSync(join(root, "test", "fixtures", "stacks"), home, { recursive: true });
  cpSync(join(root, "Pulumi.yaml"), join(home, "Pulumi.yaml"));
  mkdirSync(join(home, "account"), { recursive: true });
  cpSync(join(root, "account", "Pulumi.yaml"), join(home, "account", "Pulumi.yaml"));
  symlinkSync(join(root, "account", "index.ts"), join(home, "account", "index.ts"));
  symlinkSync(join(root, "policy"), join(home, "policy"));
  return home;
}

/** Changes a file of the project; the change has to change something. */
export function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, "utf8");
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing to change in ${file}`);
  writeFileSync(file, after);
}
