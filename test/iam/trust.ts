/** Claims of a token that matter to IAM, as the issuer writes them. */
export interface Claims {
  /** Issuer, with https://. */
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
}

interface TrustStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal: { readonly Federated?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(text);

/** IAM user guide, "IAM JSON policy elements: Condition operators": what a known value and the ones allowed come to. */
const operators: Readonly<Record<string, (actual: string, allowed: readonly string[]) => boolean>> = {
  StringEquals: (actual, allowed) => allowed.includes(actual),
  StringNotEquals: (actual, allowed) => !allowed.includes(actual),
  StringEqualsIgnoreCase: (actual, allowed) => allowed.some((one) => one.toLowerCase() === actual.toLowerCase()),
  StringLike: (actual, allowed) => allowed.some((one) => like(one, actual)),
  StringNotLike: (actual, allowed) => !allowed.some((one) => like(one, actual)),
};

function holds(
  operator: string,
  key: string,
  allowed: readonly string[],
  context: ReadonlyMap<string, string>,
): boolean {
  const [, name = "", ifExists] = /^(.+?)(IfExists)?$/.exec(operator) ?? [];
  const compare = operators[name];
  if (compare === undefined) throw new Error(`the evaluator knows no operator ${operator}`);
  const actual = context.get(key.toLowerCase());
  // A key that the request has not: true for a negated operator and with IfExists, false else.
  if (actual === undefined) return name.includes("Not") || ifExists !== undefined;
  return compare(actual, allowed);
}

/**
 * Whether IAM lets the bearer of a token assume a role by AssumeRoleWithWebIdentity: a statement that fits and allows, and
 * none that denies. `provider` is the ARN of the token issuer's provider in the role's account.
 */
export function mayAssume(policy: unknown, claims: Claims, provider: string): boolean {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as {
    Statement: TrustStatement | readonly TrustStatement[];
  };
  const host = claims.iss.replace(/^https:\/\//, "");
  // STS looks for the issuer's provider before it reads the policy.
  if (!provider.endsWith(`:oidc-provider/${host}`)) return false;
  const context = new Map(
    Object.entries({ aud: claims.aud, sub: claims.sub }).map(([claim, value]) => [`${host}:${claim}`, value]),
  );
  const fits = ({ Action, Principal, Condition = {} }: TrustStatement): boolean =>
    listed(Action).some((action) => like(action, "sts:AssumeRoleWithWebIdentity")) &&
    listed(Principal.Federated).includes(provider) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, allowed]) => holds(operator, key, listed(allowed), context)),
    );
  const all: readonly TrustStatement[] = [document.Statement].flat();
  const effects = all.filter(fits);
  return effects.some(({ Effect }) => Effect === "Allow") && !effects.some(({ Effect }) => Effect === "Deny");
}
