const stackType = "pulumi:pulumi:Stack";

/**
 * A URN as the engine forms it: the types of all parents, from the outermost, the Stack left out.
 * Source: pulumi/pulumi, `sdk/go/common/resource/urn`.
 */
export function formUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : qualifiedTypeOf(parent);
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

function part(urn: string, index: number): string {
  return urn.split("::")[index] ?? "";
}

export function qualifiedTypeOf(urn: string): string {
  return part(urn, 2);
}

export function typeOf(urn: string): string {
  const qualified = qualifiedTypeOf(urn);
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}

/** A name may contain `::` itself. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

/** A provider reference is `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export { stackType };

/** A type as one reads it: `s3/bucket` for `aws:s3/bucket:Bucket`, a component's class name. */
export function shortType({ type, custom }: { readonly type: string; readonly custom: boolean }): string {
  return custom ? type.replace(/^aws:/, "").replace(/:[^:]*$/, "") : type.slice(type.lastIndexOf(":") + 1);
}
