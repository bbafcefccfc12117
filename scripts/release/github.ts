import { UsageError } from "../../plan/usage";

/** One request to GitHub's REST API: the answer as JSON. */
export type Request = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) => Promise<unknown>;

/** Requests with the token of the job, from its environment. */
export function githubOf(env: NodeJS.ProcessEnv, send: typeof fetch = fetch): Request {
  const token = env["GITHUB_TOKEN"];
  const repository = env["GITHUB_REPOSITORY"];
  if (token === undefined || repository === undefined) {
    throw new UsageError("GITHUB_TOKEN and GITHUB_REPOSITORY have to be set");
  }
  const api = env["GITHUB_API_URL"] ?? "https://api.github.com";
  return async (method, path, body) => {
    const response = await send(`${api}/repos/${repository}${path}`, {
      method,
      headers: {
        Accept: "application/vnd.github+json",
        Authorization: `Bearer ${token}`,
        "X-GitHub-Api-Version": "2022-11-28",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`GitHub: ${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };
}

/** GitHub: a body has 65,536 characters at most. */
const bodyLimit = 65_536;

export interface Section {
  readonly title: string;
  readonly text: string;
  /** Markdown that stands above the text, as it is. @default none */
  readonly report?: string;
}

/**
 * Sections that fold, each with what a program printed. The text is another's: a fence longer than any in it keeps it text,
 * and the end is what is cut away least, for the counts and the faults stand there. A report has them at its beginning.
 */
export function bodyOf(marker: string, heading: string, sections: readonly Section[]): string {
  const share = Math.floor((bodyLimit - 2_000) / Math.max(sections.length, 1));
  const parts = sections.map(({ title, text, report: given }) => {
    const report = given === undefined ? "" : `${reportOf(given, Math.floor(share / 2))}\n\n`;
    const room = share - report.length;
    const plain = withoutColors(text).trimEnd();
    const shown = plain.length > room ? `[the beginning is in the run's log]\n${plain.slice(-room)}` : plain;
    const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `${report}<details><summary>${title}</summary>\n\n${fence}text\n${shown}\n${fence}\n\n</details>`;
  });
  return [marker, heading, ...parts].join("\n\n");
}

/** A report of a branch's own code: it calls nobody, hides nothing, and what it opened is closed where it is cut. */
function reportOf(given: string, room: number): string {
  const harmless = given
    .replaceAll("<!--", "&lt;!--")
    .replace(/@(?=\w)/g, "@\u200b")
    .trim();
  if (harmless.length <= room) return harmless;
  const cut = harmless.slice(0, harmless.lastIndexOf("\n", room - 100));
  const open = (cut.match(/<details>/g)?.length ?? 0) - (cut.match(/<\/details>/g)?.length ?? 0);
  return `${cut}\n\n${"</details>\n".repeat(Math.max(open, 0))}\n[the rest is in the run's log]`;
}

function withoutColors(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

/** A hidden line by which a later run finds what an earlier one wrote. */
export function markerOf(name: string): string {
  return `<!-- kiban:${name} -->`;
}
