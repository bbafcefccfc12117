import type * as aws from "@pulumi/aws";

import { stackOf } from "../lib/environment";
import { on, rule } from "../lib/rule";
import { types } from "../lib/types";

const providerUrl = "https://www.pulumi.com/registry/packages/aws/installation-configuration/";

export const accountAllowList = rule(
  {
    name: "account-allow-list",
    description: "Each AWS provider is held to one account",
    severity: "high",
    levels: "A/M/M",
    url: providerUrl,
    remediationSteps: "Set the provider's allowedAccountIds to the stack's account, and to it alone.",
    config: {
      accounts: {
        type: "object",
        additionalProperties: { type: "string" },
        default: {},
        description: "account by stack name, or by environment; any one account while the stack has none here",
      },
    },
  },
  on<aws.ProviderArgs>(types.provider, ({ urn, props, environment, config, report }) => {
    const ids = props.at("allowedAccountIds").json<string[]>();
    if (ids.unknown) return;
    const [first, ...others] = ids.items();
    if (first === undefined || others.length > 0) {
      report("allowedAccountIds", "does not name exactly one account", "set it to the stack's account id alone");
    } else if (!first.unknown && !/^\d{12}$/.test(first.text ?? "")) {
      report(first, "is no account id", "set it to the stack's account id: 12 digits, in quotes");
    } else {
      const accounts = config.accounts as Readonly<Record<string, string>>;
      const own = accounts[stackOf(urn)] ?? accounts[environment];
      if (own !== undefined && first.isNot(own)) report(first, "is another stack's account", `set it to ${own}`);
    }
  }),
);

export const providerNoStaticKeys = rule(
  {
    name: "provider-no-static-keys",
    description: "No AWS provider is given an access key",
    severity: "critical",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles",
    remediationSteps: "Remove the key and let the provider assume a role, or use the environment's credentials.",
  },
  on<aws.ProviderArgs>(types.provider, ({ props, report }) => {
    for (const key of [props.at("accessKey"), props.at("secretKey"), props.at("token")]) {
      if (key.unknown || !key.isEmpty()) report(key, "is set", "remove it; use assumeRoles or OIDC");
    }
  }),
);
