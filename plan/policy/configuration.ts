import { readFileSync } from "node:fs";

import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { ErrorObject } from "ajv";

import { isMap, type Value, type Values } from "../../sandbox/values";
import { fromStruct, toStruct } from "../requests";
import { UsageError } from "../usage";

/** How far a policy goes, and its own settings. */
interface Setting {
  readonly level?: analyzer.EnforcementLevel;
  readonly properties: Values;
}
type Settings = ReadonlyMap<string, Setting>;

const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = analyzer.EnforcementLevel;
const levels = new Map([
  ["advisory", ADVISORY],
  ["mandatory", MANDATORY],
  ["remediate", REMEDIATE],
  ["disabled", DISABLED],
]);

/** Reads a file as `--policy-pack-config` takes it: by policy a level, or an object of its settings. */
export function readConfiguration(file: string): Settings {
  const faults: string[] = [];
  const settings = new Map<string, Setting>();
  const level = (policy: string, given: Value | undefined): analyzer.EnforcementLevel | undefined => {
    const found = levels.get(typeof given === "string" ? given : "");
    if (found === undefined) faults.push(`"${policy}": a level is one of ${[...levels.keys()].join(", ")}`);
    return found;
  };
  for (const [policy, given] of Object.entries(readMap(file))) {
    if (!isMap(given) && typeof given !== "string") {
      faults.push(`"${policy}" must be a level or an object`);
      continue;
    }
    const { enforcementLevel, ...properties } = isMap(given) ? given : { enforcementLevel: given };
    const own = enforcementLevel === undefined ? undefined : level(policy, enforcementLevel);
    settings.set(policy, { ...(own !== undefined && { level: own }), properties });
  }
  if (faults.length > 0) throw new UsageError(refusal(file, faults));
  return settings;
}

function readMap(file: string): Values {
  try {
    const given = JSON.parse(readFileSync(file, "utf8")) as Value;
    if (isMap(given)) return given;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  throw new UsageError(`${file} must be an object: a level or settings by policy`);
}

function refusal(file: string, faults: readonly string[]): string {
  return [`the policy pack's configuration in ${file} is refused:`, ...faults.map((fault) => `  ${fault}`)].join("\n");
}

/**
 * The configuration as the engine puts it together: defaults of the schemas, then what the pack was made with, then the
 * file. Source: pulumi/pulumi, `pkg/resource/analyzer/config.go`.
 */
export async function configuration(
  info: analyzer.AnalyzerInfo,
  file: string | undefined,
): Promise<analyzer.ConfigureAnalyzerRequest> {
  const initial = new Map<string, Setting>();
  for (const [policy, config] of info.getInitialconfigMap().entries()) {
    initial.set(policy, { level: config.getEnforcementlevel(), properties: fromStruct(config.getProperties()) });
  }
  const layers = [initial, ...(file === undefined ? [] : [readConfiguration(file)])];
  const settled = layers.reduce(over, defaults(info));
  const faults = file === undefined ? [] : await faultsOf(info, settled);
  if (faults.length > 0) throw new UsageError(refusal(file ?? "", faults));
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [policy, { level, properties }] of settled) {
    const config = new analyzer.PolicyConfig();
    // The engine refuses settings without a level for a policy that the pack does not have; the pack says it better.
    config.setEnforcementlevel(level ?? ADVISORY);
    config.setProperties(toStruct(properties));
    request.getPolicyconfigMap().set(policy, config);
  }
  return request;
}

function schemaOf(policy: analyzer.PolicyInfo): Values {
  return fromStruct(policy.getConfigschema()?.getProperties());
}

function defaults(info: analyzer.AnalyzerInfo): Settings {
  return new Map(
    info.getPoliciesList().map((policy) => {
      const given = Object.entries(schemaOf(policy)).flatMap(([key, rule]) =>
        isMap(rule) && rule["default"] !== undefined ? [[key, rule["default"]] as const] : [],
      );
      return [policy.getName(), { level: policy.getEnforcementlevel(), properties: Object.fromEntries(given) }];
    }),
  );
}

function over(below: Settings, above: Settings): Settings {
  const all = above.get("all")?.level;
  const result = new Map(below);
  if (all !== undefined) for (const [policy, setting] of result) result.set(policy, { ...setting, level: all });
  for (const [policy, { level, properties }] of above) {
    const known = result.get(policy);
    const own = level ?? known?.level;
    result.set(policy, {
      ...(own !== undefined && { level: own }),
      properties: { ...known?.properties, ...properties },
    });
  }
  return result;
}

/** Values that the policies' schemas do not allow. */
async function faultsOf(info: analyzer.AnalyzerInfo, settled: Settings): Promise<string[]> {
  const [{ Ajv }, { default: formats }] = await Promise.all([import("ajv"), import("ajv-formats")]);
  const ajv = formats.default(new Ajv({ allErrors: true, strict: false, verbose: true }));
  return info.getPoliciesList().flatMap((policy) => {
    const required = policy.getConfigschema()?.getRequiredList() ?? [];
    const validate = ajv.compile({ type: "object", properties: schemaOf(policy), required });
    validate(settled.get(policy.getName())?.properties ?? {});
    return (validate.errors ?? []).map((error) => fault(policy.getName(), error));
  });
}

function fault(policy: string, error: ErrorObject): string {
  const path = error.instancePath.split("/").slice(1).join(".");
  const allowed = (error.params as { allowedValues?: unknown[] }).allowedValues;
  const others = (error.params as { additionalProperty?: string }).additionalProperty;
  const more = allowed === undefined ? (others === undefined ? "" : `: ${others}`) : `: ${allowed.join(", ")}`;
  return `"${policy}": ${path === "" ? "it" : path} ${error.message ?? "is wrong"}${more}`;
}
