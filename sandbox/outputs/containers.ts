import { type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "Amazon Elastic Container Service", "Amazon Elastic Container
// Registry", "Application Auto Scaling", "Amazon EventBridge Scheduler".

function cluster(c: Context): Made {
  const arn = c.arn("ecs", `cluster/${c.name()}`);
  return { id: arn, outputs: { arn } };
}

function clusterName(c: Context): string {
  const given = c.text("cluster") ?? "default";
  return given.slice(given.lastIndexOf("/") + 1);
}

function service(c: Context): Made {
  const arn = c.arn("ecs", `service/${clusterName(c)}/${c.name()}`);
  return { id: arn, outputs: { arn, cluster: c.given("cluster", "default") } };
}

/** The id of a task definition is its family; the ARN carries the revision. */
function taskDefinition(c: Context): Made {
  const family = c.name("family");
  const arnWithoutRevision = c.arn("ecs", `task-definition/${family}`);
  return { id: family, outputs: { arn: `${arnWithoutRevision}:1`, arnWithoutRevision, revision: 1 } };
}

function repository(c: Context): Made {
  const name = c.name();
  return {
    id: name,
    outputs: {
      arn: c.arn("ecr", `repository/${name}`),
      registryId: c.account,
      repositoryUrl: `${c.account}.dkr.ecr.${c.region}.${c.dnsSuffix}/${name}`,
    },
  };
}

function ofRepository(c: Context): Made {
  return { id: c.name("repository"), outputs: { registryId: c.account } };
}

function scalableTarget(c: Context): Made {
  const arn = c.arn("application-autoscaling", `scalable-target/${c.hex(4)}${c.hex(32, "target")}`);
  const role = c.arn(
    "iam",
    "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
    { region: "" },
  );
  return { id: c.name("resourceId"), outputs: { arn, roleArn: c.given("roleArn", role) } };
}

function scalingPolicy(c: Context): Made {
  const target = `resource/${c.text("serviceNamespace") ?? "ecs"}/${c.name("resourceId")}`;
  const arn = c.arn("autoscaling", `scalingPolicy:${c.uuid()}:${target}:policyName/${c.name()}`);
  return { id: c.name(), outputs: { arn, alarmArns: [] } };
}

function scheduledAction(c: Context): Made {
  const target = `resource/${c.text("serviceNamespace") ?? "ecs"}/${c.name("resourceId")}`;
  const arn = c.arn("autoscaling", `scheduledAction:${c.uuid()}:${target}:scheduledActionName/${c.name()}`);
  return { id: `${c.name()}-${c.text("serviceNamespace") ?? "ecs"}-${c.name("resourceId")}`, outputs: { arn } };
}

export const containers: Makers = {
  "ecs/cluster": cluster,
  "ecs/clusterCapacityProviders": (c) => ({ id: c.name("clusterName"), outputs: {} }),
  "ecs/service": service,
  "ecs/taskDefinition": taskDefinition,
  "ecr/repository": repository,
  "ecr/lifecyclePolicy": ofRepository,
  "ecr/repositoryPolicy": ofRepository,
  "appautoscaling/target": scalableTarget,
  "appautoscaling/policy": scalingPolicy,
  "appautoscaling/scheduledAction": scheduledAction,
  "scheduler/schedule": (c) => ({
    id: `${c.text("groupName") ?? "default"}/${c.name()}`,
    outputs: {
      arn: c.arn("scheduler", `schedule/${c.text("groupName") ?? "default"}/${c.name()}`),
      groupName: c.given("groupName", "default"),
    },
  }),
  "scheduler/scheduleGroup": (c) => ({
    id: c.name(),
    outputs: { arn: c.arn("scheduler", `schedule-group/${c.name()}`), state: "ACTIVE" },
  }),
};
