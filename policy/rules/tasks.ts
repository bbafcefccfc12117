import type * as aws from "@pulumi/aws";

import { on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

interface Container {
  readonly readonlyRootFilesystem?: boolean;
  readonly privileged?: boolean;
  readonly user?: string;
  readonly linuxParameters?: { readonly capabilities?: { readonly add?: string[] } };
}

/** The task's Linux containers: Windows knows neither read-only roots nor Linux users. */
function linuxContainers(props: Value<aws.ecs.TaskDefinitionArgs>): Value<Container>[] {
  if (/^WINDOWS/.test(props.at("runtimePlatform").at("operatingSystemFamily").text ?? "")) return [];
  return props.at("containerDefinitions").json<Container[]>().items();
}

export const ecsDistinctRoles = rule(
  {
    name: "ecs-distinct-roles",
    description: "The program has a role of its own, apart from the one that ECS starts it with",
    severity: "medium",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    remediationSteps: "Set taskRoleArn and executionRoleArn to two roles.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    const task = props.at("taskRoleArn");
    const execution = props.at("executionRoleArn");
    if (task.isEmpty()) report(task, "is not set", "set it to a role with what the program needs, or nothing");
    if (execution.isEmpty()) report(execution, "is not set", "set it to a role that pulls the image and writes logs");
    if (task.text !== undefined && task.text !== "" && execution.is(task.text)) {
      report(task, "is the execution role", "set it to a role of its own: the program could read what starts it");
    }
  }),
);

export const ecsReadonlyRoot = rule(
  {
    name: "ecs-readonly-root",
    description: "Containers cannot write to their image's file system",
    severity: "medium",
    levels: "A/A/M",
    fsbp: [
      "ECS.5",
      "ECS task definitions should configure containers to be limited to read-only access to root filesystems",
    ],
    remediationSteps: "Set readonlyRootFilesystem to true, with a volume or tmpfs for what must be written.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    for (const container of linuxContainers(props)) {
      const readonly = container.at("readonlyRootFilesystem");
      if (readonly.isNot(true)) report(readonly, "is not on", "set it to true");
    }
  }),
);

/** The one capability that Fargate lets a container add. It traces processes of the task alone. */
const tracing = "SYS_PTRACE";

export const ecsUnprivileged = rule(
  {
    name: "ecs-unprivileged",
    description: "Containers run as an ordinary user and keep to themselves",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["ECS.4", "ECS containers should run as non-privileged"],
    remediationSteps: "Set user to a user that is not root; remove privileged, added capabilities, and host modes.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    const pid = props.at("pidMode");
    if (pid.is("host")) report(pid, "shows the host's processes", "remove it, or set it to task");
    const network = props.at("networkMode");
    if (network.is("host")) report(network, "shares the host's network", "set it to awsvpc");
    for (const container of linuxContainers(props)) {
      const privileged = container.at("privileged");
      if (privileged.is(true)) report(privileged, "gives root on the host", "remove it");
      const user = container.at("user");
      // Without a user it is the image's, which is root unless its author thought of it.
      if (user.isEmpty() || /^(root|0+)(:|$)/.test(user.text ?? "")) {
        report(user, "is root, or left to the image", "set it to another user, such as 1000:1000");
      }
      for (const capability of container.at("linuxParameters").at("capabilities").at("add").items()) {
        if (capability.isNot(tracing)) report(capability, "is a right of root", "remove it");
      }
    }
  }),
);

export const ecsExecOff = rule(
  {
    name: "ecs-exec-off",
    description: "No shell can be opened in a running task",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    remediationSteps: "Remove enableExecuteCommand; look for what went wrong in logs and traces.",
  },
  on<aws.ecs.ServiceArgs>(types.service, ({ props, report }) => shell(props.at("enableExecuteCommand"), report)),
  on<aws.scheduler.ScheduleArgs>(types.schedule, ({ props, report }) => {
    shell(props.at("target").at("ecsParameters").at("enableExecuteCommand"), report);
  }),
  on<aws.cloudwatch.EventTargetArgs>(types.eventTarget, ({ props, report }) => {
    shell(props.at("ecsTarget").at("enableExecuteCommand"), report);
  }),
);

function shell(at: Value, report: (at: Value, wrong: string, set: string) => void): void {
  if (at.is(true)) report(at, "opens a way into the task", "remove it");
}
