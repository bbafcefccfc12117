import type * as aws from "@pulumi/aws";

import type { Environment } from "../lib/environment";
import { modelContainers } from "../lib/containers";
import { type Subject, on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const imagePinned = rule(
  {
    name: "image-pinned",
    description:
      "Images are named by a tag other than latest, or by digest; on request by digest alone, of named registries",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
    remediationSteps: "Name the image by its git SHA, or by digest.",
    config: {
      // In a repository whose tags never move (ecr-immutable) a tag names one image for ever.
      digest: { type: "boolean", default: false, description: "in prod, take a digest alone" },
      registries: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "what an image's name may begin with, such as a registry's host; anything while there is none",
      },
    },
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, (subject) => {
    const containers = subject.props.at("containerDefinitions").json<{ image?: string }[]>();
    for (const container of containers.items()) pinned(container.at("image"), subject);
  }),
  on<aws.lambda.FunctionArgs>(types.lambda, (subject) => pinned(subject.props.at("imageUri"), subject)),
  on<aws.sagemaker.ModelArgs>(types.sagemakerModel, (subject) => {
    for (const container of modelContainers(subject.props)) pinned(container.dig("image"), subject);
  }),
);

function pinned(image: Value, subject: Pick<Subject<unknown>, "environment" | "config" | "report">): void {
  if (image.text === undefined || image.isEmpty()) return;
  const { environment, config, report } = subject;
  const registries = config.registries as readonly string[];
  if (registries.length > 0 && !registries.some((registry) => image.text?.startsWith(registry) === true)) {
    report(image, "is of a registry that was not named", `take it from ${registries.join(" or ")}`);
  }
  if (image.text.includes("@sha256:")) return;
  if (config.digest === true && environment === "prod") {
    report(image, "has no digest", "name the image by its digest: <repository>@sha256:<digest>");
    return;
  }
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

interface Kept {
  /** Days. */
  readonly least?: number;
  readonly most?: number;
}

/** An attack is found after weeks; what dev logs is read the same day, and paid for every month. */
const kept: Readonly<Record<Environment, Required<Kept>>> = {
  dev: { least: 1, most: 90 },
  stg: { least: 7, most: Infinity },
  prod: { least: 30, most: Infinity },
};

export const logRetention = rule(
  {
    name: "log-retention",
    description: "Log groups say how long they keep their events, and that is long enough, and in dev not for long",
    severity: "low",
    levels: "R/R/M",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    remediationSteps: "Set retentionInDays.",
    remedy: { retentionInDays: 30 },
    config: {
      days: {
        type: "object",
        default: {},
        description: "by environment, in place of the rule's own: least and most",
      },
    },
  },
  on<aws.cloudwatch.LogGroupArgs>(types.logGroup, ({ props, environment, config, report }) => {
    const days = props.at("retentionInDays");
    // AWS: 0 keeps events forever; the DELIVERY class has a retention of its own.
    if (!props.at("logGroupClass").isNot("DELIVERY")) return;
    if (days.isEmpty() || days.is(0)) {
      report(days, "keeps events forever", "set a number of days, such as 30");
      return;
    }
    const given = (config.days as Partial<Record<Environment, Kept>>)[environment];
    const { least, most } = { ...kept[environment], ...given };
    const amount = Number(days.known ?? least);
    if (amount < least) report(days, `is less than ${least}`, `set it to ${least} or more`);
    if (amount > most) report(days, `is more than ${most}`, `set it to ${most} or less`);
  }),
);
