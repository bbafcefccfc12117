import type * as aws from "@pulumi/aws";

import { on, rule } from "../lib/rule";
import { effectiveTags, taggableTypes } from "../lib/tags";
import { types } from "../lib/types";

export const tagCopyToSnapshots = rule(
  {
    name: "tag-copy-to-snapshots",
    description: "Databases hand their tags to their snapshots",
    severity: "low",
    levels: "R/R/M",
    fsbp: ["RDS.16", "Aurora DB clusters should be configured to copy tags to DB snapshots"],
    remediationSteps: "Set copyTagsToSnapshot to true.",
    remedy: { copyTagsToSnapshot: true },
  },
  on<aws.rds.ClusterArgs>([...types.dbCluster, ...types.dbInstance], ({ props, report }) => {
    const copy = props.at("copyTagsToSnapshot");
    if (copy.isNot(true)) report(copy, "is not on", "set it to true");
  }),
);

export const tagPropagateMisc = rule(
  {
    name: "tag-propagate-misc",
    description: "Replicas of tables, apps of SageMaker domains and volumes of instances carry tags too",
    severity: "low",
    levels: "A/A/A",
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    remediationSteps:
      "Set propagateTags on the replica, tagPropagation ENABLED on the domain, volumeTags on the instance.",
  },
  on<aws.dynamodb.TableArgs>(types.table, ({ props, report }) => {
    for (const replica of props.at("replicas").items()) {
      const propagate = replica.at("propagateTags");
      if (propagate.isNot(true)) report(propagate, "is not on", "set it to true");
    }
  }),
  on<aws.sagemaker.DomainArgs>(types.studioDomain, ({ props, report }) => {
    const propagate = props.at("tagPropagation");
    if (propagate.isNot("ENABLED")) report(propagate, "is not ENABLED", "set it to ENABLED");
  }),
  on<aws.ec2.InstanceArgs>(types.instance, ({ props, report }) => {
    const volume = props.at("volumeTags");
    const devices = [props.at("rootBlockDevice"), ...props.at("ebsBlockDevices").items()];
    // Default tags reach the device blocks, so that tags there are enough.
    const tagged = devices.some(
      (device) => device.unknown || !device.dig("tagsAll").isEmpty() || !device.dig("tags").isEmpty(),
    );
    if (volume.isEmpty() && !tagged) report(volume, "are not set", "set them to the tags of the instance");
  }),
);

/** Milliseconds of a day. */
const day = 86_400_000;

export const tagExpiry = rule(
  {
    name: "tag-expiry",
    description: "What is there for a time says until when: ExpiresOn is a date that is near and has not passed",
    severity: "low",
    levels: "A/0/0",
    url: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tags-for-business-insight.html",
    remediationSteps: "Set the tag ExpiresOn to a date such as 2026-12-31, and destroy the stack by then.",
    config: {
      days: { type: "integer", minimum: 1, default: 90, description: "furthest date, in days from today" },
      required: { type: "boolean", default: false, description: "ask every resource for the tag" },
      today: { type: "string", format: "date", description: "date in place of today's" },
    },
  },
  on(taggableTypes, ({ props, provider, config, report }) => {
    const tags = effectiveTags(props, provider);
    const value = tags.values.get("ExpiresOn");
    const at = "tags.ExpiresOn";
    if (value === undefined || value.isEmpty()) {
      if (config.required === true && tags.complete) report(at, "is not set", "set it to the date when it can go");
      return;
    }
    if (value.text === undefined) return;
    const today = typeof config.today === "string" ? config.today : new Date().toISOString().slice(0, 10);
    const left = isDate(value.text) ? (Date.parse(value.text) - Date.parse(today)) / day : undefined;
    if (left === undefined) report(at, "is no date", "write it as 2026-12-31");
    else if (left < 0) report(at, "has passed", "destroy the stack, or move the date");
    else if (left > Number(config.days)) report(at, `is further than ${Number(config.days)} days`, "set a nearer date");
  }),
);

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // The 31st of February parses, as a day in March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
