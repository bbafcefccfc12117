import type * as pulumi from "@pulumi/pulumi";

import { foldAccess } from "../shared/access";
import type { Faults } from "../shared/check";
import { createTaskNetwork } from "../task/network";
import { createTaskRoles } from "../task/roles";
import type { SettledTask } from "../task/settle";
import { createTaskDefinition } from "../task/task-definition";
import type { TaskArgs, TaskNodes, TaskTransform } from "../task/types";
import { createMigrationFunction } from "./migration-function";
import type { MigrationNodes, WebServiceTransform } from "./nodes";
import type { Settled } from "./settle";
import type { Migration } from "./types";
import type { WebServiceArgs } from "./web-service";

/** A migration with every default filled in. */
export interface SettledMigration {
  readonly timeoutMinutes: number;
  /** The service's container with another command, named after the migration. */
  readonly task: SettledTask;
  /** Whether it has a network and roles of its own. */
  readonly own: boolean;
}

/** Fills in the defaults from the service's own task; reports to `faults` what is wrong with `uses`. */
export function settleMigration(
  service: SettledTask,
  args: WebServiceArgs,
  migration: Migration,
  faults: Faults,
): SettledMigration {
  const name = `${service.name}-migration`;
  const { command, uses, cpu = args.cpu, memory = args.memory, timeoutMinutes = 15 } = migration;
  // It serves nothing, so no check of its health, and no shell.
  const { healthCheck: _check, exec: _exec, transform, ...rest }: TaskArgs = args;
  const access =
    uses === undefined ? service.access : foldAccess(name, uses, ownVariables(args), faults, "migration.uses");
  const taskArgs = { ...rest, command, cpu, memory, transform: taskTransform(transform ?? {}) };
  return {
    timeoutMinutes,
    task: { ...service, name, args: taskArgs, access, exec: false },
    own: uses !== undefined,
  };
}

function ownVariables({ environment, secrets }: WebServiceArgs): Parameters<typeof foldAccess>[2] {
  return { ...(environment !== undefined && { environment }), ...(secrets !== undefined && { secrets }) };
}

/** The overrides of the migration's task, by the names that a task's children have. */
function taskTransform(by: WebServiceTransform): TaskTransform {
  return {
    ...(by.migrationSecurityGroup !== undefined && { securityGroup: by.migrationSecurityGroup }),
    ...(by.migrationHttpsEgress !== undefined && { httpsEgress: by.migrationHttpsEgress }),
    ...(by.migrationAccessIngress !== undefined && { accessIngress: by.migrationAccessIngress }),
    ...(by.migrationAccessEgress !== undefined && { accessEgress: by.migrationAccessEgress }),
    ...(by.migrationExecutionRole !== undefined && { executionRole: by.migrationExecutionRole }),
    ...(by.migrationExecutionPolicy !== undefined && { executionPolicy: by.migrationExecutionPolicy }),
    ...(by.migrationTaskRole !== undefined && { taskRole: by.migrationTaskRole }),
    ...(by.migrationTaskPolicy !== undefined && { taskPolicy: by.migrationTaskPolicy }),
    ...(by.migrationTaskDefinition !== undefined && { taskDefinition: by.migrationTaskDefinition }),
  };
}

/** The migration's task and the hook that runs it. The log group, the network and the roles are those of the service. */
export function createMigration(
  parent: pulumi.Resource,
  s: Settled,
  image: pulumi.Output<string>,
  made: Pick<TaskNodes, "logGroup" | "securityGroup" | "executionRole" | "taskRole">,
): MigrationNodes {
  const { migration } = s;
  if (migration === undefined) return none;
  const { task, own } = migration;
  const network = own ? createTaskNetwork(parent, task) : undefined;
  const roles = own ? createTaskRoles(parent, task, made.logGroup) : undefined;
  const taskRoles = roles ?? made;
  const taskDefinition = createTaskDefinition(parent, task, image, { logGroup: made.logGroup, ...taskRoles });
  return {
    migrationSecurityGroup: network?.securityGroup,
    migrationHttpsEgress: network?.httpsEgress,
    migrationAccessIngress: network?.accessIngress ?? [],
    migrationAccessEgress: network?.accessEgress ?? [],
    migrationExecutionRole: roles?.executionRole,
    migrationExecutionPolicy: roles?.executionPolicy,
    migrationTaskRole: roles?.taskRole,
    migrationTaskPolicy: roles?.taskPolicy,
    migrationTaskDefinition: taskDefinition,
    ...createMigrationFunction(parent, s, { taskDefinition, ...taskRoles }),
  };
}

const none: MigrationNodes = {
  migrationSecurityGroup: undefined,
  migrationHttpsEgress: undefined,
  migrationAccessIngress: [],
  migrationAccessEgress: [],
  migrationExecutionRole: undefined,
  migrationExecutionPolicy: undefined,
  migrationTaskRole: undefined,
  migrationTaskPolicy: undefined,
  migrationTaskDefinition: undefined,
  migrationLogGroup: undefined,
  migrationFunctionRole: undefined,
  migrationFunctionPolicy: undefined,
  migrationFunction: undefined,
  migrationFailures: undefined,
  migrationAlarm: undefined,
};
