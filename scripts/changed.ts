import { execFileSync } from "node:child_process";

import { UsageError } from "../plan/usage";
import { command, setOutputs } from "./command";
import { checkImage, images } from "./release/images";

/** The images whose folder differs between two commits; all of them where the first is not known, as on a new branch. */
export function changedImages(directory: string, before: string, after: string): string[] {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: "pipe" });
  if (!/^[0-9a-f]{40}$/.test(before)) return Object.keys(images);
  try {
    git("cat-file", "-e", `${before}^{commit}`);
  } catch {
    return Object.keys(images);
  }
  const files = git("diff", "--name-only", before, after, "--", "apps").split("\n");
  return Object.keys(images).filter((image) => files.some((file) => file.startsWith(`apps/${image}/`)));
}

/** `npm run changed -- <before> <after> [image]`: which images to build; one that is asked for, whatever changed. */
command(module, (args) => {
  const [before, after, image = "", ...rest] = args;
  if (before === undefined || after === undefined || rest.length > 0) {
    throw new UsageError("usage: npm run changed -- <before> <after> [image]");
  }
  if (!/^[0-9a-f]{40}$/.test(after)) {
    throw new UsageError(`after: was ${JSON.stringify(after)}; allowed: a full git SHA`);
  }
  if (image !== "") checkImage(image);
  const names = image === "" ? changedImages(process.cwd(), before, after) : [image];
  setOutputs({ images: JSON.stringify(names), names: names.join(",") });
  return Promise.resolve();
});
