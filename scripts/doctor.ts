import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { planStack } from "../plan/run";
import { exitCode, UsageError } from "../plan/usage";
import { account, state } from "./doctor/access";
import { type Aws, awsOf, clientsOf } from "./doctor/aws";
import { zone } from "./doctor/domain";
import { type Finding, unchecked, wrong } from "./doctor/finding";
import { images } from "./doctor/images";
import { mail, receivers } from "./doctor/mail";
import type { Check, NameServers, Patient } from "./doctor/patient";
import { placeholders } from "./doctor/placeholders";
import { quotas } from "./doctor/quotas";
import { invocations, monitor } from "./doctor/singletons";
import { type Wants, wantsOf } from "./doctor/wants";
import { openStack, placeOf } from "./release/place";
import { StackFile } from "./stack-file";

/** In the order that one needs them: the account first, for nothing else of a wrong one says anything. */
export const checks: readonly Check[] = [
  ...[placeholders, account, state, zone, receivers, mail, quotas, images, invocations, monitor],
];

const column = Math.max(...checks.map(({ name }) => name.length)) + 2;
const help = `npm run doctor -- <stack> [options]

Looks at a stack's account before an update does, says what is well and what is not, and what to do. It changes nothing.
What it cannot find out, for want of credentials or rights, it says.

  --only NAMES   only these, with commas between them:
${checks.map(({ name, looksAt }) => `    ${name.padEnd(column)}${looksAt}`).join("\n")}
  --strict       what is open or could not be found out counts as wrong
  -h, --help     this text

Exit codes: 0 nothing is wrong; 1 something is wrong; 2 wrong usage or settings.
`;

interface Arguments {
  readonly stack: string;
  readonly only: readonly Check[];
  readonly strict: boolean;
}

export function parse(args: readonly string[]): Arguments | "help" {
  const { tokens } = parseArgs({
    args: [...args],
    options: { only: { type: "string" }, strict: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const [names, stacks, faults]: [string[], string[], string[]] = [[], [], []];
  let strict = false;
  for (const token of tokens ?? []) {
    if (token.kind === "positional") stacks.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return "help";
    if (token.name === "strict") strict = true;
    else if (token.name === "only" && token.value !== undefined) names.push(...token.value.split(","));
    else faults.push(`${token.rawName}: ${token.name === "only" ? "needs names of checks" : "is no option"}`);
  }
  const known = checks.map(({ name }) => name);
  const strangers = names.filter((name) => !known.includes(name));
  faults.push(...strangers.map((name) => `--only: was "${name}"; allowed: ${known.join(", ")}`));
  const [stack = ""] = stacks;
  if (stacks.length !== 1) faults.push("one stack, such as dev");
  if (faults.length > 0) throw new UsageError(["usage: npm run doctor -- <stack>; see --help", ...faults].join("\n  "));
  return { stack, strict, only: checks.filter(({ name }) => names.length === 0 || names.includes(name)) };
}

/** What is looked at from outside the files. */
export interface World {
  readonly aws: Aws;
  readonly nameServers: NameServers;
  readonly plan: (stack: string) => Promise<Wants>;
  /** Backend that the environment names. */
  readonly backend: string | undefined;
}

export interface Result extends Finding {
  readonly check: string;
}

/** Looks at a stack from a project's directory. Only what is wrong with the stack's own name is thrown. */
export async function examine(
  directory: string,
  { stack, only }: Pick<Arguments, "stack" | "only">,
  world: World,
): Promise<Result[]> {
  const place = placeOf(directory, stack);
  const results: Result[] = [];
  const note = (check: string, findings: readonly Finding[]): void => {
    results.push(...findings.map((finding) => ({ check, ...finding })));
  };
  const wants = await wantsFor(stack, only, world);
  if (typeof wants === "string") {
    note("plan", [wrong(`the plan fails: ${wants}`, `npm run plan -- ${stack}`)]);
  }
  const patient: Patient = {
    place,
    aws: world.aws,
    nameServers: world.nameServers,
    backend: world.backend ?? place.backend,
    file: openStack(directory, stack),
    accountFile: StackFile.open(join(directory, "account", `Pulumi.${stack}.yaml`)),
    wants: typeof wants === "string" ? nothing : wants,
  };
  const identity = only.some(({ needs }) => needs?.account) ? await tried(() => account.run(patient)) : [];
  const isOpen = identity.every(({ state }) => state === "ok");
  for (const check of only) note(check.name, check === account ? identity : await look(check));
  return results;

  async function look({ needs = {}, run, runWithout }: Check): Promise<readonly Finding[]> {
    if (needs.plan && typeof wants === "string") {
      return [unchecked("not looked at: the plan fails", `npm run plan -- ${stack}`)];
    }
    if (!needs.account || isOpen) return tried(() => run(patient));
    if (runWithout !== undefined) return tried(() => runWithout(patient));
    return [unchecked("not looked at", `take credentials of account ${place.account}`)];
  }
}

const nothing: Wants = wantsOf({ resources: [] });

async function wantsFor(stack: string, only: readonly Check[], world: World): Promise<Wants | string> {
  if (!only.some(({ needs }) => needs?.plan)) return nothing;
  try {
    return await world.plan(stack);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A call that fails says nothing of what it asked for. */
async function tried(run: () => ReturnType<Check["run"]>): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    return [unchecked(`could not be found out: ${name}: ${message}`, cureOf(name))];
  }
}

function cureOf(name: string): string {
  if (/AccessDenied|Unauthorized|AuthorizationError|Forbidden|^403$/i.test(name)) {
    return "take credentials that may read it";
  }
  return /Credential|Token|SSO/i.test(name) ? "sign in to the account" : "try again, or look for yourself";
}

const states = ["wrong", "open", "unchecked", "ok"] as const;

export function render(results: readonly Result[]): string {
  const indent = " ".repeat(11 + column);
  const lines = results.flatMap(({ state, check, what, cure }) => [
    `${state.padEnd(11)}${check.padEnd(column)}${what}`,
    ...(cure === undefined ? [] : [`${indent}${cure}`]),
  ]);
  const counts = states.map((state) => `${results.filter((each) => each.state === state).length} ${state}`);
  return [...lines, "", counts.join(", ")].join("\n");
}

const publicDns: NameServers = async (name) => {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  // Not the machine's own: an office's or a VPC's may know names that the public does not.
  resolver.setServers(["1.1.1.1", "8.8.8.8"]);
  try {
    return (await resolver.resolveNs(name)).map((each) => each.toLowerCase());
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw error;
  }
};

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === "help") {
    console.log(help);
    return exitCode.fine;
  }
  const directory = process.cwd();
  const file = openStack(directory, parsed.stack);
  const role = file.value(["config", "kiban:account", "assumeRoleArn"]);
  const results = await examine(directory, parsed, {
    aws: awsOf(clientsOf(placeOf(directory, parsed.stack).region, typeof role === "string" ? role : undefined)),
    nameServers: publicDns,
    plan: async (stack) => wantsOf(await planStack({ projectDir: directory, stack, policyPack: false })),
    backend: process.env["PULUMI_BACKEND_URL"],
  });
  console.log(render(results));
  const bad = parsed.strict ? results.some(({ state }) => state !== "ok") : results.some((r) => r.state === "wrong");
  return bad ? exitCode.failed : exitCode.fine;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    // What the plan or the SDK keeps open must not keep the command from ending.
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(error instanceof UsageError ? exitCode.usage : exitCode.failed);
    },
  );
}
