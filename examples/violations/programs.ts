import * as aws from "@pulumi/aws";

import { assumedBy, key, opts, tags } from "./base";
import { inner, webGroup } from "./network";

// ecs-logs-insights, ecs-storage-kms
const cluster = new aws.ecs.Cluster(
  "cluster",
  { configuration: { managedStorageConfiguration: { kmsKeyId: key.arn } } },
  opts,
);

// ecs-distinct-roles, ecs-efs-tls, image-pinned, ecs-unprivileged, ecs-readonly-root, env-plaintext-secret
const role = "arn:aws:iam::333333333333:role/task";
const task = new aws.ecs.TaskDefinition(
  "task",
  {
    family: "task",
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    taskRoleArn: role,
    executionRoleArn: role,
    volumes: [{ name: "shared", efsVolumeConfiguration: { fileSystemId: "fs-12345678" } }],
    containerDefinitions: JSON.stringify([
      {
        name: "app",
        image: "333333333333.dkr.ecr.ap-northeast-1.amazonaws.com/app:latest",
        environment: [{ name: "DB_PASSWORD", value: "not-a-real-password" }],
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "app" } },
      },
    ]),
  },
  opts,
);

// ecs-exec-off, ecs-no-public-ip, ecs-platform, ecs-rollout, tag-ecs-propagate, tag-ecs-ebs, ebs-encrypted
new aws.ecs.Service(
  "service",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 2,
    platformVersion: "1.3.0",
    enableExecuteCommand: true,
    deploymentCircuitBreaker: { enable: true, rollback: false },
    propagateTags: "NONE",
    enableEcsManagedTags: true,
    networkConfiguration: { subnets: [inner.id], securityGroups: [webGroup.id], assignPublicIp: true },
    volumeConfiguration: {
      name: "scratch",
      managedEbsVolume: { roleArn: "arn:aws:iam::333333333333:role/volumes", sizeInGb: 20 },
    },
  },
  opts,
);

// lambda-runtime, lambda-env-kms, lambda-limits, lambda-tracing-logs
const executor = new aws.iam.Role("fn", { assumeRolePolicy: assumedBy({ Service: "lambda.amazonaws.com" }) }, opts);
const fn = new aws.lambda.Function(
  "fn",
  {
    role: executor.arn,
    runtime: "nodejs18.x",
    handler: "index.handler",
    s3Bucket: "code",
    s3Key: "fn.zip",
    timeout: 10,
    environment: { variables: { MODE: "live" } },
    loggingConfig: { logFormat: "JSON" },
  },
  opts,
);

// lambda-not-public
new aws.lambda.Permission("fn", { function: fn.name, action: "lambda:InvokeFunction", principal: "*" }, opts);

// lambda-failure-dest
const hourly = new aws.cloudwatch.EventRule("hourly", { scheduleExpression: "rate(1 hour)" }, opts);
new aws.cloudwatch.EventTarget("hourly", { rule: hourly.name, arn: fn.arn }, opts);

// userdata-secret, ec2-no-public-ip, imdsv2, tag-propagate-misc
new aws.ec2.Instance(
  "instance",
  {
    ami: "ami-0123456789abcdef0",
    instanceType: "t3.micro",
    subnetId: inner.id,
    associatePublicIpAddress: true,
    userData: "#!/bin/sh\nexport DB_PASSWORD=not-a-real-password\n",
    metadataOptions: { httpTokens: "optional" },
    rootBlockDevice: { encrypted: true, kmsKeyId: key.arn },
  },
  opts,
);

// tag-launch-template: network interfaces have none
const template = new aws.ec2.LaunchTemplate(
  "template",
  {
    instanceType: "t3.micro",
    metadataOptions: { httpTokens: "required" },
    tagSpecifications: [
      { resourceType: "instance", tags },
      { resourceType: "volume", tags },
    ],
  },
  opts,
);

// tag-asg-propagate: all but one
const { Owner: _owner, ...others } = tags;
new aws.autoscaling.Group(
  "group",
  {
    minSize: 1,
    maxSize: 2,
    vpcZoneIdentifiers: [inner.id],
    launchTemplate: { id: template.id, version: "$Latest" },
    tags: Object.entries(others).map(([name, value]) => ({ key: name, value, propagateAtLaunch: true })),
  },
  opts,
);

// state-machine-logs
const steps = new aws.iam.Role("steps", { assumeRolePolicy: assumedBy({ Service: "states.amazonaws.com" }) }, opts);
new aws.sfn.StateMachine(
  "steps",
  {
    roleArn: steps.arn,
    definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
    loggingConfiguration: { level: "OFF" },
  },
  opts,
);
