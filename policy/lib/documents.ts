import type { Value } from "./value";

/** Statements of an IAM, key or resource policy, given as JSON text or as an object; none when it is unknown. */
export function statements(policy: Value): Value[] {
  return policy.json().dig("Statement").items();
}

/** Strings of an element that IAM allows to be one string or a list. */
export function list(element: Value): Value[] {
  return element.items();
}

/** Whether the principal is everyone: `*`, or `{ AWS: "*" }`. */
export function isEveryone(statement: Value): boolean {
  const principal = statement.dig("Principal");
  return principal.is("*") || list(principal.dig("AWS")).some((value) => value.is("*"));
}

/** Condition keys that hold a statement to one organisation, account, network or resource. */
const narrowing = new Set([
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourceowner",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:vpcesource",
  "aws:sourceip",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
]);

/** Statements that let everyone in, by no condition that says who; one on TLS or on a header says nothing of who asks. */
export function openStatements(policy: Value): Value[] {
  return statements(policy).filter((statement) => {
    if (!statement.dig("Effect").is("Allow") || !isEveryone(statement)) return false;
    const conditions = statement.dig("Condition");
    const keys = conditions.keys().flatMap((operator) => conditions.dig(operator).keys());
    return !conditions.unknown && !keys.some((key) => narrowing.has(key.toLowerCase()));
  });
}

/**
 * Whether a resource policy refuses every request that does not come over TLS: one of these actions, which cover the
 * rest, on the resource itself and, with `contents`, on all that is in it (`arn:...` and `arn:.../*`).
 */
export function refusesPlainHttp(policy: Value, actions: readonly string[], contents = false): boolean {
  return statements(policy).some(
    (statement) =>
      statement.dig("Effect").is("Deny") &&
      isEveryone(statement) &&
      list(statement.dig("Action")).some((action) => action.is("*", ...actions)) &&
      (!contents || coversContents(list(statement.dig("Resource")))) &&
      list(statement.dig("Condition", "Bool", "aws:SecureTransport")).some((value) => value.is("false", false)),
  );
}

function coversContents(resources: readonly Value[]): boolean {
  const names = resources.map((resource) => resource.text ?? "");
  const inside = names.some((name) => name.endsWith("/*"));
  return names.includes("*") || (inside && names.some((name) => !name.endsWith("/*")));
}
