"use strict";

/**
 * Whether a policy's document allows the action on the resource, conditions left aside. Denies are left aside too: a role
 * that is denied once more loses nothing.
 */
exports.allows = (document, action, resource) =>
  [document.Statement ?? []]
    .flat()
    .some(
      (statement) =>
        statement.Effect === "Allow" &&
        covers(statement.Action, statement.NotAction, action.toLowerCase(), (pattern) => pattern.toLowerCase()) &&
        covers(statement.Resource, statement.NotResource, resource, (pattern) => pattern),
    );

function covers(patterns, notPatterns, value, normal) {
  const matches = (pattern) => wildcard(normal(pattern)).test(value);
  if (patterns !== undefined) return [patterns].flat().some(matches);
  return notPatterns !== undefined && ![notPatterns].flat().some(matches);
}

/** `*` stands for any text, `?` for one character; everything else for itself. */
function wildcard(pattern) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
