import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");
export const fixtures = join(root, "test", "fixtures", "stacks");

/** A project of the platform's own program with the fixtures' stack files, in a directory of its own. */
export function makeProject(): string {
  const project = mkdtempSync(join(tmpdir(), "kiban-project-"));
  cpSync(fixtures, project, { recursive: true });
  for (const directory of ["", "account"]) {
    cpSync(join(root, directory, "Pulumi.yaml"), join(project, directory, "Pulumi.yaml"));
    symlinkSync(join(root, directory, "index.ts"), join(project, directory, "index.ts"));
  }
  symlinkSync(join(root, "policy"), join(project, "policy"));
  return project;
}
