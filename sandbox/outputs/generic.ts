import { type Kind } from "../schema/generate";
import { shapeOf } from "../schema/schema";
import { type Value, type Values } from "../values";
import { type Context, type Made } from "./context";

const empty: Readonly<Record<Exclude<Kind, "s">, Value>> = { n: 0, b: false, a: [], m: {}, o: {} };

/** Text of about the right look, from what the property is called. */
function standIn(context: Context, property: string): string {
  if (property === "arn") {
    const [module = "", type = ""] = (context.type.split(":")[1] ?? "").split("/");
    return context.arn(module, `${type.toLowerCase()}/${context.name()}`);
  }
  if (/arn$/i.test(property)) return context.arn("stand-in", `${property}/${context.hex(12, property)}`);
  if (/(endpoint|domainName|dnsName|hostname)$/i.test(property)) {
    return `${context.resourceName}-${context.hex(12, property)}.${context.region}.${context.dnsSuffix}`;
  }
  if (/(url|uri)$/i.test(property)) {
    return `https://${context.hex(12, property)}.${context.region}.${context.dnsSuffix}`;
  }
  if (/(ownerId|accountId|registryId)$/i.test(property)) return context.account;
  if (/^(status|state)$/i.test(property)) return "ACTIVE";
  if (/(date|time|at)$/.test(property)) return "2026-01-01T00:00:00Z";
  return `${property}-${context.hex(12, property)}`;
}

/** A value for every output that nothing else made up, so that a program never meets a missing one. */
export function fillOutputs(context: Context, made: Values): Values {
  const outputs: Values = { ...made };
  for (const [property, kind] of shapeOf(context.type)?.outputs ?? []) {
    outputs[property] ??= kind === "s" ? standIn(context, property) : empty[kind];
  }
  for (const [property, kind] of shapeOf(context.type)?.filled ?? []) {
    if (property === "arn") outputs[property] ??= standIn(context, property);
    // Only names: what else AWS would choose (an engine version, a key) is not the stand-in's to decide.
    if (kind !== "s" || !/identifier$/i.test(property) || context.inputs[property] !== undefined) continue;
    outputs[property] ??= `${context.resourceName.toLowerCase()}-${context.hex(8, property)}`;
  }
  return outputs;
}

/** A type that no table knows: its ARN or its name as the id. */
export function generic(context: Context): Made {
  const name = context.text("name");
  return { id: name ?? `${context.resourceName}-${context.hex(12)}`, outputs: {} };
}
