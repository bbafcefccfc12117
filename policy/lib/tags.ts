import type * as aws from "@pulumi/aws";

import { stackOf } from "./environment";
import type { Change, Patient } from "./remedy";
import { regional, taggable } from "./taggable";
import { type Value, listening } from "./value";

/** Tags that every resource carries: who pays, who answers, what it belongs to and how sensitive its data is. */
export const requiredTags = ["Project", "Environment", "Owner", "CostCenter", "ManagedBy", "DataClass"] as const;

/** Values that tags other than `Environment`, which follows the stack, are held to. */
export const allowedTagValues: Readonly<Record<string, readonly string[]>> = {
  ManagedBy: ["pulumi"],
  DataClass: ["public", "internal", "confidential", "restricted"],
};

/** Tokens of all types that take tags. */
export const taggableTypes: readonly string[] = tokens(taggable);

/** Tokens of the types that take no tags and a region. */
export const untaggedRegionalTypes: readonly string[] = tokens(regional);

function tokens(names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).flatMap(([module, types]) =>
    types.split(" ").map((name) => `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`),
  );
}

export interface Tags {
  readonly values: ReadonlyMap<string, Value<string>>;
  /** Known to be all of them; a tag that is missing from an incomplete set may still be there. */
  readonly complete: boolean;
}

/** Tags that a resource will carry, the provider's default tags among them. */
export function effectiveTags(props: Value, provider: Value<aws.ProviderArgs>): Tags {
  const all = props.dig("tagsAll");
  // Types on the plugin framework compute `tagsAll` in the cloud; one unknown tag makes it unknown on the others. The
  // two that it is made of say as much.
  const whole = listening(
    () => undefined,
    () => all.known !== undefined,
  );
  if (whole) return collect([all]);
  return collect([providerTags(provider), props.dig("tags")]);
}

/** The provider's default tags: a provider's objects arrive as JSON text. */
export function providerTags(provider: Value<aws.ProviderArgs>): Value {
  return provider.dig("defaultTags").json().dig("tags").json();
}

/** Required keys that a map of tags lacks; an empty value is as good as none. None while the map is unknown. */
export function missingKeys(tags: Tags, keys: readonly string[]): string[] {
  return keys.filter((key) => {
    const value = tags.values.get(key);
    return value === undefined ? tags.complete : value.isEmpty();
  });
}

/**
 * The tags that level R adds: those whose value is known of every stack, and what `fill` gives. `tagsAll` is what the
 * provider sends, and its Check, which puts it together, is over: it gets the tag as well.
 */
export function fillTags({ urn, props, provider, config }: Patient): Change[] {
  const [, , project = ""] = urn.split(/:+/).slice(1);
  const values: Readonly<Record<string, string>> = {
    Project: project,
    Environment: stackOf(urn),
    ManagedBy: "pulumi",
    ...(config["fill"] as Readonly<Record<string, string>> | undefined),
  };
  const all = props.dig("tagsAll").known === undefined ? ["tags"] : ["tags", "tagsAll"];
  const missing = missingKeys(effectiveTags(props, provider as Value<aws.ProviderArgs>), config["keys"] as string[]);
  return missing.flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : all.map((map): Change => [[map, key], value]);
  });
}

export function collect(maps: readonly Value[]): Tags {
  const values = new Map<string, Value<string>>();
  for (const map of maps) {
    for (const key of map.keys()) values.set(key, map.dig<string>(key));
  }
  return { values, complete: maps.every((map) => !map.unknown) };
}
