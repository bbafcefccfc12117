import { UsageError } from "../../plan/usage";
import { type Path } from "../stack-file";

/**
 * The images that are built from `apps/`, each with the blocks of a stack file that run it. `index.ts` gives each block its
 * repository; a test holds the two together.
 */
export const images: Readonly<Record<string, readonly Path[]>> = {
  api: [["config", "kiban:services", "api"]],
  worker: [
    ["config", "kiban:services", "worker"],
    ["config", "kiban:tasks", "nightly"],
  ],
};

/** Checks what a workflow was told: an image that there is, and a whole SHA. */
export function checkImage(image: string, sha?: string): void {
  const faults: string[] = [];
  if (!Object.hasOwn(images, image)) {
    faults.push(`image: was ${JSON.stringify(image)}; allowed: ${Object.keys(images).join(", ")}`);
  }
  if (sha !== undefined && !/^[0-9a-f]{40}$/.test(sha)) {
    faults.push(`sha: was ${JSON.stringify(sha)}; allowed: a full git SHA, 40 hex digits`);
  }
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
}
