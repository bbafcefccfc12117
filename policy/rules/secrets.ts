import type * as aws from "@pulumi/aws";

import { on, rule, stackRule } from "../lib/rule";
import { looksSecret } from "../lib/secrets";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";

const wrong = "looks like a secret in the clear";

export const envPlaintextSecret = rule(
  {
    name: "env-plaintext-secret",
    description: "No environment variable of a container or a function holds a secret",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["ECS.8", "Secrets should not be passed as container environment variables"],
    remediationSteps:
      "Keep the value in Secrets Manager: name it in the container's secrets, or read it in the function.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    const containers = props.at("containerDefinitions").json<{ environment?: { name?: string; value?: string }[] }[]>();
    for (const container of containers.items()) {
      for (const variable of container.at("environment").items()) {
        const name = variable.at("name").text ?? "";
        if (looksSecret(name, variable.at("value").text ?? "")) {
          report(variable, `(${name}) ${wrong}`, "name it in the container's secrets, by valueFrom");
        }
      }
    }
  }),
  on<aws.lambda.FunctionArgs>(types.lambda, ({ props, report }) => {
    const variables = props.at("environment").dig("variables");
    for (const name of variables.keys()) {
      const value = variables.dig(name);
      if (looksSecret(name, value.text ?? "")) report(value, wrong, "read it from Secrets Manager in the function");
    }
  }),
);

/** Longest time between two rotations. AWS: FSBP SecretsManager.4. */
const mostDays = 90;

export const secretRotation = stackRule(
  {
    name: "secret-rotation",
    description: "Secrets that hold a database's login are rotated, and every rotation comes within 90 days",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["SecretsManager.1", "Secrets Manager secrets should have automatic rotation enabled"],
    remediationSteps: "Add a SecretRotation with automaticallyAfterDays of 90 or less.",
  },
  [...types.secret, ...types.secretRotation],
  ({ stack, report }) => {
    for (const secret of stack.ofType(types.secret)) {
      // Only who knows what a secret opens can change it: a function of ours can where it is a database, and not
      // where another company gave the key.
      if (!isLogin(stack, secret)) continue;
      if (stack.referrers(secret, "secretId", types.secretRotation).length > 0) continue;
      report(secret, "rotation", "is missing", "add an aws.secretsmanager.SecretRotation");
    }
    for (const rotation of stack.ofType(types.secretRotation)) {
      const rules = rotation.props.dig("rotationRules");
      const days = rules.dig("automaticallyAfterDays");
      const rate = /^rate\((\d+) days?\)$/.exec(rules.dig("scheduleExpression").text ?? "")?.[1];
      if (Number(days.known ?? rate ?? 0) > mostDays) {
        const at = days.known === undefined ? rules.dig("scheduleExpression") : days;
        report(rotation, at, `is longer than ${mostDays} days`, `set it to ${mostDays} or less`);
      }
    }
  },
);

/** Whether a proxy signs in by it, or its value has the form that RDS' rotation functions read. */
function isLogin(stack: Stack, secret: Node): boolean {
  if (stack.referrers(secret, "auths", types.dbProxy).length > 0) return true;
  return stack.referrers(secret, "secretId", types.secretVersion).some((version) => {
    const keys = version.props.dig("secretString").json().keys();
    return keys.includes("password") && (keys.includes("engine") || keys.includes("host"));
  });
}
