import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { SecretReference } from "../shared/access";
import { override } from "../shared/override";
import { placeOf } from "./iam";
import type { SettledTask } from "./settle";
import type { TaskNodes } from "./types";

/** Where the containers' output goes. */
export function createLogGroup(parent: pulumi.Resource, s: SettledTask): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${s.name}-logs`,
    override(
      {
        kmsKeyId: s.args.keyArn,
        retentionInDays: s.args.logRetentionDays,
        deletionProtectionEnabled: s.keep,
      },
      s.args.transform?.logGroup,
    ),
    { parent, protect: s.keep },
  );
}

/** One revision; the old one stays registered, so that a rollback finds it. */
export function createTaskDefinition(
  parent: pulumi.Resource,
  s: SettledTask,
  image: pulumi.Output<string>,
  made: Pick<TaskNodes, "logGroup" | "executionRole" | "taskRole">,
): aws.ecs.TaskDefinition {
  const { name } = s;
  const disks = diskPaths(s);
  return new aws.ecs.TaskDefinition(
    `${name}-task`,
    override(
      {
        // The provider does not name families by itself; revisions of two stacks must not share one.
        family: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(s.args.cpu),
        memory: String(s.args.memory),
        runtimePlatform: {
          operatingSystemFamily: "LINUX",
          cpuArchitecture: s.architecture === "arm64" ? "ARM64" : "X86_64",
        },
        executionRoleArn: made.executionRole.arn,
        taskRoleArn: made.taskRole.arn,
        ...(disks.length > 0 && { volumes: disks.map((_, i) => ({ name: `disk-${i}` })) }),
        containerDefinitions: pulumi.jsonStringify([container(s, image, made.logGroup)]),
        skipDestroy: true,
      },
      s.args.transform?.taskDefinition,
    ),
    { parent },
  );
}

function container(
  s: SettledTask,
  image: pulumi.Output<string>,
  logGroup: aws.cloudwatch.LogGroup,
): Record<string, unknown> {
  const { healthCheck, command, writablePaths = [] } = s.args;
  return {
    name: s.name,
    image,
    essential: true,
    user: s.user,
    readonlyRootFilesystem: true,
    ...(command !== undefined && { command }),
    ...(s.port !== undefined && { portMappings: [{ containerPort: s.port, protocol: "tcp" }] }),
    environment: sorted(s.access.environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(s.access.secrets).map(([name, secret]) => ({ name, valueFrom: valueFrom(secret) })),
    linuxParameters: {
      // Reaps orphaned processes and passes on SIGTERM, which a shell as process 1 would swallow.
      initProcessEnabled: true,
      tmpfs: [
        tmpfs("/tmp", s.tmpMiB),
        ...writablePaths.flatMap(({ path, memoryMiB }) => (memoryMiB === undefined ? [] : [tmpfs(path, memoryMiB)])),
      ],
    },
    mountPoints: diskPaths(s).map((path, i) => ({
      sourceVolume: `disk-${i}`,
      containerPath: path,
      readOnly: false,
    })),
    stopTimeout: s.stopTimeoutSeconds,
    ...(healthCheck !== undefined && {
      healthCheck: {
        command: healthCheck.command,
        interval: healthCheck.intervalSeconds ?? 30,
        timeout: healthCheck.timeoutSeconds ?? 5,
        retries: healthCheck.retries ?? 3,
        startPeriod: healthCheck.startPeriodSeconds ?? 0,
      },
    }),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup.name,
        "awslogs-region": placeOf(s.args.cluster.arn).region,
        "awslogs-stream-prefix": s.name,
        // A program that logs must not stand still when CloudWatch cannot be reached; past 25 MB lines are lost.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

/**
 * A memory file system, on Fargate since January 2026. Mode 1777 lets the non-root user write; a directory on the task's
 * disk would belong to root.
 */
function tmpfs(containerPath: string, size: number): Record<string, unknown> {
  return { containerPath, size, mountOptions: ["rw", "noexec", "nosuid", "nodev", "mode=1777"] };
}

/** Directories on the task's own disk. The agent of ECS Exec runs as root and writes to two of them. */
function diskPaths(s: SettledTask): string[] {
  const own = (s.args.writablePaths ?? []).flatMap(({ path, memoryMiB }) => (memoryMiB === undefined ? [path] : []));
  return s.exec ? [...own, "/var/lib/amazon", "/var/log/amazon"] : own;
}

/** `arn` or, for one key of a JSON secret, `arn:key::` (the two empty parts: newest version). */
function valueFrom({ arn, jsonKey }: SecretReference): pulumi.Input<string> {
  return jsonKey === undefined ? arn : pulumi.interpolate`${arn}:${jsonKey}::`;
}

/** By name: the order in which `uses` is written must not make a new revision. */
function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
