import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { capacityProviders } from "../task/capacity";
import { deploymentConfiguration, deploymentMinutes, shiftsTraffic } from "./deployment";
import { migrationHook } from "./migration-function";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

/** The ECS service, made when everything that its tasks need is there. */
export function createService(
  parent: pulumi.Resource,
  s: Settled,
  made: Omit<
    WebServiceNodes,
    | "service"
    | "scalingTarget"
    | "cpuPolicy"
    | "memoryPolicy"
    | "requestsPolicy"
    | "schedules"
    | "cpuAlarm"
    | "memoryAlarm"
  >,
): aws.ecs.Service {
  const { name, http, deployment } = s;
  const minutes = `${deploymentMinutes(deployment, s.migration?.timeoutMinutes ?? 0)}m`;
  const rollBackOn = [made.serverErrorsAlarm, made.latencyAlarm, made.unhealthyAlarm].flatMap((alarm) =>
    alarm === undefined ? [] : [alarm.name],
  );
  return new aws.ecs.Service(
    `${name}-service`,
    override(
      {
        cluster: s.args.cluster.arn,
        taskDefinition: made.taskDefinition.arn,
        desiredCount: s.desiredCount,
        capacityProviderStrategies: capacityProviders(s.capacity),
        networkConfiguration: {
          subnets: s.args.network.privateSubnetIds,
          securityGroups: [made.securityGroup.id],
          assignPublicIp: false,
        },
        availabilityZoneRebalancing: "ENABLED",
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentConfiguration: deploymentConfiguration(deployment, made.hookRole?.arn, migrationHook(s, made)),
        // ECS has the circuit breaker for rolling deployments alone; the others roll back on alarms and hooks.
        ...(!shiftsTraffic(deployment) && { deploymentCircuitBreaker: { enable: true, rollback: true } }),
        ...(rollBackOn.length > 0 && { alarms: { alarmNames: rollBackOn, enable: true, rollback: true } }),
        ...(http !== undefined && {
          healthCheckGracePeriodSeconds: http.healthCheckGracePeriodSeconds,
          loadBalancers: loadBalancers(s, http.port, made),
        }),
        enableExecuteCommand: s.exec,
        // Default tags stop at the service: its tasks get theirs from it.
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
      },
      s.args.transform?.service,
    ),
    {
      parent,
      customTimeouts: { create: minutes, update: minutes, delete: "20m" },
      ...(s.scaling !== undefined && { ignoreChanges: ["desiredCount"] }),
      // What the tasks and the deployment need but the arguments do not name.
      dependsOn: [
        made.httpsEgress,
        made.executionPolicy,
        made.taskPolicy,
        made.infrastructurePolicy,
        made.hookPolicy,
        made.loadBalancerIngress,
        made.loadBalancerEgress,
        made.productionRule,
        made.migrationHttpsEgress,
        made.migrationExecutionPolicy,
        made.migrationTaskPolicy,
        made.migrationFunctionPolicy,
        ...made.accessIngress,
        ...made.accessEgress,
        ...made.migrationAccessIngress,
        ...made.migrationAccessEgress,
      ].filter((child) => child !== undefined),
    },
  );
}

function loadBalancers(
  s: Settled,
  containerPort: number,
  made: Pick<
    WebServiceNodes,
    "blueTargetGroup" | "greenTargetGroup" | "productionRule" | "testRule" | "infrastructureRole"
  >,
): aws.types.input.ecs.ServiceLoadBalancer[] {
  const { blueTargetGroup, greenTargetGroup, productionRule, testRule, infrastructureRole } = made;
  if (blueTargetGroup === undefined) return [];
  const balancer = { containerName: s.name, containerPort, targetGroupArn: blueTargetGroup.arn };
  if (!greenTargetGroup || !productionRule || !testRule || !infrastructureRole) return [balancer];
  return [
    {
      ...balancer,
      advancedConfiguration: {
        alternateTargetGroupArn: greenTargetGroup.arn,
        productionListenerRule: productionRule.arn,
        testListenerRule: testRule.arn,
        roleArn: infrastructureRole.arn,
      },
    },
  ];
}
