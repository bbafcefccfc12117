import { describe, exitCodeOf } from "../plan/errors";
import { exitCode, UsageError } from "../plan/usage";
import { requireEngine, runEngine } from "../sandbox/command/engine";
import { accountOf, destinationOf, planAccount, requireCredentials } from "./bootstrap/account";
import { bootstrap, type Bootstrap, type Bootstrapped, BootstrapError } from "./bootstrap/bootstrap";
import { accountFolder, Copies, missingLines, unfinished } from "./bootstrap/files";

/**
 * Brings up the account stack in an account that has nothing yet: no bucket for the state, no key for its secrets. Run by an
 * administrator of the account, again after a failure, and again to apply a change of account/.
 */
const help = `npm run bootstrap -- <stack> [options]

Brings up the account stack of <stack> (account/README.md) with the credentials of an administrator of its account. In an
account that has nothing, the state is kept in .bootstrap/<stack> until there is a bucket for it, and then moved. Run it
again after a failure: it goes on from there. When all is as it should be, it changes nothing. Your files are not written:
it prints what is to be put there.

  --dry-run     show what would be made, and make nothing
  -h, --help    this text

Exit codes: 0 fine; 1 the program or the engine failed, or a mandatory policy is violated; 2 wrong usage or settings.
`;

interface Arguments {
  readonly stack: string;
  readonly dryRun: boolean;
}

export function parseArguments(args: readonly string[]): Arguments | "help" {
  let dryRun = false;
  const plain: string[] = [];
  for (const word of args) {
    if (word === "-h" || word === "--help") return "help";
    if (word === "--dry-run") dryRun = true;
    else if (word.startsWith("-")) throw new UsageError(`unknown option ${word}; see npm run bootstrap -- --help`);
    else plain.push(word);
  }
  const [stack, ...rest] = plain;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run bootstrap -- <stack> [--dry-run]");
  return { stack, dryRun };
}

/** What is left to do by hand. */
export function nextSteps(
  checkout: string,
  { stack, backendUrl, secretsProvider }: Pick<Bootstrap, "stack" | "backendUrl" | "secretsProvider">,
  { encryptedKey }: Bootstrapped,
): string[] {
  return [
    `The account stack of ${stack} is up. For every command of Pulumi in this account:`,
    `  export PULUMI_BACKEND_URL='${backendUrl}'`,
    ...missingLines(checkout, stack, { secretsProvider, encryptedKey }),
    "Then the platform:",
    `  pulumi stack init ${stack} --secrets-provider '${secretsProvider}'`,
    "What workflows and stack files need to know of the account:",
    `  pulumi stack output -C ${accountFolder} --stack ${stack}`,
  ];
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args);
  if (parsed === "help") {
    process.stdout.write(help);
    return exitCode.fine;
  }
  const { stack, dryRun } = parsed;
  const checkout = process.cwd();
  const engine = requireEngine();
  const plan = await planAccount(checkout, stack);
  await requireCredentials(stack, accountOf(plan));
  const destination = destinationOf(plan);
  const copies = new Copies(checkout, stack);
  try {
    const done = await bootstrap({
      stack,
      dryRun,
      ...destination,
      folder: unfinished(checkout, stack),
      prepare: (backend, encryptedKey) => copies.prepare(backend, encryptedKey),
      run: async (words, { cwd, env, show = false }) => {
        const result = await runEngine(engine, words, { cwd, env: { ...process.env, ...quiet, ...env }, show });
        copies.keepSalt();
        return result;
      },
      say: (line) => console.log(line),
    });
    if (!dryRun) nextSteps(checkout, { stack, ...destination }, done).forEach((line) => console.log(line));
    return exitCode.fine;
  } finally {
    copies.remove();
  }
}

const quiet = { PULUMI_SKIP_UPDATE_CHECK: "true" };

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      console.error(error instanceof BootstrapError ? error.message : describe(error, process.cwd()));
      process.exitCode = exitCodeOf(error);
    },
  );
}
