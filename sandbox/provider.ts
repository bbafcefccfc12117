import { isMap, reveal, revealAll, text, unknown, type Value, type Values } from "./values";

/** What a provider resource tells the stand-in about the account that it pretends to be in. */
export interface ProviderSettings {
  readonly accountId: string;
  readonly region: string;
  /** `unknown` where a tag of the provider is not known yet. */
  readonly defaultTags: Readonly<Record<string, Value>> | typeof unknown;
  readonly ignoreTags: { readonly keys: readonly string[]; readonly keyPrefixes: readonly string[] };
}

/** Where nothing says otherwise: AWS's example account and the region that its tools fall back on. */
export const fallback = { accountId: "123456789012", region: "us-east-1" };

/** Provider inputs arrive as text: everything but text is JSON in a string (pulumi/pulumi, provider protocol). */
function decoded(value: Value | undefined): Value | undefined {
  const plain = value === undefined ? undefined : revealAll(value);
  if (typeof plain !== "string" || plain === unknown) return plain;
  try {
    return JSON.parse(plain) as Value;
  } catch {
    return plain;
  }
}

function strings(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Reads the inputs of a `pulumi:providers:aws` resource. */
export function readProvider(inputs: Values, base: { accountId: string; region: string } = fallback): ProviderSettings {
  const allowed = decoded(inputs["allowedAccountIds"]);
  const accounts = Array.isArray(allowed) ? allowed.map((id) => (typeof id === "number" ? String(id) : id)) : [];
  const tags = decoded(inputs["defaultTags"]);
  const ignored = decoded(inputs["ignoreTags"]);
  const own = isMap(tags) ? tags["tags"] : undefined;
  return {
    accountId: strings(accounts).find((id) => id !== unknown) ?? base.accountId,
    region: text(inputs["region"]) ?? base.region,
    defaultTags: tags === unknown || reveal(own) === unknown ? unknown : isMap(own) ? own : {},
    ignoreTags: isMap(ignored)
      ? { keys: strings(ignored["keys"]), keyPrefixes: strings(ignored["keyPrefixes"]) }
      : { keys: [], keyPrefixes: [] },
  };
}

/** AWS keeps China and GovCloud apart from the rest: the second field of every ARN there. */
export function partitionOf(region: string): { partition: string; dnsSuffix: string } {
  if (region.startsWith("cn-")) return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { partition: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  return { partition: "aws", dnsSuffix: "amazonaws.com" };
}
