import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "../plan/usage";
import { command } from "./command";
import { bodyOf, githubOf, markerOf, type Request, type Section } from "./release/github";

const usage =
  "usage: npm run comment -- <number of the pull request> <folder with <stack>.plan.md, .plan.txt and .preview.txt>";

/** What is shown of each stack: what the policies say, and the preview against the account, or else the plan without it. */
export function sectionsOf(folder: string): Section[] {
  const files = readdirSync(folder);
  const stacks = ["dev", "stg", "prod"];
  return stacks.flatMap((stack) => {
    const kinds = { preview: `pulumi preview of ${stack}`, plan: `plan of ${stack}, without an account` };
    const kind = (["preview", "plan"] as const).find((each) => files.includes(`${stack}.${each}.txt`));
    if (kind === undefined) return [];
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    const report = `${stack}.plan.md`;
    return [
      {
        title: kinds[kind],
        text: read(`${stack}.${kind}.txt`),
        ...(files.includes(report) && { report: read(report) }),
      },
    ];
  });
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly type?: string } | null;
}

/** Writes the comment of a pull request, or writes the one that is there anew. Only a comment of a robot is taken for ours. */
export async function upsertComment(
  github: Request,
  number: number,
  sections: readonly Section[],
): Promise<"made" | "updated"> {
  const marker = markerOf("preview");
  const body = bodyOf(marker, "What this pull request would change:", sections);
  for (let page = 1; ; page += 1) {
    const comments = (await github("GET", `/issues/${number}/comments?per_page=100&page=${page}`)) as Comment[];
    const ours = comments.find((each) => each.user?.type === "Bot" && each.body?.startsWith(marker));
    if (ours !== undefined) {
      await github("PATCH", `/issues/comments/${ours.id}`, { body });
      return "updated";
    }
    if (comments.length < 100) break;
  }
  await github("POST", `/issues/${number}/comments`, { body });
  return "made";
}

command(module, async (args) => {
  const [number, folder, ...rest] = args;
  if (folder === undefined || rest.length > 0 || !/^\d+$/.test(number ?? "")) throw new UsageError(usage);
  console.log(`comment ${await upsertComment(githubOf(process.env), Number(number), sectionsOf(folder))}`);
});
