import { Faults } from "../shared/check";
import type { DeployRolesArgs } from "./deploy-roles";

export function check(name: string, args: DeployRolesArgs): void {
  const faults = new Faults("DeployRoles", name);
  const matches = (path: string, value: string, pattern: RegExp, allowed: string, cure: string): void => {
    if (!pattern.test(value)) faults.add(path, value, allowed, cure);
  };
  const { owner, name: repository, ownerId, repositoryId } = args.repository;
  // GitHub: what an account's and a repository's name may be. A wildcard or a slash would trust others.
  const asInUrl = "write it as in the repository's address";
  matches(
    "repository.owner",
    owner,
    /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/,
    "an account or organization of GitHub",
    asInUrl,
  );
  matches("repository.name", repository, /^[A-Za-z0-9._-]{1,100}$/, "a repository's name without its owner", asInUrl);
  for (const [path, id] of Object.entries({ ownerId, repositoryId })) {
    if (id === undefined || (Number.isSafeInteger(id) && id > 0)) continue;
    faults.add(`repository.${path}`, id, "a whole number above 0", "ask: gh api repos/<owner>/<name>");
  }
  if ((ownerId === undefined) !== (repositoryId === undefined)) {
    const [missing, set] = ownerId === undefined ? ["ownerId", "repositoryId"] : ["repositoryId", "ownerId"];
    faults.add(`repository.${missing}`, undefined, `a number together with ${set}`, "set both, or neither");
  }
  for (const form of args.subjects ?? []) {
    if (form === "ids" && ownerId === undefined && repositoryId === undefined) {
      faults.add("subjects", args.subjects, '["names"] without the ids', "set repository.ownerId and repositoryId");
    }
  }
  if (args.subjects?.length === 0) faults.add("subjects", [], "one at least", "leave it out");
  matches("environment", args.environment, /^[a-z0-9][a-z0-9-]*$/, "lower case, digits and -", "use the stack's name");
  // Git: what a branch's name may hold, wildcards and spaces left out.
  matches(
    "branch",
    args.branch ?? "main",
    /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
    "a branch, such as main",
    "use its full name",
  );
  // 64 characters for a role's name (AWS: IAM user guide, "IAM and AWS STS quotas"), of which "-preview" takes 8.
  const prefix = "letters, digits and -, at most 56";
  matches("prefix", args.prefix ?? "kiban", /^[A-Za-z][A-Za-z0-9-]{0,55}$/, prefix, "use a short name");
  for (const bucket of args.siteBuckets ?? []) {
    const allowed = "a bucket's name that begins with 3 characters at least, wildcards after them";
    matches("siteBuckets", bucket, /^[a-z0-9][a-z0-9.-]{2}[a-z0-9.*-]*$/, allowed, "name the sites' buckets");
  }
  faults.raise();
}
