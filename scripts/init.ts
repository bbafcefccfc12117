import { join, relative } from "node:path";
import { createInterface } from "node:readline/promises";

import { exitCode, UsageError } from "../plan/usage";
import { faultOf, type Given, questions, settleAnswers, type Stack, stacks } from "./init/answers";
import {
  answersIn,
  type Conflict,
  editAccount,
  editProject,
  editStack,
  isGlobalModel,
  withoutZone,
} from "./init/edits";
import { StackFile } from "./stack-file";

/**
 * Makes the stack files yours: asks what only you can know and writes it where it stands, every other line as it was. Run it
 * again to answer more; what a user wrote is not replaced unless `--force` says so.
 */
const help = `npm run init [-- options]

Writes your accounts, region, domain, receivers and repository into Pulumi.dev.yaml, Pulumi.stg.yaml and Pulumi.prod.yaml,
and into the files of the same names in account/. In a terminal it asks for what no option says; without one every answer is
an option. What the files already say need not be said again.

${questions.map(({ flag, asks }) => `  --${flag.padEnd(22)} ${asks}`).join("\n")}
  --force                  replace what the files have, where an answer differs
  -h, --help               this text
`;

interface Arguments {
  readonly given: Given;
  readonly force: boolean;
}

function parse(args: readonly string[]): Arguments | "help" {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  let force = false;
  const words = args.flatMap((word) => /^(--[a-z-]+)=(.*)$/s.exec(word)?.slice(1) ?? [word]);
  while (words.length > 0) {
    const word = words.shift() ?? "";
    const flag = word.slice(2);
    if (word === "-h" || word === "--help") return "help";
    if (word === "--force") force = true;
    else if (!word.startsWith("--") || !questions.some((question) => question.flag === flag)) {
      faults.push(`${word}: is no option; see npm run init -- --help`);
    } else if (words[0] === undefined || words[0].startsWith("--")) faults.push(`${word}: needs a value`);
    else given[flag] = words.shift() ?? "";
  }
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return { given, force };
}

/** How the command speaks with its user. */
export interface Talk {
  readonly say: (line: string) => void;
  /** Asks in a terminal; undefined where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Asks for what is neither given nor in the files, again until the answer can be taken. */
async function complete(given: Given, known: Given, { say, ask }: Talk): Promise<Given> {
  const answers: Record<string, string> = { ...known, ...given };
  if (ask === undefined) return answers;
  for (const question of questions.filter(({ flag }) => given[flag] === undefined)) {
    if (question.flag.endsWith("-zone-id") && (answers["domain"] ?? "none") === "none") continue;
    const before = answers[question.flag] ?? question.without;
    for (;;) {
      const typed = (await ask(`${question.asks}${before === undefined ? "" : ` [${before}]`}: `)).trim();
      const answer = typed === "" ? before : typed;
      const fault = faultOf(question, answer);
      if (answer !== undefined && fault === undefined) {
        answers[question.flag] = answer;
        break;
      }
      say(`  allowed: ${question.allowed}`);
    }
  }
  return answers;
}

function open(directory: string): Readonly<Record<Stack, StackFile>> {
  const file = (stack: Stack): StackFile => StackFile.open(join(directory, `Pulumi.${stack}.yaml`));
  return { dev: file("dev"), stg: file("stg"), prod: file("prod") };
}

/** @throws UsageError with every fault, before any file is written */
export async function init(directory: string, args: readonly string[], talk: Talk): Promise<void> {
  const parsed = parse(args);
  if (parsed === "help") return talk.say(help);
  const files = open(directory);
  const accounts = open(join(directory, "account"));
  const project = StackFile.open(join(directory, "Pulumi.yaml"));
  const answers = settleAnswers(await complete(parsed.given, answersIn(files, accounts, project), talk));
  const conflicts = [
    ...editProject(project, answers),
    ...stacks.flatMap((stack) => editStack(files[stack], stack, answers)),
    ...stacks.flatMap((stack) => editAccount(accounts[stack], answers)),
  ];
  if (conflicts.length > 0 && !parsed.force) throw new UsageError(refusal(directory, conflicts));
  // Production first: its file says the most, and a run that was interrupted takes it from there.
  const order = [project, ...[files, accounts].flatMap(({ prod, stg, dev }) => [prod, stg, dev])];
  const changed = order.filter((file) => file.changed);
  for (const file of changed) {
    file.save();
    talk.say(`wrote ${relative(directory, file.path)}`);
  }
  if (changed.length === 0) talk.say("The files say all of it already.");
  talk.say(nextSteps(files));
}

function refusal(directory: string, conflicts: readonly Conflict[]): string {
  const lines = conflicts.map(({ file, path, was, becomes }) => {
    const key = path.filter((part) => part !== "config").join(".");
    return `  ${relative(directory, file.path)}: ${key}: is ${JSON.stringify(was)}, the answer is ${JSON.stringify(becomes)}`;
  });
  return ["The files are as they were. They have values of yours that the answers would replace:", ...lines]
    .concat("Give the values that the files have, or --force to replace them.")
    .join("\n");
}

function nextSteps(files: Readonly<Record<Stack, StackFile>>): string {
  const anywhere = stacks.filter((stack) => isGlobalModel(files[stack]));
  const open = withoutZone(files);
  const zones = open.map((stack) => `--${stack}-zone-id Z...`).join(" ");
  const later =
    open.length === 0
      ? []
      : [`  before ${open.join(" and ")}: make the hosted zone, then npm run init -- --domain <yours> ${zones}`];
  const models =
    anywhere.length === 0
      ? []
      : [`  look at kiban:ai of ${anywhere.join(", ")}: a global model may be asked and answered in any region`];
  const first = ["  npm run plan -- dev", "  npm run bootstrap -- dev --dry-run", "  npm run doctor -- dev"];
  return ["Next:", ...first, ...later, ...models].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  try {
    await init(process.cwd(), args, {
      say: (line) => console.log(line),
      ask: terminal && ((question) => terminal.question(question)),
    });
    return exitCode.fine;
  } finally {
    terminal?.close();
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.failed;
    },
  );
}
