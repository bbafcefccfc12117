import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "../plan/usage";
import { command } from "./command";
import { bodyOf, githubOf, markerOf, type Request, type Section } from "./release/github";

const usage = "usage: npm run drift -- <folder with a <stack>.drift.txt for each stack that has drifted>";

interface Issue {
  readonly number: number;
  readonly body?: string | null;
  readonly pull_request?: unknown;
  readonly user?: { readonly type?: string } | null;
}

/**
 * One issue says what differs from the code: opened with the first drift, written anew each night, closed when there is
 * none. Nobody is told of the same drift twice.
 */
export async function reportDrift(
  github: Request,
  sections: readonly Section[],
): Promise<"opened" | "updated" | "closed" | "nothing"> {
  const marker = markerOf("drift");
  const open = await openIssue(github, marker);
  if (sections.length === 0) {
    if (open === undefined) return "nothing";
    await github("POST", `/issues/${open}/comments`, { body: "No stack differs from the code any more." });
    await github("PATCH", `/issues/${open}`, { state: "closed", state_reason: "completed" });
    return "closed";
  }
  const body = bodyOf(marker, "What is deployed differs from the code, or could not be compared:", sections);
  if (open !== undefined) {
    await github("PATCH", `/issues/${open}`, { body });
    return "updated";
  }
  await github("POST", "/issues", { title: "Drift: what is deployed differs from the code", body });
  return "opened";
}

async function openIssue(github: Request, marker: string): Promise<number | undefined> {
  for (let page = 1; ; page += 1) {
    const issues = (await github("GET", `/issues?state=open&per_page=100&page=${page}`)) as Issue[];
    const ours = issues.find(
      ({ body, user, pull_request }) =>
        pull_request === undefined && user?.type === "Bot" && body?.startsWith(marker) === true,
    );
    if (ours !== undefined || issues.length < 100) return ours?.number;
  }
}

command(module, async (args) => {
  const [folder, ...rest] = args;
  if (folder === undefined || rest.length > 0) throw new UsageError(usage);
  const sections = readdirSync(folder)
    .filter((file) => file.endsWith(".drift.txt"))
    .sort()
    .map((file) => ({ title: file.replace(".drift.txt", ""), text: readFileSync(join(folder, file), "utf8") }));
  console.log(`drift issue: ${await reportDrift(githubOf(process.env), sections)}`);
});
