import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Place } from "../../scripts/bootstrap/bootstrap";
import type { Result } from "../../sandbox/command/engine";

/** What an account has of a stack: nothing, a bucket without a state, or a bucket with one. */
export type AccountState = "nothing" | "bucket" | readonly string[];

/** A Pulumi CLI that keeps resources as names: it knows the commands of a bootstrap, and writes down what it was asked. */
export class FakePulumi {
  readonly asked: string[] = [];
  /** The backend of this machine has its states in files, as the real one. */
  account: AccountState = "nothing";
  /** What `up` makes, one after the other. */
  made: string[] = [];
  /** Resources after which `up` fails, once. */
  failAfter: number | undefined;
  /** Commands that fail, once, with this. */
  readonly failing = new Map<string, string>();
  /** Commands after which the process is killed, once. */
  readonly killedAfter = new Set<string>();

  constructor(private readonly program: readonly string[]) {}

  readonly run = (args: readonly string[], { env, cwd }: Place): Promise<Result> => {
    const where = env["PULUMI_BACKEND_URL"]?.startsWith("s3://") === true ? "account" : "local";
    const words = args.filter((word, i) => !/^--(stack|non-interactive)$/.test(word) && args[i - 1] !== "--stack");
    const command = `${where}: ${words.map((word) => (word.startsWith("/") ? "FILE" : word)).join(" ")}`;
    this.asked.push(command);
    const fault = this.failing.get(command);
    if (fault !== undefined) {
      this.failing.delete(command);
      return Promise.resolve({ code: 255, stdout: "", stderr: fault });
    }
    const file = join((env["PULUMI_BACKEND_URL"] ?? "").replace(/^file:\/\/|\?.*$/g, ""), "stack.json");
    const state = where === "account" ? this.account : existsSync(file) ? this.read(file) : "bucket";
    const write = (resources: readonly string[]): void => {
      if (where === "account") this.account = resources;
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(resources));
      }
    };
    const result = this.answer(words, state, write, cwd);
    if (this.killedAfter.delete(command)) return Promise.reject(new Error("killed"));
    return Promise.resolve({ stdout: "", stderr: "", code: 0, ...result });
  };

  private read(file: string): readonly string[] {
    return JSON.parse(readFileSync(file, "utf8")) as string[];
  }

  private answer(
    words: readonly string[],
    state: AccountState,
    write: (resources: readonly string[]) => void,
    cwd: string,
  ): Partial<Result> {
    if (state === "nothing") return failed("error: bucket kiban-state is not accessible");
    const [first, second] = words;
    const at = words.indexOf("--file");
    const file = words[at + 1] ?? "";
    if (first === "stack" && second === "init") {
      if (typeof state !== "string") return failed("error: stack 'dev' already exists");
      write([]);
      return {};
    }
    if (state === "bucket") return failed("error: no stack named 'dev' found");
    if (first === "stack" && second === "export") {
      const exported = JSON.stringify({
        deployment: {
          resources: state.map((urn) => ({ urn })),
          secrets_providers: { state: { encryptedkey: "AQIDBA==" } },
        },
      });
      if (at < 0) return { stdout: exported };
      writeFileSync(file, exported);
      return {};
    }
    if (first === "stack" && second === "import") {
      const { deployment } = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: { urn: string }[] } };
      write(deployment.resources.map(({ urn }) => urn));
      return {};
    }
    if (first === "preview") return {};
    if (first !== "up") throw new Error(`the fake knows no pulumi ${words.join(" ")} (in ${cwd})`);
    return this.up(state, write);
  }

  private up(state: readonly string[], write: (resources: readonly string[]) => void): Partial<Result> {
    const resources = [...state];
    for (const name of this.program.filter((one) => !state.includes(one))) {
      if (this.failAfter === resources.length) {
        this.failAfter = undefined;
        return failed("error: update failed");
      }
      resources.push(name);
      this.made.push(name);
      if (name === "bucket" && this.account === "nothing") this.account = "bucket";
      write(resources);
    }
    return {};
  }
}

function failed(stderr: string): Partial<Result> {
  return { code: 255, stderr };
}
