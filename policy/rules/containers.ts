import type * as aws from "@pulumi/aws";

import { on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const imagePinned = rule(
  {
    name: "image-pinned",
    description: "Images are named by a tag other than latest, or by digest",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
    remediationSteps: "Name the image by its git SHA, or by digest.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    const containers = props.at("containerDefinitions").json<{ image?: string }[]>();
    for (const container of containers.items()) pinned(container.at("image"), report);
  }),
  on<aws.lambda.FunctionArgs>(types.lambda, ({ props, report }) => pinned(props.at("imageUri"), report)),
);

function pinned(image: Value, report: (at: Value, wrong: string, set: string) => void): void {
  if (image.text === undefined || image.text.includes("@sha256:")) return;
  // A colon before the last slash belongs to the registry's port.
  const tag = image.text.slice(image.text.lastIndexOf("/") + 1).split(":")[1] ?? "";
  if (tag !== "" && tag !== "latest") return;
  const wrong = tag === "" ? "has no tag, which means latest" : "is tagged latest";
  report(image, wrong, "name the image by its git SHA: <repository>:<sha>");
}

export const ecsNoPublicIp = rule(
  {
    name: "ecs-no-public-ip",
    description: "Tasks have no public address",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["ECS.2", "ECS services should not have public IP addresses assigned to them automatically"],
    remediationSteps: "Set assignPublicIp to false and use private subnets.",
  },
  on<aws.ecs.ServiceArgs>(types.service, ({ props, report }) => {
    unexposed(props.at("networkConfiguration").at("assignPublicIp"), report);
  }),
  on<aws.scheduler.ScheduleArgs>(types.schedule, ({ props, report }) => {
    unexposed(props.at("target").at("ecsParameters").at("networkConfiguration").at("assignPublicIp"), report);
  }),
  on<aws.cloudwatch.EventTargetArgs>(types.eventTarget, ({ props, report }) => {
    unexposed(props.at("ecsTarget").at("networkConfiguration").at("assignPublicIp"), report);
  }),
);

function unexposed(at: Value, report: (at: Value, wrong: string, set: string) => void): void {
  if (at.is(true)) report(at, "gives tasks a public address", "set it to false and use private subnets");
}

export const logRetention = rule(
  {
    name: "log-retention",
    description: "Log groups say how long they keep their events",
    severity: "low",
    levels: "R/R/M",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    remediationSteps: "Set retentionInDays.",
    remedy: { retentionInDays: 30 },
  },
  on<aws.cloudwatch.LogGroupArgs>(types.logGroup, ({ props, report }) => {
    const days = props.at("retentionInDays");
    // AWS: 0 keeps events forever; the DELIVERY class has a retention of its own.
    if (!props.at("logGroupClass").isNot("DELIVERY")) return;
    if (days.isEmpty() || days.is(0)) report(days, "keeps events forever", "set a number of days, such as 30");
  }),
);
