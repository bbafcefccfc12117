import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planStack } from "../../plan/run";
import { commandFaults, commandsIn } from "./commands";

const root = join(__dirname, "../..");
const files = execFileSync("git", ["-C", root, "ls-files", "*.md", ".github/workflows/*.yml"], { encoding: "utf8" });

/** What a document shows as code: within backquotes, or in a block. A workflow is code. */
function codeOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  if (!file.endsWith(".md")) return [text];
  return [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$|(?<!`)`([^`]+)`(?!`)/gm)].map(
    ([, block, span]) => block ?? (span ?? "").replaceAll(/\s+/g, " "),
  );
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe("Commands of the AWS CLI", function () {
  this.timeout(120_000);

  it("are found in shell with all their words", () => {
    const shell =
      "id=$(aws athena get-query-results --query-execution-id \"$id\" \\\n  --output text) | x; aws s3 rm 'a b' </dev/null";
    assert.deepEqual(commandsIn(shell), [
      ["athena", "get-query-results", "--query-execution-id", '"$id"', "--output", "text"],
      ["s3", "rm", "'a b'", "</dev/null"],
    ]);
  });

  it("are judged by their flags", () => {
    const faults = (line: string): string[] => commandsIn(`aws ${line}`).flatMap(commandFaults);
    assert.deepEqual(faults("kinesis get-dreams --x"), ["kinesis get-dreams: test/commands/extract.py knows it not"]);
    assert.deepEqual(faults("ssm put-parameter --value v --overwrite --names n"), [
      "ssm put-parameter --names: there is no such flag",
      "ssm put-parameter lacks --name",
    ]);
    assert.deepEqual(faults("ssm put-parameter"), []);
    assert.deepEqual(faults("ssm put-parameter --value ..."), []);
  });

  it("have flags that AWS knows, in every document and workflow", () => {
    const commands = files
      .trim()
      .split("\n")
      .flatMap((file) =>
        codeOf(file)
          .flatMap(commandsIn)
          .map((command) => ({ file, command })),
      );
    const faults = commands.flatMap(({ file, command }) => commandFaults(command).map((fault) => `${file}: ${fault}`));
    assert.deepEqual(faults, []);
    assert.ok(commands.length >= 25, String(commands.length));
  });

  for (const stack of ["dev", "stg", "prod"]) {
    it(`have flags that AWS knows, wherever ${stack} names one`, async () => {
      const { outputs, resources } = await planStack({ projectDir: root, stack, policyPack: false });
      const commands = texts([outputs, resources.map(({ inputs }) => inputs)]).flatMap(commandsIn);
      assert.ok(commands.length >= 10, String(commands.length));
      for (const command of commands) assert.deepEqual(commandFaults(command), [], command.join(" "));
    });
  }
});
