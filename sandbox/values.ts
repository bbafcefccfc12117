/**
 * Property values in Pulumi's wire form: plain JSON, with marks for what JSON cannot say.
 * Source of the marks: pulumi/pulumi, `sdk/nodejs/runtime/rpc.ts`.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

/** Stands for a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const signature = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
export const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isMap(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function marked(value: Value | undefined, mark: string): value is Values {
  return isMap(value) && value[signature] === mark;
}

export function isSecret(value: Value | undefined): value is Values {
  return marked(value, secretSignature);
}

export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signature]: secretSignature, value };
}

/** The value itself, whether it was marked secret or not. */
export function reveal(value: Value | undefined): Value | undefined {
  return isSecret(value) ? (value["value"] ?? null) : value;
}

/** Text, if the value is known text, secret or not. */
export function text(value: Value | undefined): string | undefined {
  const plain = reveal(value);
  return typeof plain === "string" && plain !== unknown ? plain : undefined;
}

function some(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => some(item, test));
  return isMap(value) && Object.values(value).some((item) => some(item, test));
}

export function hasUnknown(value: Value | undefined): boolean {
  return some(value, (part) => part === unknown);
}

export function hasSecret(value: Value | undefined): boolean {
  return some(value, isSecret);
}

/** A copy in which `change` has replaced every part that it does not return as it was, from the outside in. */
function rewrite(value: Value, change: (value: Value) => Value): Value {
  const changed = change(value);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, change)]));
}

/** The value with all marks of secrecy taken off, at any depth. */
export function revealAll(value: Value): Value {
  return rewrite(value, (part) => (isSecret(part) ? revealAll(part["value"] ?? null) : part));
}

/** What may be printed: `[secret]` in place of each secret. */
export function mask(value: Value): Value {
  return rewrite(value, (part) => (isSecret(part) ? "[secret]" : part));
}

/**
 * What the engine hands to a provider that does not ask for resource references or output values: the id (for a
 * component the URN) in place of a resource, the value in place of an output.
 */
export function plainForm(value: Value): Value {
  return rewrite(value, (part) => {
    if (marked(part, resourceSignature)) {
      if (part["id"] === undefined) return part["urn"] ?? null;
      return part["id"] === "" || part["id"] === null ? unknown : part["id"];
    }
    if (marked(part, outputSignature)) {
      const value = part["value"] === undefined ? unknown : plainForm(part["value"]);
      return part["secret"] === true ? secret(value) : value;
    }
    return part;
  });
}

export function plainForms(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plainForm(value)]));
}

/** URNs that the outputs inside a value depend on. */
export function dependenciesOf(value: Value | undefined): string[] {
  const found = new Set<string>();
  some(value, (part) => {
    const listed = marked(part, outputSignature) ? part["dependencies"] : undefined;
    if (Array.isArray(listed)) for (const urn of listed) if (typeof urn === "string") found.add(urn);
    return false;
  });
  return [...found];
}
