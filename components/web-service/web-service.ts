import * as pulumi from "@pulumi/pulumi";

import { createTaskRoles } from "../task/roles";
import { createLogGroup, createTaskDefinition } from "../task/task-definition";
import type { ContainerArgs } from "../task/types";
import { createLoadAlarms, createRequestAlarms } from "./alarms";
import { createMigration } from "./migration";
import { createNetwork } from "./network";
import type { WebServiceNodes, WebServiceTransform } from "./nodes";
import { createDeploymentRoles } from "./roles";
import { createRollout } from "./rollout";
import { createScaling } from "./scaling";
import { createService } from "./service";
import { settle } from "./settle";
import type {
  AlarmThresholds,
  Capacity,
  ContainerHealthCheck,
  Deployment,
  HttpArgs,
  Migration,
  Scaling,
} from "./types";

export type * from "./nodes";
export type * from "./types";

/** What a WebService is made from. */
export interface WebServiceArgs extends ContainerArgs {
  /** How requests reach the service. @default none: a worker */
  http?: HttpArgs;
  /** How a new revision takes over. @default blueGreen with http, rolling without */
  deployment?: Deployment;
  /** Runs once, from the new image, before a deployment starts its tasks; when it fails, the deployment stops. @default none */
  migration?: Migration;
  /** Scales the service. @default none: desiredCount tasks */
  scaling?: Scaling;
  /** Tasks to run; not with `scaling`. @default 1 */
  desiredCount?: number;
  /** On-demand or Spot capacity, or a mix. @default "onDemand" */
  capacity?: Capacity;
  /** Check inside the container. @default none: the load balancer's check, and whether the process runs */
  healthCheck?: ContainerHealthCheck;
  /** When the alarms go off. @default see AlarmThresholds */
  alarms?: AlarmThresholds;
  /** Last word on the arguments of each child. @default none */
  transform?: WebServiceTransform;
}

/**
 * A container on ECS Fargate: a web service behind a load balancer, deployed blue/green, or a worker without one.
 * The image is pinned by commit, the file system read-only, the user not root, the tasks private.
 */
export class WebService extends pulumi.ComponentResource {
  /** Name of the ECS service. */
  public readonly serviceName: pulumi.Output<string>;
  /** ARN of the ECS service. */
  public readonly serviceArn: pulumi.Output<string>;
  /** ARN of the task definition's newest revision. */
  public readonly taskDefinitionArn: pulumi.Output<string>;
  /** The tasks' security group: owners of data admit it. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Log group of the containers. */
  public readonly logGroupName: pulumi.Output<string>;
  /** ARN of the role that the program runs with. */
  public readonly taskRoleArn: pulumi.Output<string>;
  /** Name of the role that the program runs with. */
  public readonly taskRoleName: pulumi.Output<string>;
  /** The image that runs, repository and tag. */
  public readonly image: pulumi.Output<string>;
  /** The raw children. */
  public readonly nodes: WebServiceNodes;

  constructor(name: string, args: WebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:WebService", name, {}, opts);

    this.image = pulumi.interpolate`${args.image.repository.url}:${args.image.tag}`;
    const logGroup = createLogGroup(this, settled);
    const network = createNetwork(this, settled);
    const taskRoles = createTaskRoles(this, settled, logGroup);
    const migration = createMigration(this, settled, this.image, { logGroup, ...network, ...taskRoles });
    const roles = { ...taskRoles, ...createDeploymentRoles(this, settled, migration) };
    const rollout = createRollout(this, settled);
    const taskDefinition = createTaskDefinition(this, settled, this.image, { logGroup, ...roles });
    const requestAlarms = createRequestAlarms(this, settled, rollout);
    const made = { logGroup, ...network, ...migration, ...roles, ...rollout, taskDefinition, ...requestAlarms };
    const service = createService(this, settled, made);
    const scaling = createScaling(this, settled, { service, ...rollout });
    const loadAlarms = createLoadAlarms(this, settled, { service });

    this.nodes = { ...made, service, ...scaling, ...loadAlarms };
    this.serviceName = service.name;
    this.serviceArn = service.arn;
    this.taskDefinitionArn = taskDefinition.arn;
    this.securityGroupId = network.securityGroup.id;
    this.logGroupName = logGroup.name;
    this.taskRoleArn = roles.taskRole.arn;
    this.taskRoleName = roles.taskRole.name;
    this.registerOutputs({
      serviceName: this.serviceName,
      serviceArn: this.serviceArn,
      taskDefinitionArn: this.taskDefinitionArn,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      taskRoleArn: this.taskRoleArn,
      taskRoleName: this.taskRoleName,
      image: this.image,
    });
  }
}
