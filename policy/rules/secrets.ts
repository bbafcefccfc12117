import type * as aws from "@pulumi/aws";

import { modelContainers } from "../lib/containers";
import { lacksCustomerKey } from "../lib/keys";
import { on, rule, stackRule } from "../lib/rule";
import { holdsSecret, looksSecret } from "../lib/secrets";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";

const wrong = "looks like a secret in the clear";

export const envPlaintextSecret = rule(
  {
    name: "env-plaintext-secret",
    description: "No environment variable of a container, a function or a model holds a secret",
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
  on<aws.sagemaker.ModelArgs>(types.sagemakerModel, ({ props, report }) => {
    for (const container of modelContainers(props)) {
      const variables = container.dig("environment");
      for (const name of variables.keys()) {
        const value = variables.dig(name);
        if (looksSecret(name, value.text ?? "")) report(value, wrong, "read it from Secrets Manager in the container");
      }
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
    const value = version.props.dig("secretString").json();
    const keys = value.keys().filter((key) => !value.dig(key).isEmpty());
    return keys.includes("password") && (keys.includes("engine") || keys.includes("host"));
  });
}

export const ssmSecure = rule(
  {
    name: "ssm-secure",
    description: "Parameters that hold a secret are SecureString, under a customer-managed key",
    severity: "critical",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
    remediationSteps: "Set type to SecureString, value in place of insecureValue, and keyId to the stack's key.",
  },
  on<aws.ssm.ParameterArgs>(types.parameter, ({ props, report }) => {
    const name = (props.at("name").text ?? "").split("/").at(-1) ?? "";
    const type = props.at("type");
    const open = props.at("insecureValue");
    const key = props.at("keyId");
    if (looksSecret(name, open.text ?? "")) report(open, wrong, "set value, with type SecureString");
    if (type.is("SecureString") && lacksCustomerKey(key)) {
      report(key, "is not a customer-managed key", "set it to the stack's key");
    }
    if (type.isNot("SecureString") && looksSecret(name, props.at("value").text ?? "")) {
      report(type, "leaves a secret in the clear", "set it to SecureString, with keyId");
    }
  }),
);

export const userdataSecret = rule(
  {
    name: "userdata-secret",
    description: "What an instance runs at its start holds no secret",
    severity: "critical",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
    remediationSteps: "Read the value from Secrets Manager in the script, with the instance's role.",
  },
  on<aws.ec2.InstanceArgs>([...types.instance, ...types.launchTemplate], ({ props, report }) => {
    for (const data of [props.at("userData"), props.at("userDataBase64")]) {
      const script = data.text ?? "";
      // Launch templates take base64 in userData itself.
      const decoded = Buffer.from(script, "base64").toString();
      if (holdsSecret(script) || holdsSecret(decoded)) {
        report(data, wrong, "read it from Secrets Manager in the script");
      }
    }
  }),
);
