import { UsageError } from "./usage";

export const help = `Shows what a stack would register and whether the policies would let it pass: no account, no credentials,
no Pulumi CLI. It changes nothing and reads only this project's files.

Usage: npm run plan -- <stack> [options]

  <stack>         a stack with a file Pulumi.<stack>.yaml, such as dev
  --as-preview    leave unknown what only the cloud can know, exactly as \`pulumi preview\` before the first \`up\`;
                  by default such values are stand-ins in AWS's formats, so that every rule can read them
  --json FILE     write the plan as JSON to FILE; with - to the standard output, and nothing else there
  --help          show this

A \`secure:\` value of the stack file is an unknown secret here. Secrets are never printed.

Exit codes: 0 fine; 1 the program failed or a mandatory policy is violated; 2 wrong usage or settings.
`;

export interface Arguments {
  readonly stack: string;
  readonly json: string | undefined;
  readonly asPreview: boolean;
}

const hint = "see npm run plan -- --help";

/** Reads the command line; `help` where that is asked for. */
export function parseArguments(argv: readonly string[]): Arguments | "help" {
  let json: string | undefined;
  let asPreview = false;
  const stacks: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--help" || argument === "-h") return "help";
    if (argument === "--as-preview") {
      asPreview = true;
    } else if (argument === "--json" || argument.startsWith("--json=")) {
      json = argument === "--json" ? argv[++i] : argument.slice("--json=".length);
      if (json === undefined || json === "" || (json.startsWith("-") && json !== "-")) {
        throw new UsageError(`--json needs a file, or - for the standard output; ${hint}`);
      }
    } else if (argument.startsWith("-")) {
      throw new UsageError(`unknown option ${argument}; ${hint}`);
    } else {
      stacks.push(argument);
    }
  }
  const [stack, extra] = stacks;
  if (extra !== undefined) throw new UsageError(`one stack at a time, not ${stacks.join(" and ")}; ${hint}`);
  if (stack === undefined) throw new UsageError("");
  return { stack, json, asPreview };
}
