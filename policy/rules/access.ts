import type * as aws from "@pulumi/aws";

import { list, statements } from "../lib/documents";
import { on, rule, stackRule } from "../lib/rule";
import type { Environment } from "../lib/environment";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const noIamUsers = rule(
  {
    name: "no-iam-users",
    description: "Nobody and nothing has long-lived credentials of an IAM user",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["IAM.2", "IAM users should not have IAM policies attached"],
    remediationSteps: "Let people in through IAM Identity Center, programs by a role, pipelines by OIDC.",
  },
  on([...types.user, ...types.userKeys], ({ report }) => {
    report("IAM user", "has credentials that do not end", "use a role: Identity Center, a service's own, or OIDC");
  }),
);

/** Issuers whose tokens pipelines sign in with. */
const pipelines =
  /token\.actions\.githubusercontent\.com|gitlab\.com|oidc\.circleci\.com|agent\.buildkite\.com|api\.pulumi\.com|app\.terraform\.io/;

export const iamBoundary = rule(
  {
    name: "iam-boundary",
    description: "Roles that a pipeline signs in to stay within a permissions boundary, and no session lasts for long",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    remediationSteps: "Set permissionsBoundary; set maxSessionDuration to 4 hours or less.",
    config: {
      everyRole: { type: "boolean", default: false, description: "ask every role for a boundary" },
      seconds: { type: "integer", minimum: 3600, maximum: 43_200, default: 14_400, description: "longest session" },
    },
  },
  on<aws.iam.RoleArgs>(types.role, ({ props, config, report }) => {
    const boundary = props.at("permissionsBoundary");
    const bound = config.everyRole === true || isPipelineRole(props.at("assumeRolePolicy"));
    if (bound && boundary.isEmpty()) report(boundary, "is not set", "set it: what the pipeline makes stays within it");
    const duration = props.at("maxSessionDuration");
    if (Number(duration.known ?? 0) > Number(config.seconds)) {
      report(duration, "lets a stolen session work for long", `set it to ${Number(config.seconds)} or less`);
    }
  }),
);

function isPipelineRole(policy: Value): boolean {
  return statements(policy).some((statement) =>
    list(statement.dig("Principal", "Federated")).some((issuer) => pipelines.test(issuer.text ?? "")),
  );
}

const github = "token.actions.githubusercontent.com";

/**
 * A subject of one repository: by name, by name and number (the form of repositories made or moved from 2026-07-15),
 * or by number alone. The rest says from where: a branch, a tag, an environment, a pull request.
 */
const subject = /^(?:repo:[^/:*?@]+(?:@\d+)?\/[^/:*?@]+(?:@\d+)?|repository_id:\d+):(.+)$/;

/** What may act in production: an environment, whose reviewers GitHub asks, or one branch or tags that are protected. */
const released = /^(environment:[^*?]+|ref:refs\/heads\/[^*?]+|ref:refs\/tags\/.+)$/;

export const iamGithubOidc = rule(
  {
    name: "iam-github-oidc",
    description:
      "GitHub's workflows sign in from one repository, for STS alone, and to production from what is released",
    severity: "critical",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    remediationSteps:
      "Set StringEquals on aud, sts.amazonaws.com, and on sub, repo:ORG/REPO:environment:NAME (or with @ and numbers).",
  },
  on<aws.iam.RoleArgs>(types.role, ({ props, environment, report }) => {
    for (const statement of statements(props.at("assumeRolePolicy"))) {
      const federated = list(statement.dig("Principal", "Federated"));
      const isGithub = federated.some((issuer) => (issuer.text ?? "").includes(github));
      if (!statement.dig("Effect").is("Allow") || !isGithub) continue;
      const conditions = statement.dig("Condition");
      if (conditions.unknown) continue;
      const audiences = expected(conditions, `${github}:aud`);
      if (audiences.length === 0 || audiences.some((value) => value.isNot("sts.amazonaws.com"))) {
        report(statement, "takes tokens for other audiences", "add StringEquals on aud: sts.amazonaws.com");
      }
      const subjects = expected(conditions, `${github}:sub`);
      if (subjects.length === 0) {
        report(statement, "takes tokens of any repository", "add StringEquals on sub: repo:ORG/REPO:environment:NAME");
      }
      for (const value of subjects) {
        const wrong = faultOf(value, environment);
        if (wrong !== undefined) report(value, wrong, "set it to repo:ORG/REPO:environment:NAME");
      }
    }
  }),
  on<aws.iam.OpenIdConnectProviderArgs>(types.oidcProvider, ({ props, report }) => {
    const clients = props.at("clientIdLists");
    if (!(props.at("url").text ?? "").includes(github) || clients.unknown) return;
    if (clients.items().length === 0) report(clients, "are missing", 'set them to ["sts.amazonaws.com"]');
    for (const client of clients.items()) {
      if (client.isNot("sts.amazonaws.com")) {
        report(client, "is another audience than STS", "set it to sts.amazonaws.com");
      }
    }
  }),
);

/** Values that the claim must equal or be like. An operator that passes where the claim is missing holds nothing. */
function expected(conditions: Value, claim: string): Value[] {
  return conditions
    .keys()
    .filter((operator) => /^(ForAnyValue:)?String(Equals|Like)(IgnoreCase)?$/i.test(operator))
    .flatMap((operator) => {
      const block = conditions.dig(operator);
      const keys = block.keys().filter((key) => key.toLowerCase() === claim);
      return keys.flatMap((key) => list(block.dig(key)));
    });
}

function faultOf(value: Value, environment: Environment): string | undefined {
  if (value.text === undefined) return undefined;
  const from = subject.exec(value.text)?.[1];
  if (from === undefined) return "is of more than one repository";
  if (/^[*?]+$/.test(from)) return "lets every branch and pull request in";
  if (environment === "prod" && !released.test(from)) return "lets what is not released in to production";
  return undefined;
}

/** Where a role's policies can stand in the role, and the resources that hold them beside it. */
const ways = [
  { inside: "inlinePolicies", property: "role", beside: types.rolePolicy[0] },
  { inside: "inlinePolicies", property: "roleName", beside: types.rolePolicy[1] },
  { inside: "managedPolicyArns", property: "role", beside: types.rolePolicyAttachment[0] },
  { inside: "managedPolicyArns", property: "roleName", beside: types.rolePolicyAttachment[1] },
] as const;

export const iamRoleConflict = stackRule(
  {
    name: "iam-role-conflict",
    description: "A role's policies stand in it or beside it, not both: each would delete the other's",
    severity: "high",
    levels: "M/M/M",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    remediationSteps: "Move inlinePolicies into RolePolicy, managedPolicyArns into RolePolicyAttachment.",
  },
  types.role,
  ({ stack, report }) => {
    for (const role of stack.ofType(types.role)) {
      for (const { inside, property, beside } of ways) {
        const own = role.props.dig(inside);
        if (own.items().length === 0 || stack.referrers(role, property, [beside]).length === 0) continue;
        const kind = beside.split(":")[2] ?? beside;
        report(role, own, "are managed in the role and beside it", `keep them beside it, as ${kind}`);
      }
    }
  },
);
