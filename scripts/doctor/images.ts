import { repositoryOf } from "../image";
import { images as kinds } from "../release/images";
import type { StackFile } from "../stack-file";
import { type Finding, ok, wrong } from "./finding";
import type { Check } from "./patient";

/** A service whose image is in no repository never becomes steady, and the update fails after an hour. */
export const images: Check = {
  name: "images",
  looksAt: "whether the images that the stack's file names are in its registry",
  needs: { account: true },
  run: async ({ aws, file, place }) => {
    const findings: Finding[] = [];
    for (const image of Object.keys(kinds)) {
      for (const sha of shasOf(file, image)) {
        const repository = await repositoryOf(aws.registry, image).catch((error: unknown) => {
          if (error instanceof Error && error.message.startsWith("no repository")) return undefined;
          throw error;
        });
        const there = repository && (await aws.registry.digestOf(repository.name, sha));
        const cure =
          repository === undefined
            ? `take the image line of ${image} out of Pulumi.${place.stack}.yaml: the first update makes its repository`
            : `build it, or promote it: gh workflow run ${place.stack === "dev" ? "build" : "promote"}.yml`;
        const line = `${image} ${sha}`;
        findings.push(
          there === undefined ? wrong(`${line} is not in the registry`, cure) : ok(`${line} is in ${repository?.name}`),
        );
      }
    }
    return findings.length === 0 ? [ok("the stack's file names no image: its services are not made yet")] : findings;
  },
};

function shasOf(file: StackFile, image: string): string[] {
  const shas = (kinds[image] ?? []).map((path) => file.value([...path, "image"]));
  return [...new Set(shas.filter((sha) => typeof sha === "string"))];
}
