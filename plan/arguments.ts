import { parseArgs } from "node:util";

import { UsageError } from "./usage";

interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** What the flag takes, as the help writes it. */
  readonly takes?: string;
  /** What to say where it is not given. */
  readonly needs?: string;
  readonly help: readonly string[];
}

/** Every flag, in the order of the help. */
const flags = {
  "as-preview": {
    type: "boolean",
    help: [
      "leave unknown what only the cloud can know, exactly as `pulumi preview` before the first `up`;",
      "by default such values are stand-ins in AWS's formats, so that every rule can read them",
    ],
  },
  cost: {
    type: "boolean",
    help: [
      "say what it costs in a month: what runs even when nobody comes, and what grows with use as usage.yaml has it,",
      "at the prices of prices/<region>.json",
    ],
  },
  "fail-over-budget": {
    type: "boolean",
    help: ["with --cost: end with 4 where the estimate passes a budget of the plan"],
  },
  json: {
    type: "string",
    takes: "FILE",
    needs: "a file, or - for the standard output",
    help: ["write the plan as JSON to FILE; with - to the standard output, and nothing else there"],
  },
  markdown: {
    type: "string",
    takes: "FILE",
    needs: "a file",
    help: [
      "write the review to FILE for a pull request: what would be lost, what --against shows, new reach, findings with",
      "what to set, the cost with --cost, and a picture that GitHub draws",
    ],
  },
  html: {
    type: "string",
    takes: "FILE",
    needs: "a file",
    help: [
      "write one page that needs no network: picture, findings, cost, resources with search, outputs; a part with a flag",
      "of its own is on the page when that is given",
    ],
  },
  report: {
    type: "string",
    multiple: true,
    takes: "FILE",
    needs: "a file whose ending says the form: .sarif, .xml, .md or .json",
    help: [
      "write what the policies said to FILE: .sarif (SARIF 2.1.0), .xml (JUnit), .md (for a pull request), .json;",
      "may be given more than once",
    ],
  },
  cwd: {
    type: "string",
    short: "C",
    takes: "DIR",
    needs: "the directory of a Pulumi project",
    help: ["plan the project in DIR, such as account, in place of the one here"],
  },
  "policy-pack": {
    type: "string",
    takes: "DIR",
    needs: "the directory of a policy pack",
    help: ["the policy pack to apply, in place of the project's own in policy/"],
  },
  "policy-pack-config": {
    type: "string",
    takes: "FILE",
    needs: "a JSON file",
    help: ["levels and settings of the pack's policies, as the engine's flag of this name takes them"],
  },
  access: {
    type: "boolean",
    help: [
      "say who may do what on which data: by IAM's documents, with the way through the security groups; what a change",
      "adds to that, --against shows",
    ],
  },
  against: {
    type: "string",
    takes: "REF|FILE",
    needs: "a git revision, or a plan that --json wrote",
    help: [
      "show what differs from the plan of another revision (a branch, a tag, a commit; planned in a checkout of its",
      "own, with its own packages) or from a plan in a file: created, changed, replaced, moved and deleted resources",
    ],
  },
  "fail-on-replace": {
    type: "boolean",
    help: ["with --against: end with 3 where a resource that holds data would be replaced or deleted"],
  },
  help: { type: "boolean", short: "h", help: ["show this"] },
} as const satisfies Record<string, Flag>;

const table: readonly (readonly [name: string, flag: Flag])[] = Object.entries(flags);
const column = Math.max(...table.map(([name, flag]) => name.length + (flag.takes ?? "").length)) + 7;

function helpOf([name, flag]: readonly [string, Flag]): string {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const head = `  ${short}--${name}${flag.takes === undefined ? "" : ` ${flag.takes}`}`.padEnd(column);
  return flag.help.map((line, index) => (index === 0 ? head : " ".repeat(column)) + line).join("\n");
}

export const help = `Shows what a stack would register and whether the policies would let it pass: no account, no credentials,
no Pulumi CLI. It changes nothing and reads only this project's files.

Usage: npm run plan -- <stack> [options]

${"  <stack>".padEnd(column)}a stack with a file Pulumi.<stack>.yaml, such as dev
${table.map(helpOf).join("\n")}

A \`secure:\` value of the stack file is an unknown secret here. Secrets are never printed.

Exit codes: 0 fine; 1 the program failed or a mandatory policy is violated; 2 wrong usage or settings;
3 with --fail-on-replace, a resource that holds data would be replaced or deleted;
4 over budget, with --fail-over-budget.
`;

export interface Arguments {
  readonly stack: string;
  readonly json: string | undefined;
  readonly asPreview: boolean;
  readonly html: string | undefined;
  readonly reports: readonly string[];
  readonly policyPack: string | undefined;
  readonly policyPackConfig: string | undefined;
  readonly cost: boolean;
  readonly failOverBudget: boolean;
  readonly cwd: string | undefined;
  readonly access: boolean;
  readonly markdown: string | undefined;
  readonly against: string | undefined;
  readonly failOnReplace: boolean;
}

const hint = "see npm run plan -- --help";

/** Reads the command line; `help` where that is asked for. */
export function parseArguments(argv: readonly string[]): Arguments | "help" {
  // Not strict, as its messages name neither this command nor its help.
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: flags,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (values.help === true) return "help";
  for (const token of tokens) if (token.kind === "option") check(token);
  const [stack, extra] = positionals;
  if (extra !== undefined) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}; ${hint}`);
  if (stack === undefined) throw new UsageError("");
  const failOnReplace = values["fail-on-replace"] === true;
  if (values.access === true && values["as-preview"] === true) {
    throw new UsageError("--access needs to read what --as-preview leaves unknown: take one of them");
  }
  if (failOnReplace && values.against === undefined) throw new UsageError(`--fail-on-replace needs --against; ${hint}`);
  if (values["fail-over-budget"] === true && values.cost !== true) {
    throw new UsageError(`--fail-over-budget needs the estimate: add --cost; ${hint}`);
  }
  const text = (name: keyof typeof flags): string | undefined => values[name] as string | undefined;
  return {
    stack,
    json: text("json"),
    asPreview: values["as-preview"] === true,
    html: text("html"),
    reports: (values.report ?? []) as string[],
    policyPack: text("policy-pack"),
    policyPackConfig: text("policy-pack-config"),
    cost: values.cost === true,
    failOverBudget: values["fail-over-budget"] === true,
    cwd: text("cwd"),
    access: values.access === true,
    markdown: text("markdown"),
    against: text("against"),
    failOnReplace,
  };
}

function check({ name, rawName, value }: { name: string; rawName: string; value?: string | undefined }): void {
  const flag = new Map(table).get(name);
  if (flag === undefined) throw new UsageError(`unknown option ${rawName}; ${hint}`);
  if (flag.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value; ${hint}`);
  } else if (value === undefined || value === "" || (value.startsWith("-") && value !== "-")) {
    throw new UsageError(`${rawName} needs ${flag.needs ?? "a value"}; ${hint}`);
  }
}
