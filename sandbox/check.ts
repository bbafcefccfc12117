import { defaultsOf } from "./defaults";
import { autoName, NameTooLong } from "./names";
import { type ProviderSettings } from "./provider";
import { isPluginFramework } from "./schema/framework";
import { shapeOf } from "./schema/schema";
import {
  hasSecret,
  hasUnknown,
  isMap,
  plainForms,
  revealAll,
  secret,
  unknown,
  type Value,
  type Values,
} from "./values";

/** What the provider's Check answers: the inputs that it will work with, or what is wrong with them. */
export interface Checked {
  readonly inputs: Values;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** JSON as Go's encoder writes it, which is how the bridge turns a document into text: keys sorted, `<>&` escaped. */
export function goJson(value: Value): string {
  const sorted = (part: Value): Value => {
    if (Array.isArray(part)) return part.map(sorted);
    if (!isMap(part)) return part;
    return Object.fromEntries(
      Object.keys(part)
        .sort()
        .map((key) => [key, sorted(part[key] ?? null)]),
    );
  };
  const escapes: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(sorted(value)).replace(/[<>&]/g, (c) => escapes[c] ?? c);
}

/** A policy document given as an object becomes JSON text; one unknown inside makes the whole text unknown. */
function documentText(value: Value): Value {
  if (hasUnknown(value)) return hasSecret(value) ? secret(unknown) : unknown;
  const plain = revealAll(value);
  const text = typeof plain === "string" ? plain : goJson(plain);
  return hasSecret(value) ? secret(text) : text;
}

/**
 * Default tags under the resource's own, less the ignored. Source: pulumi/pulumi-aws, `provider/tags.go`: for types of
 * the older plugin SDK Check sets `tagsAll`; for types of the plugin framework it stays computed.
 */
export function mergedTags(tags: Value | undefined, provider: ProviderSettings): Value {
  if (provider.defaultTags === unknown || hasUnknown(tags) || hasUnknown({ ...provider.defaultTags })) return unknown;
  const own = tags === undefined ? {} : revealAll(tags);
  const all = { ...provider.defaultTags, ...(isMap(own) ? own : {}) };
  const { keys, keyPrefixes } = provider.ignoreTags;
  const kept = Object.entries(all).filter(
    ([key]) => !keys.includes(key) && !keyPrefixes.some((prefix) => key.startsWith(prefix)),
  );
  const merged = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  return hasSecret(tags) ? secret(merged) : merged;
}

/** The inputs of an AWS resource as pulumi-aws v7 hands them on after Check. */
export function check(type: string, urn: string, given: Values, provider: ProviderSettings): Checked {
  const shape = shapeOf(type);
  if (shape === undefined) {
    return { inputs: given, failures: [{ property: "", reason: `unrecognized resource type (Check): ${type}` }] };
  }
  const inputs: Values = {};
  for (const [key, value] of Object.entries(plainForms(given))) if (value !== null) inputs[key] = value;
  // Source: pulumi/pulumi-aws, `provider/region.go`: set before Check, therefore not among the defaults.
  if (shape.takesRegion) inputs["region"] ??= provider.region;
  if (shape.takesTags && shape.hasTagsAll && !isPluginFramework(type)) {
    inputs["tagsAll"] = mergedTags(inputs["tags"], provider);
  }
  for (const property of shape.documents) {
    const value = inputs[property];
    if (value !== undefined) inputs[property] = documentText(value);
  }
  const filled: string[] = [];
  const failures: { property: string; reason: string }[] = [];
  try {
    const made = autoName(type, urn, inputs);
    if (made !== undefined) {
      inputs[made.property] = made.name;
      filled.push(made.property);
    }
  } catch (error) {
    if (!(error instanceof NameTooLong)) throw error;
    failures.push({ property: "name", reason: error.message });
  }
  for (const [property, value] of Object.entries(defaultsOf(type))) {
    if (inputs[property] !== undefined) continue;
    inputs[property] = value;
    filled.push(property);
  }
  return { inputs: { __defaults: filled.sort(), ...inputs }, failures };
}
