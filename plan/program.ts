import { runtime } from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";

import { type Values } from "../sandbox/values";
import { Monitor, type MonitorOptions, type Registration } from "./monitor";

export interface ProgramOptions extends MonitorOptions {
  readonly secretKeys?: readonly string[];
  readonly organization?: string;
  /** Directory of the project, for programs that ask for it. */
  readonly root?: string;
}

/** What running a program came to. */
export interface Outcome {
  /** In order of registration, default providers and the stack included. */
  readonly registrations: readonly Registration[];
  readonly outputs: Values;
  /** What the program threw or the engine refused; `registrations` are those made before. */
  readonly error?: Error;
}

/** The SDK's state of a run; its declarations leave these out as internal. */
const { withLocalStorage, getStore } = state as unknown as {
  withLocalStorage: <T>(run: () => Promise<T>) => Promise<T>;
  getStore: () => { settings: { options: { rootDirectory?: string } } };
};

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * Takes over the process's unhandled rejections while a program runs: an error inside an `.apply` reaches nobody else.
 */
function watchRejections(): { first: Promise<never>; release: () => void } {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  let fail: (error: Error) => void = () => undefined;
  const first = new Promise<never>((_, reject) => (fail = reject));
  first.catch(() => undefined);
  const listener = (reason: unknown): void => fail(asError(reason));
  process.on("unhandledRejection", listener);
  return {
    first,
    release: () => {
      process.off("unhandledRejection", listener);
      for (const other of others) process.on("unhandledRejection", other);
    },
  };
}

/** One turn of the event loop, in which Node reports rejections that nobody handled. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Runs a Pulumi program on the SDK's hook for a monitor of one's own; nothing leaves the process. One process may run
 * several programs, one after the other.
 */
export async function runProgram(program: () => unknown, options: ProgramOptions): Promise<Outcome> {
  const monitor = new Monitor(options);
  const rejections = watchRejections();
  let error: Error | undefined;
  try {
    await withLocalStorage(async () => {
      runtime.setMockOptions(
        monitor,
        options.project,
        options.stack,
        options.preview,
        options.organization ?? "organization",
      );
      if (options.root !== undefined) getStore().settings.options.rootDirectory = options.root;
      runtime.setAllConfig({ ...options.config }, [...(options.secretKeys ?? [])]);
      const run = async (): Promise<void> => {
        await runtime.runInPulumiStack(() => Promise.resolve(program()));
        await runtime.disconnect();
        await turn();
      };
      await Promise.race([run(), monitor.stopped, rejections.first]);
    });
  } catch (thrown) {
    error = asError(thrown);
    await turn();
  } finally {
    rejections.release();
  }
  const { registrations, stackOutputs: outputs } = monitor;
  return error === undefined ? { registrations, outputs } : { registrations, outputs, error };
}
