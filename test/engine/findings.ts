/** `level policy type name` of each finding in the engine's summary. */
export function findingsOf(output: string): string[] {
  const line = /^ +- \[(\w+)\].*?\s{2}([\w-]+)\s+\(([^\s]+): (.+)\)$/gm;
  // The same list is printed for the preview and for the update.
  const last = output.slice(output.lastIndexOf("\nPolicies:"));
  return [...last.matchAll(line)].map(([, level, policy, type, name]) => `${level} ${policy} ${type} ${name}`).sort();
}

/** As the engine's summary writes it: the type without its file. */
export function ofPlan(violations: readonly { level: string; policy: string; urn: string }[]): string[] {
  const finding = ({ level, policy, urn }: (typeof violations)[number]): string => {
    const [, , qualified = "", name = ""] = urn.split("::");
    const [pkg = "", path = "", type = ""] = qualified.slice(qualified.lastIndexOf("$") + 1).split(":");
    return `${level} ${policy} ${pkg}:${path.split("/")[0]}:${type} ${name}`;
  };
  return violations.map(finding).sort();
}
