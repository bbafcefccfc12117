import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import type { AuroraClusterArgs } from "./aurora-cluster";
import { defaultConnections } from "./capacity";
import {
  checkAcu,
  checkAlarms,
  checkBackups,
  checkDatabase,
  checkLogs,
  checkName,
  checkPause,
  checkProxy,
  checkReaders,
  checkRestore,
  checkUsers,
} from "./check";
import { type EngineFacts, engines } from "./engine";
import type { AlarmThresholds, LogType, Proxy, Reader, ReaderScaling } from "./types";
import { type Users, user } from "./user";

/** The arguments of one cluster: checked, with every plain default filled in; values as they were given. */
export interface Settled extends Users {
  readonly name: string;
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: AuroraClusterArgs;
  readonly engine: EngineFacts;
  /** Identifier of the cluster without its random end. */
  readonly identifier: string;
  readonly databaseName: string;
  readonly readers: readonly Required<Reader>[];
  readonly readerScaling: ReaderScaling | undefined;
  /** Whether there is a reader at all, of ours or of the scaling's. */
  readonly hasReaders: boolean;
  readonly extensions: readonly string[];
  readonly proxy: Required<Proxy> | undefined;
  readonly logs: readonly LogType[];
  readonly insights: "standard" | "advanced";
  readonly backupRetentionDays: number;
  readonly finalSnapshot: boolean;
  readonly masterRotationDays: number;
  readonly passwordRotationDays: number;
  readonly applyImmediately: boolean;
  readonly allowMajorVersionUpgrade: boolean;
  readonly accessName: string;
  readonly connections: number;
  readonly alarms: Required<AlarmThresholds>;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: AuroraClusterArgs): Settled {
  const faults = new Faults("AuroraCluster", name);
  const engine = engines[args.engine] as EngineFacts | undefined;
  if (engine === undefined) {
    // What else is right or wrong depends on the engine.
    faults.add("engine", args.engine, Object.keys(engines).join(", "), "set one of them");
    faults.raise();
    throw new Error("unreachable");
  }
  const settled = fill(name, args, engine);
  checkName(settled, faults);
  checkDatabase(settled, faults);
  checkAcu(settled, faults);
  checkPause(settled, faults);
  checkReaders(settled, faults);
  checkUsers(settled, faults);
  checkProxy(settled, faults);
  checkLogs(settled, faults);
  checkBackups(settled, faults);
  checkRestore(settled, faults);
  checkAlarms(settled, faults);
  faults.raise();
  return settled;
}

function fill(name: string, args: AuroraClusterArgs, engine: EngineFacts): Settled {
  const { acu, proxy, readerScaling } = args;
  const readers = (args.readers ?? []).map(({ promotionTier }) => ({ promotionTier: promotionTier ?? 1 }));
  const dataApiUser = args.dataApi === true ? user("dataapi", "readWrite", "password", "-data") : undefined;
  const passwordUsers = (args.passwordUsers ?? []).map((each) => user(each, "read", "password"));
  const override = args.parameters?.["max_connections"];
  const connections = Number(typeof override === "object" ? override.value : override);
  return {
    name,
    args,
    engine,
    // RDS stores identifiers in lower case and takes letters, digits and single hyphens alone.
    identifier: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    databaseName: args.databaseName ?? "app",
    readers,
    readerScaling:
      readerScaling === undefined || readerScaling.connections !== undefined
        ? readerScaling
        : { ...readerScaling, cpuPercent: readerScaling.cpuPercent ?? 70 },
    hasReaders: readers.length > 0 || readerScaling !== undefined,
    own: {
      connect: user("app", "readWrite", "iam", ""),
      read: user("reader", "read", "iam", "-read"),
      migrate: user("migrator", "owner", "iam", "-migrate"),
    },
    more: Object.entries(args.users ?? {}).map(([each, level]) => user(each, level, "iam")),
    withPassword: [...passwordUsers, ...(dataApiUser === undefined ? [] : [dataApiUser])],
    dataApiUser,
    extensions: args.extensions ?? [],
    proxy:
      proxy === undefined
        ? undefined
        : {
            maxConnectionsPercent: proxy.maxConnectionsPercent ?? 90,
            idleClientTimeoutSeconds: proxy.idleClientTimeoutSeconds ?? 1800,
          },
    logs: args.logs ?? engine.defaultLogs,
    insights: args.insights ?? "standard",
    backupRetentionDays: args.backupRetentionDays ?? (args.keep ? 35 : 7),
    finalSnapshot: args.finalSnapshot ?? args.keep,
    masterRotationDays: args.masterRotationDays ?? 7,
    passwordRotationDays: args.passwordRotationDays ?? 30,
    applyImmediately: args.applyImmediately ?? true,
    allowMajorVersionUpgrade: args.allowMajorVersionUpgrade ?? false,
    accessName: args.accessName ?? name,
    connections: Number.isInteger(connections) && connections > 0 ? connections : defaultConnections(args.engine, acu),
    alarms: {
      capacityPercent: args.alarms?.capacityPercent ?? 90,
      cpuPercent: args.alarms?.cpuPercent ?? 90,
      connectionsPercent: args.alarms?.connectionsPercent ?? 80,
      replicaLagMilliseconds: args.alarms?.replicaLagMilliseconds ?? 1000,
      storageGiB: args.alarms?.storageGiB ?? 100,
    },
  };
}
