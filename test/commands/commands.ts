import { readFileSync } from "node:fs";
import { join } from "node:path";

const { commands } = JSON.parse(readFileSync(join(__dirname, "aws-cli.json"), "utf8")) as {
  commands: Readonly<Record<string, readonly string[]>>;
};

/** Commands that the CLI has beside those of its models. Source: AWS CLI command reference. */
const own: Readonly<Record<string, readonly string[]>> = {
  "cloudtrail validate-logs": ["end-time", "s3-bucket", "s3-prefix", "start-time*", "trail-arn*", "verbose"],
  "ecr get-login-password": [],
  "s3 cp": ["recursive"],
  "s3 rm": ["recursive"],
};

/** Flags that every command has. */
const global = ["region", "query", "output", "cli-binary-format"];

/** The commands of the AWS CLI in a piece of shell, each as its words: service, operation, and what follows. */
export function commandsIn(shell: string): string[][] {
  const lines = shell.replaceAll(/\s*\\?\n\s*(?=--|…|\.\.\.)/g, " ");
  const found = lines.matchAll(
    /(?:^|[\s$(`])aws ([a-z0-9-]+ [a-z0-9-]+(?:[ \t](?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s;|&)`])+)*)/gm,
  );
  return [...found].map(([, command = ""]) =>
    [...command.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\S)+/g)].map(([word]) => word),
  );
}

/** What is wrong with a command of the CLI; one without any flag is but named, and lacks none. */
export function commandFaults([service = "", operation = "", ...rest]: readonly string[]): string[] {
  const command = `${service} ${operation}`;
  const flags = commands[command] ?? own[command];
  if (flags === undefined) return [`${command}: test/commands/extract.py knows it not`];
  const given = rest.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
  const known = [...global, ...flags.map((flag) => flag.replace("*", ""))];
  const required = flags.filter((flag) => flag.endsWith("*")).map((flag) => flag.slice(0, -1));
  const named = rest.length === 0 || rest.some((word) => word === "..." || word === "…");
  return [
    ...given.filter((flag) => !known.includes(flag)).map((flag) => `${command} --${flag}: there is no such flag`),
    ...(named ? [] : required.filter((flag) => !given.includes(flag))).map((flag) => `${command} lacks --${flag}`),
  ];
}
