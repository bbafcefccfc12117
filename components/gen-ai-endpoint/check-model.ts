import type { Faults } from "../shared/check";
import { type Model, routings, tablesDate } from "./models";
import type { BedrockPlace } from "./types";

/** Checks the model against the region; returns the regions that its cross-region profile routes to. */
export function checkModel(
  { region, bedrock }: BedrockPlace,
  model: Model | undefined,
  faults: Faults,
): readonly string[] | undefined {
  checkTags(bedrock.costTags ?? {}, faults);
  // AWS: CloudWatch Logs API reference, CreateLogGroup, without the `#` that Bedrock's tags do not take.
  if (bedrock.invocationLogGroup !== undefined && !/^[\w./-]{1,256}$/.test(bedrock.invocationLogGroup)) {
    const cure = "copy it from the account stack's outputs";
    faults.add("bedrock.invocationLogGroup", bedrock.invocationLogGroup, "the name of a log group", cure);
  }
  const prefixes = Object.keys(routings);
  if (model === undefined) {
    const allowed = `<provider>.<model>, with or without one of the prefixes ${prefixes.join(", ")}`;
    faults.add("bedrock.model", bedrock.model, allowed, "copy the id from the model's page in the Bedrock user guide");
    return undefined;
  }
  const given = bedrock.destinationRegions;
  if (model.prefix === undefined) {
    if (given !== undefined) {
      const cure = "remove it, or give the model its cross-region prefix";
      faults.add("bedrock.destinationRegions", given, "none for a model that runs in one region", cure);
    }
    return undefined;
  }
  const { sources, destinations } = routings[model.prefix] ?? { sources: [], destinations: [] };
  if (sources !== undefined && !sources.includes(region)) {
    const fitting = prefixes.filter((prefix) => routings[prefix]?.sources?.includes(region) ?? true);
    const allowed = `in ${region} the prefixes ${fitting.join(", ")}, or none (as of ${tablesDate})`;
    faults.add("bedrock.model", bedrock.model, allowed, "take a profile that this region has");
  }
  if (given !== undefined && destinations === undefined) {
    const cure = "remove it: AWS decides where a global profile routes to";
    faults.add("bedrock.destinationRegions", given, "none for a global profile", cure);
  }
  if (given?.length === 0) {
    faults.add("bedrock.destinationRegions", given, "at least one region", "name the profile's regions");
  }
  const regions = given ?? destinations;
  return regions === undefined ? undefined : [...new Set(regions)];
}

const ours = ["Part", "Endpoint", "InvocationLog", "Acknowledged", "UnitUsdPerHour"];

/** AWS: Bedrock API reference, `Tag`. */
function checkTags(tags: Record<string, string>, faults: Faults): void {
  for (const [key, value] of Object.entries(tags)) {
    if (ours.includes(key)) {
      faults.add(`bedrock.costTags.${key}`, value, `other tags than ${ours.join(", ")}`, "remove it: we set it");
    }
    if (!/^[a-zA-Z0-9\s._:/=+@-]{1,128}$/.test(key) || !/^[a-zA-Z0-9\s._:/=+@-]{0,256}$/.test(value)) {
      const cure = "leave the other characters out";
      faults.add(`bedrock.costTags.${key}`, value, "letters, digits, spaces and ._:/=+@-", cure);
    }
  }
}
