import type { StackFile } from "../stack-file";

/** What the repository comes with: values of nobody's, which an answer may replace without asking. */
export const shipped = {
  accounts: { dev: "111111111111", stg: "222222222222", prod: "333333333333" },
  image: "4f2a9d1c7be05a3861d0c94e8f73b26a5d1e0c98",
  region: "ap-northeast-1",
  project: "kiban",
  github: { owner: "example", name: "kiban" },
};

export const nobodysZone = /^Z\w+EXAMPLE$/;
export const nobodysName = /(^|[@.])example\.com$/;
export const nobodysMonitor = /anomalymonitor\/[0-]+$/;

/** Values in a file that are nobody's, each with the keys on the way to it. */
export function shippedIn(file: StackFile): { readonly path: string; readonly value: string }[] {
  const texts = [...Object.values(shipped.accounts), shipped.image];
  const isNobodys = (path: string, value: string): boolean =>
    texts.includes(value) ||
    [nobodysZone, nobodysName, nobodysMonitor].some((pattern) => pattern.test(value)) ||
    (path === "kiban-account:github.owner" && value === shipped.github.owner);
  return leaves(file.value(["config"]), "").filter(({ path, value }) => isNobodys(path, value));
}

function leaves(value: unknown, path: string): { path: string; value: string }[] {
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}
