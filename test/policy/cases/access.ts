import { types } from "../../../policy/lib/types";
import { iamBoundary, iamGithubOidc, iamRoleConflict, noIamUsers } from "../../../policy/rules/access";
import { ssmSecure, userdataSecret } from "../../../policy/rules/secrets";
import {
  type Case,
  EMPTIED,
  type Proof,
  atMostOrUnset,
  customerKey,
  given,
  keyArn,
  one,
  proof,
  values,
} from "../proof";

const issuer = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
const claim = "token.actions.githubusercontent.com";
const environment = "repo:acme/shop:environment:prod";
const trust = (sub: string, operator = "StringEquals") => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Federated: issuer },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${claim}:aud`]: "sts.amazonaws.com",
          ...(operator === "StringEquals" && { [`${claim}:sub`]: sub }),
        },
        ...(operator !== "StringEquals" && { [operator]: { [`${claim}:sub`]: sub } }),
      },
    },
  ],
});
const role = (sub: string) => ({ assumeRolePolicy: JSON.stringify(trust(sub, "StringLike")) });
const inTrust = "assumeRolePolicy>Statement[0]";
const audience = `${inTrust}.Condition.StringEquals["${claim}:aud"]`;
const subject = `${inTrust}.Condition.StringLike["${claim}:sub"]`;
const statement = { at: "assumeRolePolicy.Statement[0]" };

const anywhere = [
  "*",
  "repo:*",
  "repo:acme/*",
  "repo:acme/*:environment:prod",
  "repo:acme/shop*:environment:prod",
  "repo:*/shop:environment:prod",
  "repo:acme@1/*:environment:prod",
  "repo:acme/shop:*",
  "repo:acme@12/shop@34:*",
  "repository_owner_id:12:environment:prod",
];
const unreleased = ["repo:acme/shop:pull_request", "repo:acme/shop:ref:refs/heads/*", "repo:acme/shop:environment:*"];
const released = [
  "repo:acme@12/shop@34:environment:prod",
  "repo:acme/shop:ref:refs/heads/main",
  "repo:acme/shop:ref:refs/tags/v*",
  "repository_id:34:environment:prod",
];

const conflict = (inside: string, value: unknown, type: string | undefined, property: string): Case => ({
  resources: {
    role: {
      type: types.role,
      inputs: { [inside]: [value] },
      breaks: [values(inside, [], [undefined, EMPTIED])],
    },
    beside: {
      type: type ?? "",
      inputs: {},
      links: { [property]: "role" },
      added: { on: "role", at: inside, needs: [`role.${inside}`] },
    },
  },
});

/** What is beside the role already lets nothing be in it. */
const inside = (property: string, value: unknown, type: string | undefined): Case => ({
  resources: {
    role: { type: types.role, inputs: {}, breaks: [values(property, [[value]], [undefined])] },
    beside: { type: type ?? "", inputs: {}, links: { role: "role" } },
  },
});

const encoded = (script: string): string => Buffer.from(script).toString("base64");
const scripts = [
  "#!/bin/sh\nexport DB_PASSWORD=hunter2\n",
  "api_key: s3cr3t\n",
  '{"client_secret": "s3cr3t"}',
  "psql postgres://a:pw@db/x",
];
const fine = [
  "#!/bin/sh\nDB_PASSWORD=$(aws secretsmanager get-secret-value)\n",
  "SECRET_ARN=arn:aws:secretsmanager:x\n",
];

export const access: readonly Proof[] = [
  proof(noIamUsers, {
    resources: {
      role: { type: types.role, inputs: {} },
      user: { type: [...types.user, ...types.userKeys], inputs: {}, added: { at: "IAM user" } },
    },
  }),
  proof(
    iamBoundary,
    one(
      types.role,
      { ...role(environment), permissionsBoundary: "arn:aws:iam::111111111111:policy/ci", maxSessionDuration: 3600 },
      [given("permissionsBoundary", { needs: ["assumeRolePolicy"] }), atMostOrUnset("maxSessionDuration", 14_400)],
    ),
    one(types.role, { permissionsBoundary: "arn:aws:iam::111111111111:policy/ci" }, [given("permissionsBoundary")], {
      config: { everyRole: true },
    }),
  ),
  proof(
    iamGithubOidc,
    one(types.role, role(environment), [
      values(subject, [...anywhere, ...unreleased, ["repo:acme/shop:environment:prod", "repo:evil/*:x"]], released),
      values(audience, ["https://github.com/acme", "sts.amazonaws.com.cn"], [["sts.amazonaws.com"]], statement),
      values(audience, [undefined], [], statement),
      values(subject, [undefined], [], statement),
      values(`${inTrust}.Condition`, [undefined, EMPTIED, { Bool: { "aws:SecureTransport": "true" } }], [], {
        ...statement,
        findings: 2,
      }),
      values(`${inTrust}.Condition.StringLike`, [undefined], [], statement),
    ]),
    one(
      types.role,
      role("repo:acme/shop:pull_request"),
      [values(subject, anywhere, [environment, ...unreleased.slice(0, 2)])],
      {
        stack: "dev",
      },
    ),
    // An operator that also passes where the claim is missing.
    one(types.role, { assumeRolePolicy: JSON.stringify(trust(environment)) }, [
      values(
        `${inTrust}.Condition`,
        [undefined, { StringEqualsIfExists: trust(environment).Statement[0]?.Condition.StringEquals }],
        [],
        { ...statement, findings: 2 },
      ),
    ]),
    one(types.oidcProvider, { url: `https://${claim}`, clientIdLists: ["sts.amazonaws.com"] }, [
      values("clientIdLists[0]", ["https://github.com/acme", "*"]),
      values("clientIdLists", [undefined, EMPTIED]),
    ]),
    one(types.oidcProvider, { url: "https://gitlab.com", clientIdLists: ["https://gitlab.com"] }, [
      values("url", [`https://${claim}`], [undefined], { at: "clientIdLists[0]" }),
    ]),
  ),
  proof(
    iamRoleConflict,
    conflict("inlinePolicies", { name: "a", policy: "{}" }, types.rolePolicy[0], "role"),
    conflict("inlinePolicies", { name: "a", policy: "{}" }, types.rolePolicy[1], "roleName"),
    conflict("managedPolicyArns", "arn:aws:iam::aws:policy/ReadOnlyAccess", types.rolePolicyAttachment[0], "role"),
    conflict("managedPolicyArns", "arn:aws:iam::aws:policy/ReadOnlyAccess", types.rolePolicyAttachment[1], "roleName"),
    inside("inlinePolicies", { name: "a", policy: "{}" }, types.rolePolicy[0]),
    inside("managedPolicyArns", "arn:aws:iam::aws:policy/ReadOnlyAccess", types.rolePolicyAttachment[0]),
  ),
  proof(
    ssmSecure,
    one(types.parameter, { name: "/shop/db_password", type: "SecureString", value: "hunter2", keyId: keyArn }, [
      values("type", [undefined, "String", "StringList"]),
      customerKey("keyId", { needs: ["type"] }),
    ]),
    one(types.parameter, { name: "/shop/mode", type: "String", value: "live", insecureValue: "live" }, [
      values("value", ["postgres://a:pw@db/x"], [undefined, "/other"], { at: "type" }),
      values("insecureValue", ["postgres://a:pw@db/x"], [undefined]),
    ]),
    one(types.parameter, { name: "/shop/mode", type: "String", value: "live" }, [
      values("name", ["/shop/api_key", "/shop/dbPassword"], ["/shop/secret_arn", undefined], { at: "type" }),
    ]),
  ),
  proof(
    userdataSecret,
    one(
      [...types.instance, ...types.launchTemplate],
      { userData: "#!/bin/sh\necho hello\n", userDataBase64: encoded("echo") },
      [
        values("userData", [...scripts, ...scripts.map(encoded)], [...fine, ...fine.map(encoded), undefined]),
        values("userDataBase64", scripts.map(encoded), [...fine.map(encoded), undefined]),
      ],
    ),
  ),
];
