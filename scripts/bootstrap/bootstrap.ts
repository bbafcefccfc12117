import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";

import { type Result } from "../../sandbox/command/engine";

/** Where a command of Pulumi keeps the state: on this machine until there is a bucket, in the account's bucket after that. */
export type Backend = "local" | "account";

/** Folder of the bootstraps that have not ended, one for each stack. */
export const unfinishedFolder = ".bootstrap";

/** One bootstrap of an account stack. */
export interface Bootstrap {
  readonly stack: string;
  /** Shows what would be made, and makes nothing. */
  readonly dryRun: boolean;
  /** Folder of an unfinished bootstrap: its state, and the passphrase of it. Kept until the account has the state. */
  readonly folder: string;
  /** Address of the account's backend. */
  readonly backendUrl: string;
  /** Secrets provider of the account's stacks. */
  readonly secretsProvider: string;
  /** Makes the program ready to be run with the state in that place; answers the folder to run it in. */
  readonly prepare: (backend: Backend, encryptedKey?: string) => string;
  /** Runs the Pulumi CLI in a folder, with more variables of the environment. */
  readonly run: (args: readonly string[], place: Place) => Promise<Result>;
  readonly say: (line: string) => void;
}

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Shows the output as it comes. */
  readonly show?: boolean;
}

/** The account stack as it is once the bootstrap has ended. */
export interface Bootstrapped {
  /** Of the account's state; undefined after a dry run. */
  readonly encryptedKey: string | undefined;
}

/** The CLI failed: what it said has been shown. */
export class BootstrapError extends Error {
  override readonly name = "BootstrapError";
}

interface State {
  readonly deployment: {
    readonly resources?: readonly { readonly urn: string }[];
    readonly secrets_providers?: { readonly state?: { readonly encryptedkey?: string } };
  };
}

/** What a backend has of the stack. */
type Found = { readonly is: "no backend" | "no stack" } | { readonly is: "stack"; readonly state: State };

const urns = (state: State): string[] => (state.deployment.resources ?? []).map(({ urn }) => urn).sort();
const encryptedKeyOf = (state: State): string | undefined => state.deployment.secrets_providers?.state?.encryptedkey;

/**
 * Brings an account stack up whose state has nowhere to be yet: first with the state on this machine, then, the bucket and the
 * key being there, moves it into the account. Each step can be the last one of a run: the next run goes on from what it finds.
 */
export async function bootstrap(given: Bootstrap): Promise<Bootstrapped> {
  const steps = new Steps(given);
  const [there, here] = [await steps.look("account"), await steps.look("local")];
  if (there.is === "stack" && urns(there.state).length > 0) {
    if (here.is === "stack") steps.settle(here.state, there.state);
    given.say(`The account has its state (${given.backendUrl}).`);
    await steps.apply("account", encryptedKeyOf(there.state));
    return { encryptedKey: given.dryRun ? undefined : encryptedKeyOf(there.state) };
  }
  if (there.is !== "no backend" && here.is !== "stack") throw new BootstrapError(lostState(given));
  if (given.dryRun && here.is !== "stack") {
    given.say("The account has nothing yet.");
    await steps.previewFromNothing();
    return { encryptedKey: undefined };
  }
  given.say(here.is === "stack" ? "Goes on with what an earlier run has begun." : "The account has nothing yet.");
  await steps.begin(here);
  await steps.apply("local");
  if (given.dryRun) return { encryptedKey: undefined };
  const encryptedKey = await steps.move(there.is === "stack");
  return { encryptedKey };
}

function lostState({ backendUrl, folder }: Bootstrap): string {
  return (
    `${backendUrl} is there, but has no state of the account stack, and neither has ${folder}. If the bootstrap was begun on ` +
    "another machine, end it there, or bring that machine's folder here. If the bucket is not this project's, set another " +
    "statePrefix in account/names.ts."
  );
}

class Steps {
  private readonly folders = new Map<Backend, string>();

  constructor(private readonly given: Bootstrap) {}

  private get passphraseFile(): string {
    return join(this.given.folder, "passphrase");
  }

  private place(backend: Backend, encryptedKey?: string): Place {
    const { given, folders } = this;
    const cwd = folders.get(backend) ?? given.prepare(backend, encryptedKey);
    folders.set(backend, cwd);
    const local = {
      // Without `skip` each write is two files, the second not atomic: a killed engine leaves a state that cannot be read.
      PULUMI_BACKEND_URL: `file://${join(given.folder, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: existsSync(this.passphraseFile) ? readFileSync(this.passphraseFile, "utf8") : "",
    };
    return { cwd, env: backend === "local" ? local : { PULUMI_BACKEND_URL: given.backendUrl } };
  }

  private async must(args: readonly string[], place: Place): Promise<Result> {
    const result = await this.given.run([...args, "--stack", this.given.stack], place);
    if (result.code !== 0) throw new BootstrapError(failed(args, result));
    return result;
  }

  /** What the backend has of the stack, without changing anything. */
  async look(backend: Backend): Promise<Found> {
    const { folder, stack, backendUrl } = this.given;
    if (backend === "local" && !existsSync(join(folder, "state"))) return { is: "no backend" };
    const result = await this.given.run(["stack", "export", "--stack", stack], this.place(backend));
    if (result.code === 0) return { is: "stack", state: JSON.parse(result.stdout) as State };
    const said = result.stdout + result.stderr;
    if (/no stack named/i.test(said)) return { is: "no stack" };
    // As gocloud.dev, which Pulumi reads buckets with, says it of S3 and of a folder.
    if (/NoSuchBucket|is not accessible|no such file or directory/i.test(said)) return { is: "no backend" };
    throw new BootstrapError(`cannot look into ${backendUrl}; nothing was changed:\n${said.trim()}`);
  }

  /** Makes the stack with its state on this machine, unless an earlier run did. */
  async begin(here: Found): Promise<void> {
    if (here.is === "stack") return;
    const { folder, run, stack } = this.given;
    mkdirSync(join(folder, "state"), { recursive: true, mode: 0o700 });
    if (!existsSync(this.passphraseFile)) {
      writeFileSync(this.passphraseFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
    }
    const args = ["stack", "init", stack, "--secrets-provider", "passphrase"];
    const result = await run(args, this.place("local"));
    if (result.code !== 0) throw new BootstrapError(failed(args, result));
  }

  /** A preview needs a state too: one that is thrown away. */
  async previewFromNothing(): Promise<void> {
    try {
      await this.begin({ is: "no stack" });
      await this.apply("local");
    } finally {
      this.forget();
    }
  }

  /** Brings the stack up, or shows what that would do; the policies have their say. */
  async apply(backend: Backend, encryptedKey?: string): Promise<void> {
    const { dryRun, say } = this.given;
    const verb = dryRun ? ["preview"] : ["up", "--yes"];
    if (encryptedKey !== undefined) this.folders.delete(backend);
    const args = [...verb, "--non-interactive", "--policy-pack", join("..", "policy")];
    const place = { ...this.place(backend, encryptedKey), show: true };
    const result = await this.given.run([...args, "--stack", this.given.stack], place);
    if (result.code === 0) return;
    say(dryRun ? "Nothing was changed." : "What was made is kept in mind: run it again to go on.");
    throw new BootstrapError(failed(args, result));
  }

  /** Moves the state into the account's bucket, its secrets to the account's key; answers the key of the state. */
  async move(stackIsThere: boolean): Promise<string | undefined> {
    const { folder, stack, secretsProvider, backendUrl, say, run } = this.given;
    const file = join(folder, "state.json");
    const local = this.place("local");
    try {
      // In the clear, as the other backend cannot decrypt it; the folder is the user's alone, the file goes at once.
      writeFileSync(file, "", { mode: 0o600 });
      await this.must(["stack", "export", "--show-secrets", "--file", file], local);
      const account = this.place("account");
      if (!stackIsThere) {
        const args = ["stack", "init", stack, "--secrets-provider", secretsProvider];
        const result = await run(args, account);
        if (result.code !== 0) throw new BootstrapError(failed(args, result));
      }
      await this.must(["stack", "import", "--file", file], account);
    } finally {
      rmSync(file, { force: true });
    }
    const [before, after] = [await this.look("local"), await this.look("account")];
    const moved = before.is === "stack" && after.is === "stack" && same(urns(before.state), urns(after.state));
    if (!moved) throw new BootstrapError(`the state in ${backendUrl} is not the one in ${folder}: run it again`);
    this.forget();
    say(`The state has moved to ${backendUrl}.`);
    return encryptedKeyOf(after.state);
  }

  /** Both places have a state: the one here goes if it is the one that was moved, or empty. */
  settle(here: State, there: State): void {
    if (urns(here).length > 0 && !same(urns(here), urns(there))) {
      const { folder, backendUrl } = this.given;
      throw new BootstrapError(
        `${folder} and ${backendUrl} have different states of the account stack: two bootstraps were begun. Nothing was ` +
          "changed: see what each has made, delete in AWS what only the folder's knows, then the folder.",
      );
    }
    if (!this.given.dryRun) this.forget();
  }

  /** The account has the state: nothing is left here. */
  forget(): void {
    const { folder } = this.given;
    rmSync(folder, { recursive: true, force: true });
    const all = dirname(folder);
    if (basename(all) === unfinishedFolder && existsSync(all) && readdirSync(all).length === 0) rmdirSync(all);
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean => one.join("\n") === other.join("\n");

function failed(args: readonly string[], { stdout, stderr }: Result): string {
  return `pulumi ${args.join(" ")} failed\n${stdout}${stderr}`.trim();
}
