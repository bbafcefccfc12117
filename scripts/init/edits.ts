import { listPriceOf, parseModel, routings } from "../../components/gen-ai-endpoint/models";
import { secretsProvider } from "../../account/names";
import { type Path, type StackFile, type Written } from "../stack-file";
import { type Answers, domainOf, idFlags, type Stack, stacks } from "./answers";
import { nobodysMonitor, nobodysName, nobodysZone, shipped } from "./shipped";

const accountPath = ["config", "kiban:account", "id"];
const domainPath = ["config", "kiban:domain"];
const edgePath = ["config", "kiban:edge"];
const modelPath = ["config", "kiban:ai", "model"];
const monitorPath = ["config", "kiban:budget", "anomalies", "monitorArn"];
const githubPath = ["config", "kiban-account:github"];

/** Whether the file is for one of the accounts that nobody has: then nothing in it has been deployed. */
export function isUntouched(file: StackFile, stack: Stack): boolean {
  return file.value(accountPath) === shipped.accounts[stack];
}

/** A value that a user set, where an answer would write another. */
export interface Conflict {
  readonly file: StackFile;
  readonly path: Path;
  readonly was: unknown;
  readonly becomes: Written;
}

type Set = (path: Path, becomes: Written) => void;

/** Writes values into a file, and notes each that is neither new nor free to go. */
function setter(file: StackFile, conflicts: Conflict[], isFree: (was: unknown) => boolean): Set {
  return (path, becomes) => {
    const was = file.value(path);
    if (JSON.stringify(was) === JSON.stringify(becomes)) return;
    if (was !== undefined && !isFree(was)) conflicts.push({ file, path, was, becomes });
    file.set(path, becomes);
  };
}

/** Writes the answers into one stack's file. Returns what of the user's it replaced. */
export function editStack(file: StackFile, stack: Stack, answers: Answers): Conflict[] {
  const untouched = isUntouched(file, stack);
  const conflicts: Conflict[] = [];
  const set = setter(file, conflicts, (was) => (untouched ? isShipped(was) : nobodysZone.test(String(was))));
  const { region, zones } = answers;
  set(["secretsprovider"], secretsProvider(region));
  set(accountPath, answers.accounts[stack]);
  set(["config", "kiban:account", "region"], region);
  // Two zones are the least that a load balancer takes; production has what there is.
  set(["config", "kiban:network", "availabilityZones"], stack === "prod" ? zones : zones.slice(0, 2));
  set(["config", "kiban:notifications", "emails"], answers.emails);
  setDomain(file, untouched, answers.domains[stack], set);
  if (untouched) {
    setModel(file, region);
    setMonitor(file, answers.accounts[stack]);
  }
  dropImages(file);
  return conflicts;
}

/** Writes the answers into the file of one account stack. Returns what of the user's it replaced. */
export function editAccount(file: StackFile, { region, github }: Answers): Conflict[] {
  const untouched = hasNobodysRepository(file);
  const conflicts: Conflict[] = [];
  const { owner, name } = shipped.github;
  const free = [owner, name, secretsProvider(shipped.region)];
  const set = setter(file, conflicts, (was) => untouched && free.includes(String(was)));
  set(["secretsprovider"], secretsProvider(region));
  set([...githubPath, "owner"], github.owner);
  set([...githubPath, "name"], github.name);
  for (const [key, value] of Object.entries(github.ids ?? {})) set([...githubPath, key], value);
  return conflicts;
}

/** Whether the file would let the workflows of a repository in that is not the user's. */
function hasNobodysRepository(file: StackFile): boolean {
  return file.value([...githubPath, "owner"]) === shipped.github.owner;
}

/**
 * A cross-region profile is there in some regions alone. Another region gets the same model by the profile of its own
 * geography, or by the global one where we know no price for that.
 */
function setModel(file: StackFile, region: string): void {
  const model = parseModel(String(file.value(modelPath)));
  if (model?.prefix === undefined || routings[model.prefix]?.sources?.includes(region) === true) return;
  const nearest = Object.keys(routings).find((prefix) => {
    const id = `${prefix}.${model.foundation}`;
    return routings[prefix]?.sources?.includes(region) === true && listPriceOf({ ...model, id, prefix }, region);
  });
  file.set(modelPath, `${nearest ?? "global"}.${model.foundation}`);
}

/** Models that may be asked and answered anywhere, which a user has to know. */
export function isGlobalModel(file: StackFile): boolean {
  return String(file.value(modelPath)).startsWith("global.");
}

/** The account's monitor has a number that nobody knows before the account stack is up; whose account it is, we know. */
function setMonitor(file: StackFile, account: string): void {
  const arn = file.value(monitorPath);
  if (typeof arn !== "string" || !nobodysMonitor.test(arn)) return;
  file.set(monitorPath, arn.replace(/:\d{12}:/, `:${account}:`));
}

/**
 * A stack that can do without a domain gets its own when it has a zone. One that cannot, for the policies refuse it, keeps
 * the zone of nobody until there is one: it plans, and is not deployed.
 */
function setDomain(file: StackFile, untouched: boolean, domain: Answers["domains"][Stack], set: Set): void {
  if (domain === undefined) return;
  const withoutDomain = [...edgePath, "withoutDomain"];
  if (file.value(domainPath) === undefined) {
    if (domain.zoneId === undefined) return;
    file.insertBefore(["config", "kiban:database"], "  kiban:domain:\n    name: none\n    zoneId: none\n");
    file
      .set([...domainPath, "name"], domain.name)
      .set([...domainPath, "zoneId"], domain.zoneId)
      .remove(withoutDomain);
    return;
  }
  if (untouched && file.value([...domainPath, "aliases"]) !== undefined) {
    file.set([...domainPath, "aliases"], [`www.${domain.name}`]);
  }
  set([...domainPath, "name"], domain.name);
  if (domain.zoneId !== undefined) set([...domainPath, "zoneId"], domain.zoneId);
}

/** Stacks whose zone is that of nobody. */
export function withoutZone(files: Readonly<Record<Stack, StackFile>>): Stack[] {
  return stacks.filter((stack) => nobodysZone.test(String(files[stack].value([...domainPath, "zoneId"]))));
}

/** The images that the files come with are in no registry: the first deployment goes without, and the build writes the lines. */
function dropImages(file: StackFile): void {
  for (const kind of ["kiban:services", "kiban:tasks"]) {
    for (const name of file.keys(["config", kind])) {
      const path = ["config", kind, name, "image"];
      if (file.value(path) === shipped.image) file.remove(path);
    }
  }
}

export function editProject(file: StackFile, answers: Answers): Conflict[] {
  const was = file.value(["name"]);
  if (was === answers.project) return [];
  file.set(["name"], answers.project);
  return was === shipped.project ? [] : [{ file, path: ["name"], was, becomes: answers.project }];
}

function isShipped(value: unknown): boolean {
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  const known = [...Object.values(shipped.accounts), shipped.region, shipped.image];
  return texts.every(
    (text) =>
      known.includes(text) ||
      text.startsWith(shipped.region) ||
      text.startsWith("awskms://alias/kiban-pulumi?") ||
      nobodysName.test(text) ||
      nobodysZone.test(text),
  );
}

/** What the files already say, as answers: a later run asks for what is new. */
export function answersIn(
  files: Readonly<Record<Stack, StackFile>>,
  accounts: Readonly<Record<Stack, StackFile>>,
  project: StackFile,
): Record<string, string> {
  const found: Record<string, string> = {};
  const take = (flag: string, value: unknown): void => {
    if (typeof value === "string") found[flag] ??= value;
  };
  for (const stack of [...stacks].reverse()) {
    const file = files[stack];
    if (isUntouched(file, stack)) continue;
    take("project", project.value(["name"]));
    take(`${stack}-account`, file.value(accountPath));
    take("region", file.value(["config", "kiban:account", "region"]));
    const domain = file.value([...domainPath, "name"]);
    if (typeof domain === "string") {
      if (domainOf(stack, baseOf(stack, domain)) === domain) take("domain", baseOf(stack, domain));
      if (domainOf(stack, found["domain"] ?? "") === domain) {
        const zoneId = file.value([...domainPath, "zoneId"]);
        if (!nobodysZone.test(String(zoneId))) take(`${stack}-zone-id`, zoneId);
      }
    }
    const zones = file.value(["config", "kiban:network", "availabilityZones"]);
    if (Array.isArray(zones)) take("zones", zones.map((each) => String(each).slice(-1)).join(","));
    const emails = file.value(["config", "kiban:notifications", "emails"]);
    if (Array.isArray(emails)) take("emails", emails.join(","));
  }
  for (const stack of [...stacks].reverse()) {
    const file = accounts[stack];
    if (hasNobodysRepository(file)) continue;
    const [owner, name, ...ids] = ["owner", "name", "ownerId", "repositoryId"].map((key) =>
      file.value([...githubPath, key]),
    );
    if (typeof owner === "string" && typeof name === "string") take("github", `${owner}/${name}`);
    for (const [index, id] of ids.entries()) if (typeof id === "number") take(idFlags[index] ?? "", `${id}`);
  }
  return found;
}

function baseOf(stack: Stack, domain: string): string {
  return stack === "prod" ? domain : domain.slice(stack.length + 1);
}
