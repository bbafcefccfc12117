import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { parse as parseYaml } from "yaml";

import { help as planHelp, parseArguments as parsePlan } from "../plan/arguments";
import { findEngine } from "../sandbox/command/engine";
import { parseArguments as parseSandbox } from "../sandbox/command/cli";
import { parseArguments as parseBootstrap } from "../scripts/bootstrap";
import { parse as parseDoctor } from "../scripts/doctor";
import { parse as parseRecover } from "../scripts/recover";
import { makeProject, root } from "./scripts/project";

const text = readFileSync(join(root, "docs", "operations.md"), "utf8");

/** Each command of the document's shell blocks, and those that stand within a sentence. */
const all = [
  ...[...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n")),
  ...[...text.matchAll(/`((?:npm run|pulumi|gh|aws|git) [^`]+)`/g)].map(([, command = ""]) => command),
].map((line) => line.trim());
const commands = [...new Set(all)];

/** The words of a command as a shell would hand them over; no command here has a quote within a word. */
const words = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|(<[^>]*>)|(\S+)/g)].map(([, a, b, c, d]) => a ?? b ?? c ?? d ?? "");

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** What reads the command line of a command that is not run here, for it needs an account or git's history. */
const parsers: Record<string, (args: readonly string[]) => unknown> = {
  bootstrap: parseBootstrap,
  doctor: parseDoctor,
  plan: parsePlan,
  recover: parseRecover,
  sandbox: parseSandbox,
  // Each takes a stack alone.
  rollout: (args) => assert.match(args.join(" "), /^(dev|stg|prod)$/),
  site: (args) => assert.match(args.join(" "), /^back (dev|stg|prod) [0-9a-f]{40}$/),
};

function needsNoAccount(script: string, args: readonly string[]): boolean {
  if (script === "plan") return !args.includes("--against");
  if (script === "doctor") return args.join(" ").endsWith("--only placeholders");
  return ["init", "image-line"].includes(script);
}

describe("docs/operations.md", function () {
  this.timeout(600_000);
  const calls = commands
    .filter((command) => command.startsWith("npm run "))
    .map((command) => {
      const [, , script = "", dashes, ...args] = words(command);
      return { command, script, dashes, args };
    });

  it("has a section for each thing that happens to a team", () => {
    assert.deepEqual(
      [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title),
      [
        ...["First deployment", "Every day", "Adding a service", "Rollback", "Rotating secrets"],
        ...["Restoring the database", "An update was interrupted", "Leaving Kiban"],
      ],
    );
  });

  it("calls scripts that there are, with flags that they know", () => {
    assert.ok(calls.length > 15, String(calls.length));
    for (const { command, script, dashes, args } of calls) {
      assert.ok(script in scripts, command);
      // npm keeps flags for itself without the two dashes.
      if (args.length > 0 || dashes !== undefined) assert.equal(dashes, "--", command);
      if (args.length > 0 && !needsNoAccount(script, args)) {
        assert.ok(parsers[script], `${command}: say how its command line is read, or run it`);
        assert.notEqual(parsers[script](args), "help", command);
      }
    }
    assert.match(planHelp, /--against/);
  });

  it("calls commands that run where they need no account", () => {
    const project = makeProject();
    const ran: string[] = [];
    try {
      for (const { command, script, args } of calls.filter(({ script, args }) => needsNoAccount(script, args))) {
        const [program = "", file = ""] = (scripts[script] ?? "").split(" ");
        const runner = program === "node" ? [] : [join(root, "node_modules", ".bin", "ts-node")];
        const { status, stdout, stderr } = spawnSync("node", [...runner, join(root, file), ...args], {
          cwd: project,
          encoding: "utf8",
        });
        // The repository's own example values are what the doctor is to find; nothing else may fail.
        const expected = script === "doctor" && stdout.includes("is nobody's") ? 1 : 0;
        assert.equal(status, expected, `${command}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
        ran.push(script);
      }
    } finally {
      rmSync(project, { recursive: true });
    }
    assert.deepEqual([...new Set(ran)].sort(), ["doctor", "image-line", "init", "plan"]);
  });

  it("starts workflows that there are, with the inputs that they take", () => {
    const folder = join(root, ".github", "workflows");
    const starts = commands.filter((command) => command.startsWith("gh workflow run "));
    assert.ok(starts.length >= 5);
    for (const command of starts) {
      const [, , , file = "", ...rest] = words(command);
      assert.ok(readdirSync(folder).includes(file), command);
      const { on } = parseYaml(readFileSync(join(folder, file), "utf8")) as {
        on: { workflow_dispatch: { inputs: Record<string, { options?: string[]; required?: boolean }> } };
      };
      const { inputs } = on.workflow_dispatch;
      const given = rest.filter((word) => word !== "--field").map((word) => word.split("=") as [string, string]);
      for (const [name, value] of given) {
        assert.ok(name in inputs, command);
        const { options } = inputs[name] ?? {};
        assert.ok(options === undefined || options.includes(value), command);
      }
      const missing = Object.entries(inputs).filter(
        ([name, { required }]) => required && !given.some(([n]) => n === name),
      );
      assert.deepEqual(missing, [], command);
    }
  });

  it("gives Pulumi flags that it knows", function () {
    const engine = findEngine();
    if (engine === undefined) {
      console.log("      skipped: no Pulumi CLI on PATH");
      return this.skip();
    }
    for (const command of commands.filter((each) => each.startsWith("pulumi "))) {
      const [, ...rest] = words(command);
      const verbs = rest
        .slice(0, rest[0] === "stack" || rest[0] === "config" ? 2 : 1)
        .filter((w) => !w.startsWith("-"));
      const { stdout } = spawnSync(engine, [...verbs, "--help"], { encoding: "utf8" });
      for (const flag of rest.filter((word) => /^--?[a-zA-Z]/.test(word))) {
        assert.match(stdout, new RegExp(`(^|\\s)${flag}[\\s,=]`), `${command}: ${flag}`);
      }
    }
  });

  it("points at files that there are", () => {
    for (const [, target = ""] of text.matchAll(/\]\((\.\.\/[^)#]+)/g)) {
      assert.ok(existsSync(join(root, "docs", target)), target);
    }
  });
});
