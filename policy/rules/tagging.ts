import type * as aws from "@pulumi/aws";

import { dataStores } from "../lib/data";
import { stackOf } from "../lib/environment";
import { on, rule, stackRule } from "../lib/rule";
import {
  allowedTagValues,
  collect,
  effectiveTags,
  fillTags,
  missingKeys,
  providerTags,
  requiredTags,
  taggableTypes,
} from "../lib/tags";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const defaultTagsUrl = "https://www.pulumi.com/registry/packages/aws/api-docs/provider/#defaulttags_nodejs";
const taggingUrl = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html";
const ecsTaggingUrl = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html";

const keysConfig = {
  keys: {
    type: "array" as const,
    description: "tags that are required",
    items: { type: "string" as const },
    default: [...requiredTags],
  },
};

/** Whether the tag is that of tag-data-class, which reports it once where data is held. */
function isClassOfStore(type: string, key: string): boolean {
  return key === "DataClass" && dataStores.includes(type);
}

export const tagRequiredKeys = rule(
  {
    name: "tag-required-keys",
    description: "Every resource that takes tags carries the required ones",
    severity: "medium",
    levels: "R/M/M",
    url: taggingUrl,
    remediationSteps: "Set the missing tags in the provider's defaultTags.",
    remedy: { tags: fillTags },
    config: {
      ...keysConfig,
      fill: {
        type: "object",
        description: "values that level R gives to missing tags, beside Project, Environment and ManagedBy",
        additionalProperties: { type: "string" },
        default: {},
      },
    },
  },
  on(taggableTypes, ({ type, props, provider, config, report }) => {
    const keys = (config.keys as string[]).filter((key) => !isClassOfStore(type, key));
    const missing = missingKeys(effectiveTags(props, provider), keys);
    if (missing.length === 0) return;
    report("tags", `lack ${missing.join(", ")}`, "set them in the provider's defaultTags, or in tags here");
  }),
);

export const tagAllowedValues = rule(
  {
    name: "tag-allowed-values",
    description: "Environment names the stack; DataClass and ManagedBy have one of their allowed values",
    severity: "medium",
    levels: "A/M/M",
    url: taggingUrl,
    remediationSteps: "Use one of the allowed values; set Environment to the stack's name.",
    config: {
      values: {
        type: "object",
        description: "allowed values by tag",
        additionalProperties: { type: "array", items: { type: "string" } },
        default: allowedTagValues,
      },
      patterns: {
        type: "object",
        description: "regular expressions by tag, which the whole value has to match",
        additionalProperties: { type: "string" },
        default: {},
      },
    },
  },
  on(taggableTypes, ({ type, urn, props, provider, environment, config, report }) => {
    const tags = effectiveTags(props, provider).values;
    // A stack that the configuration maps to an environment may carry the name of either.
    const stack = stackOf(urn);
    const mapped = stack in ((config.environments as Record<string, string> | undefined) ?? {});
    const allowed = {
      ...(config.values as Record<string, string[]>),
      Environment: mapped ? [stack, environment] : [stack],
    };
    for (const [key, values] of Object.entries(allowed)) {
      const value = tags.get(key);
      if (isClassOfStore(type, key)) continue;
      if (value !== undefined && !value.isEmpty() && value.isNot(...values)) {
        report(`tags.${key}`, "is not an allowed value", `set it to ${values.join(" or ")}`);
      }
    }
    for (const [key, pattern] of Object.entries(config.patterns as Record<string, string>)) {
      const value = tags.get(key)?.text ?? "";
      if (value !== "" && !new RegExp(`^(?:${pattern})$`, "u").test(value)) {
        report(`tags.${key}`, "has not the form that is asked for", `set it to what ${pattern} matches`);
      }
    }
  }),
);

/** AWS: at most 50 tags a resource; keys to 128 characters, values to 256, of these characters; `aws:` is reserved. */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagFormat = rule(
  {
    name: "tag-format",
    description: "Tags keep to AWS's limits, and no two keys differ by case alone",
    severity: "low",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices",
    remediationSteps: "Shorten or rename the tag.",
  },
  on(taggableTypes, ({ props, provider, report }) => {
    const tags = effectiveTags(props, provider).values;
    if (tags.size > 50) report("tags", "are more than 50", "remove some: AWS takes 50 on a resource");
    const seen = new Map<string, string>();
    for (const [key, value] of tags) {
      const at = `tags.${key.slice(0, 128)}`;
      if (key.length === 0 || key.length > 128 || !tagText.test(key)) {
        report(at, "is no valid key", "use 1 to 128 letters, digits, spaces or _ . : / = + - @");
      }
      if (/^aws:/i.test(key)) report(at, "starts with aws:, which is reserved", "rename the tag");
      if ((value.text ?? "").length > 256 || !tagText.test(value.text ?? "")) {
        report(at, "has no valid value", "use at most 256 letters, digits, spaces or _ . : / = + - @");
      }
      const twin = seen.get(key.toLowerCase());
      if (twin !== undefined) report(at, `differs from tags.${twin} by case alone`, "keep one of the two");
      seen.set(key.toLowerCase(), key);
    }
  }),
);

export const tagProviderDefaults = rule(
  {
    name: "tag-provider-defaults",
    description: "The AWS provider carries the required tags as default tags",
    severity: "medium",
    levels: "A/M/M",
    url: defaultTagsUrl,
    remediationSteps: "Make an explicit aws.Provider with defaultTags.tags.",
    config: {
      ...keysConfig,
      // Tag policies are a feature of AWS Organizations, which not every account is in.
      tagPolicy: { type: "boolean", default: false, description: "ask for tagPolicyCompliance error" },
    },
  },
  on<aws.ProviderArgs>(types.provider, ({ props, config, report }) => {
    const missing = missingKeys(collect([providerTags(props)]), config.keys as string[]);
    if (missing.length > 0) {
      report("defaultTags.tags", `lack ${missing.join(", ")}`, "set them, so that every resource inherits them");
    }
    const compliance = props.at("tagPolicyCompliance");
    if (config.tagPolicy === true && compliance.isNot("error")) {
      report(compliance, "lets what the organisation's tag policy refuses pass", "set it to error");
    }
  }),
);

export const tagEcsPropagate = rule(
  {
    name: "tag-ecs-propagate",
    description: "ECS services hand their tags to their tasks",
    severity: "low",
    levels: "R/R/M",
    url: ecsTaggingUrl,
    remediationSteps: "Set propagateTags to SERVICE and enableEcsManagedTags to true.",
    remedy: { propagateTags: "SERVICE", enableEcsManagedTags: true },
  },
  on<aws.ecs.ServiceArgs>(types.service, ({ props, report }) => {
    const propagate = props.at("propagateTags");
    if (propagate.isNot("SERVICE", "TASK_DEFINITION")) {
      report(propagate, "leaves the tasks without tags", "set it to SERVICE or TASK_DEFINITION");
    }
    const managed = props.at("enableEcsManagedTags");
    if (managed.isNot(true)) report(managed, "is not on", "set it to true, for costs by cluster and service");
  }),
);

export const tagEcsEbs = rule(
  {
    name: "tag-ecs-ebs",
    description: "Volumes that ECS makes for a service's tasks carry tags",
    severity: "low",
    levels: "A/A/M",
    url: ecsTaggingUrl,
    remediationSteps: "Add a tagSpecification for volumes that propagates the service's tags.",
  },
  on<aws.ecs.ServiceArgs>(types.service, ({ props, report }) => {
    const volume = props.at("volumeConfiguration").at("managedEbsVolume");
    const specifications = volume.at("tagSpecifications");
    if (volume.isEmpty() || volume.unknown || specifications.unknown) return;
    const tagged = specifications.items().some((specification) => {
      const propagates = specification.at("propagateTags").isNot("SERVICE", "TASK_DEFINITION");
      return !specification.at("resourceType").isNot("volume") && !(propagates && specification.at("tags").isEmpty());
    });
    if (tagged) return;

    report(specifications, "leave the volume without tags", 'add { resourceType: "volume", propagateTags: "SERVICE" }');
  }),
);

export const tagAsgPropagate = stackRule(
  {
    name: "tag-asg-propagate",
    description: "Auto Scaling groups, which default tags do not reach, hand the required tags to their instances",
    severity: "low",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html",
    remediationSteps: "Add each required tag to the group with propagateAtLaunch.",
    config: keysConfig,
  },
  types.scalingGroup,
  ({ stack, config, report }) => {
    for (const group of stack.ofType(types.scalingGroup)) {
      const own = group.props.dig("tags");
      const apart = stack.referrers(group, "autoscalingGroupName", types.scalingGroupTag);
      const tags: Value[] = [...own.items(), ...apart.map((tag) => tag.props.dig("tag"))];
      // A tag of unknown key may be the one that is missing.
      const complete = !own.unknown && tags.every((tag) => !tag.dig("key").unknown);
      for (const key of config.keys as string[]) {
        const tag = tags.find((candidate) => candidate.dig("key").is(key));
        const wrong =
          tag === undefined ? complete : tag.dig("value").isEmpty() || tag.dig("propagateAtLaunch").isNot(true);
        if (wrong) {
          report(group, `tags (${key})`, "does not reach the instances", "add it with propagateAtLaunch: true");
        }
      }
    }
  },
);

export const tagLaunchTemplate = rule(
  {
    name: "tag-launch-template",
    description: "Launch templates, whose instances default tags do not reach, tag what they launch",
    severity: "low",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html",
    remediationSteps: "Add tagSpecifications for instance, volume and network-interface with the required tags.",
    config: keysConfig,
  },
  on<aws.ec2.LaunchTemplateArgs>(types.launchTemplate, ({ props, config, report }) => {
    const specifications = props.at("tagSpecifications");
    if (specifications.unknown) return;
    // An interface that is there already has tags of its own: the launch makes none.
    const faces = props.at("networkInterfaces");
    const given = faces.items();
    const makesNone =
      faces.unknown || (given.length > 0 && given.every((face) => !face.at("networkInterfaceId").isEmpty()));
    for (const kind of ["instance", "volume", ...(makesNone ? [] : ["network-interface"])]) {
      const candidates = specifications.items();
      // One of an unknown kind may be the one that is missing, but no more than that.
      const specification =
        candidates.find((candidate) => candidate.at("resourceType").is(kind)) ??
        candidates.find((candidate) => candidate.at("resourceType").unknown);
      const tags = collect(specification === undefined ? [] : [specification.at("tags")]);
      const missing = missingKeys(tags, config.keys as string[]);
      if (missing.length > 0) {
        report(`tagSpecifications (${kind})`, `lack ${missing.join(", ")}`, "add them: default tags do not reach it");
      }
    }
  }),
);
