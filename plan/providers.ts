import { uuid } from "../sandbox/identity";
import { unknown, type Values } from "../sandbox/values";
import { formUrn } from "./urn";

const disabledKey = "pulumi:disable-default-providers";

/** Packages whose default provider the stack's configuration takes away; `*` stands for all. */
export function disabledPackages(config: Readonly<Record<string, string>>): ReadonlySet<string> {
  const value = config[disabledKey];
  if (value === undefined) return new Set();
  const list: unknown = JSON.parse(value);
  if (!Array.isArray(list)) throw new Error(`${disabledKey} must be a list of package names, such as ["aws"]`);
  return new Set(list.filter((name): name is string => typeof name === "string"));
}

/** A default provider: what the engine makes when neither a resource nor its parents name one. */
export interface DefaultProvider {
  readonly urn: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Values;
}

/** Its name carries the version, its inputs are the configuration of the package's namespace. */
export function defaultProvider(
  where: { stack: string; project: string; preview: boolean },
  config: Readonly<Record<string, string>>,
  pkg: string,
  version: string,
): DefaultProvider {
  const name = version === "" ? "default" : `default_${version.replace(/[^0-9A-Za-z]/g, "_")}`;
  const urn = formUrn(where.stack, where.project, "", `pulumi:providers:${pkg}`, name);
  const inputs: Values = {};
  for (const [key, value] of Object.entries(config)) {
    const [namespace, property = ""] = key.split(":");
    if (namespace === pkg) inputs[property] = value;
  }
  if (version !== "") inputs["version"] = version;
  return { urn, name, id: where.preview ? unknown : uuid(urn, "provider"), inputs };
}
