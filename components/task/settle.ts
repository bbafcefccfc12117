import { foldAccess, type FoldedAccess } from "../shared/access";
import type { Faults } from "../shared/check";
import type { TaskArgs } from "./types";

/** The arguments of one task, with every plain default filled in; values as they were given. */
export interface SettledTask {
  readonly name: string;
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: TaskArgs;
  readonly architecture: "arm64" | "x86_64";
  /** TCP port that the container listens on, when it does. */
  readonly port: number | undefined;
  readonly access: FoldedAccess;
  readonly exec: boolean;
  readonly keep: boolean;
  readonly stopTimeoutSeconds: number;
  readonly tmpMiB: number;
  readonly user: string;
}

/** Fills in the defaults; reports to `faults` what is wrong with `uses`. */
export function settleTask(name: string, args: TaskArgs, faults: Faults): SettledTask {
  return {
    name,
    args,
    architecture: args.architecture ?? "arm64",
    port: undefined,
    access: foldAccess(name, args.uses ?? [], ownVariables(args), faults),
    exec: args.exec ?? false,
    keep: args.keep ?? false,
    stopTimeoutSeconds: args.stopTimeoutSeconds ?? 30,
    tmpMiB: args.tmpMiB ?? 64,
    user: args.user ?? "1000:1000",
  };
}

function ownVariables(args: TaskArgs): Parameters<typeof foldAccess>[2] {
  return {
    ...(args.environment !== undefined && { environment: args.environment }),
    ...(args.secrets !== undefined && { secrets: args.secrets }),
  };
}
