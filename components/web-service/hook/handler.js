"use strict";

const { createHash } = require("node:crypto");

/**
 * The hook that ECS calls before it starts a deployment's tasks: runs the migration once and says how it went. ECS calls
 * again, every 30 seconds, as long as the answer is IN_PROGRESS, with the `hookDetails` of that answer added to those of
 * the service. AWS: ECS Developer Guide, "Lambda hooks for Amazon ECS service deployments".
 */
exports.createHandler =
  ({ ecs, now, log }) =>
  async (event) => {
    const details = event.hookDetails;
    const state = { since: Number(details.since ?? now()), taskArn: details.taskArn };
    const age = now() - state.since;
    const late = age >= Number(details.timeoutMinutes) * 60_000;
    const answer = (hookStatus, reason) => {
      log[hookStatus === "FAILED" ? "error" : "info"]({ hookStatus, reason, taskArn: state.taskArn });
      return hookStatus === "IN_PROGRESS" ? { hookStatus, hookDetails: known(state) } : { hookStatus };
    };
    try {
      if (state.taskArn === undefined) {
        const { taskArn, failure } = await start(ecs, event);
        if (taskArn === undefined) return answer("FAILED", `the task was not started: ${failure}`);
        state.taskArn = taskArn;
      }
      const { tasks = [] } = await ecs("DescribeTasks", { cluster: details.cluster, tasks: [state.taskArn] });
      // A task may not be found in the first moments after its start.
      const task = tasks[0];
      if (task?.lastStatus === "STOPPED") {
        const failure = failureOf(task, details.container);
        return failure === undefined ? answer("SUCCEEDED", "the migration is done") : answer("FAILED", failure);
      }
      if (late) {
        const reason = `the migration took more than ${details.timeoutMinutes} minutes`;
        await ecs("StopTask", { cluster: details.cluster, task: state.taskArn, reason });
        return answer("FAILED", `${reason} and was stopped`);
      }
      return answer("IN_PROGRESS", `the task is ${task?.lastStatus ?? "not known yet"}`);
    } catch (error) {
      // An error of AWS's own must not end the deployment while the migration runs: the next call asks again.
      if (!passes(error, age)) throw error;
      return late
        ? answer("FAILED", `the time is over, and the task may still run: ${error.message}`)
        : answer("IN_PROGRESS", `${error.name}: ${error.message}`);
    }
  };

/**
 * Starts the task, or finds the one that an earlier call of the same deployment started: ECS answers a client token that
 * it knows with the task that the token stands for. It forgets one an hour after its task has stopped, and after a day.
 */
async function start(ecs, { resourceArn, executionDetails: { targetServiceRevisionArn }, hookDetails }) {
  const request = {
    cluster: hookDetails.cluster,
    taskDefinition: hookDetails.taskDefinition,
    count: 1,
    // Never Spot: half a migration is worse than none.
    capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: hookDetails.subnets.split(","),
        securityGroups: [hookDetails.securityGroup],
        assignPublicIp: "DISABLED",
      },
    },
    propagateTags: "TASK_DEFINITION",
    enableECSManagedTags: true,
    // The right to stop tasks is for those with this tag alone.
    tags: [{ key: "Migration", value: hookDetails.container }],
    startedBy: `migration/${targetServiceRevisionArn.split("/").at(-1)}`,
    clientToken: createHash("sha256").update(`${resourceArn} ${targetServiceRevisionArn}`).digest("hex"),
  };
  try {
    const { tasks = [], failures = [] } = await ecs("RunTask", request);
    return { taskArn: tasks[0]?.taskArn, failure: failures.map(({ reason }) => reason).join(", ") };
  } catch (error) {
    // The token stands for a task that was asked for in other words.
    if (error.name !== "ConflictException" || !error.resourceIds?.[0]) throw error;
    return { taskArn: error.resourceIds[0] };
  }
}

/** Why a stopped task is no success; undefined when it is one. */
function failureOf({ stopCode, stoppedReason, containers = [] }, name) {
  // By name: Runtime Monitoring adds a container of its own.
  const { exitCode, reason } = containers.find((container) => container.name === name) ?? {};
  // A program that was stopped from outside may well have ended with 0.
  if (stopCode === "EssentialContainerExited" && exitCode === 0) return undefined;
  const code = exitCode === undefined ? "it never ran" : `exit code ${exitCode}`;
  return ["the migration failed", code, stopCode, stoppedReason, reason].filter(Boolean).join(": ");
}

function passes({ $fault, name }, age) {
  // The rights were given moments ago when the service is new, and IAM takes its time to make them known.
  if (name === "AccessDeniedException") return age < 60_000;
  return $fault === "server" || ["ThrottlingException", "TimeoutError"].includes(name);
}

function known(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
