import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { Proof } from "./proof";

// `import()` would leave ts-node behind.
const load = createRequire(__filename);
const folder = join(__dirname, "cases");

/** The proofs of all rules: what the files of test/policy/cases/ export. */
export const proofs: readonly Proof[] = readdirSync(folder).flatMap((file) =>
  Object.values(load(join(folder, file)) as Record<string, readonly Proof[]>).flat(),
);
