import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What shall go wrong: the content of `faults.json` in the sandbox's folder, read when a provider starts. */
export interface Faults {
  /** The account that the credentials are for. @default the first of the provider's allowed accounts */
  readonly account?: string;
  /** As if there were no valid credentials. */
  readonly refuseCredentials?: boolean;
  /** The n-th create of an update fails, counted from 1. */
  readonly failCreate?: number;
  /** Every create of this type fails. */
  readonly failType?: string;
  /** Milliseconds that each create, update and delete takes. */
  readonly delayMs?: number;
  /** At the n-th create the provider dies, or the engine and the provider with it. */
  readonly crash?: { readonly create: number; readonly when: "before" | "after"; readonly who: "engine" | "provider" };
}

export const faultsFile = "faults.json";

export function readFaults(folder: string): Faults {
  const file = join(folder, faultsFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Faults) : {};
}

/** Applies the faults to the creates of one process, which is one update. */
export class FaultGate {
  private creates = 0;

  constructor(private readonly faults: Faults) {}

  /** Runs one create with what shall go wrong around it. */
  async create<T>(type: string, act: () => T): Promise<T> {
    const { failCreate, failType, crash } = this.faults;
    const count = ++this.creates;
    await this.delay();
    if (crash?.create === count && crash.when === "before") this.die(crash.who);
    if (failCreate === count || failType === type) {
      throw new Error(`creating ${type}: operation error: https response error StatusCode: 500, stand-in fault`);
    }
    const made = act();
    if (crash?.create === count) this.die(crash.who);
    return made;
  }

  async delay(): Promise<void> {
    const { delayMs } = this.faults;
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
  }

  /** `engine` is what a machine's end looks like: all that the engine started dies with it. */
  private die(who: "engine" | "provider"): never {
    if (who === "engine") {
      const all = [process.ppid, ...descendants(process.ppid)];
      for (const pid of all) if (pid !== process.pid) kill(pid);
    }
    process.kill(process.pid, "SIGKILL");
    throw new Error("unreachable: SIGKILL ends the process");
  }
}

/** All that a process started, and what that started. */
function descendants(pid: number): number[] {
  const { error, stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  if (error !== undefined) return [];
  const children = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
  return [...children, ...children.flatMap(descendants)];
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
