import assert from "node:assert/strict";

import * as rules from "../../policy/rules/iam";
import type { Rule } from "../../policy/lib/rule";
import { type Break, UNKNOWN, analyse, assertLevels, testRule } from "./harness";

const role = "aws:iam/role:Role";
const policies = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/userPolicy:UserPolicy",
];
const document = (...statements: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const good = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" };

/** The rule on each type of policy and inside a role: statements that pass, and those with the finding that they give. */
function testStatements(rule: Rule, passing: object[], broken: (readonly [object, string])[]): void {
  const breaks = (path: string): Break[] =>
    broken.map(([statement, message]) => [
      path,
      document(good, { ...good, ...statement }),
      `${path}.Statement[1]${message}`,
    ]);
  for (const type of policies) {
    testRule(rule, type, { policy: document(good) }, breaks("policy"));
    it(`${rule.name} passes what ${type} may say`, () => {
      for (const statement of passing) {
        const text = document({ ...good, ...statement });
        assert.deepEqual(analyse(rule, type, { policy: text }), [], text);
      }
    });
  }
  testRule(rule, role, { inlinePolicies: [{ policy: document(good) }] }, breaks("inlinePolicies[0].policy"));
  testRule(rule, role, {}, []);
}

describe("what policies allow", () => {
  const cure = "name the actions and the resources";
  testStatements(
    rules.iamAdmin,
    [{ Effect: "Deny", Action: "*", Resource: "*" }, { Action: "*" }, { Action: "s3:*", Resource: "*" }],
    [
      [{ Action: "*", Resource: "*" }, ` allows everything on everything: ${cure}`],
      [
        { Action: ["s3:GetObject", "*:*"], Resource: ["arn:aws:s3:::data", "*"] },
        ` allows everything on everything: ${cure}`,
      ],
    ],
  );

  const every = "allows every action: name the actions that are needed";
  const anywhere = "is allowed on every resource: name the resources in Resource";
  const passed = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
  testStatements(
    rules.iamWildcards,
    [
      { Action: "*", Resource: "*" },
      { Action: ["s3:Get*", "logs:PutLogEvents"] },
      { Action: "cloudwatch:ListMetrics", Resource: "*" },
      { Action: "sns:Publish", Resource: "*" },
      { Action: "kms:Decrypt", Resource: "*", Condition: { StringEquals: { "kms:ViaService": "x" } } },
      { Action: "iam:PassRole", Resource: "arn:aws:iam::111111111111:role/r", Condition: passed },
      { Effect: "Deny", Action: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: undefined, NotAction: "s3:*", Resource: "*" },
    ],
    [
      [{ Action: ["s3:GetObject", "s3:*"] }, `.Action[1] ${every}`],
      [{ Action: "*" }, `.Action ${every}`],
      [
        { Action: undefined, NotAction: "iam:*" },
        ".NotAction allows all that it does not name: name the actions that are needed in Action",
      ],
      [{ Action: "secretsmanager:GetSecretValue", Resource: "*" }, `.Action ${anywhere}`],
      [{ Action: ["KMS:decrypt"], Resource: ["*"] }, `.Action[0] ${anywhere}`],
      [{ Action: "iam:AttachRolePolicy", Resource: "*" }, `.Action ${anywhere}`],
      [{ Action: "iam:PassRole", Resource: "*", Condition: passed }, `.Action ${anywhere}`],
    ],
  );
  it("lets a permissions boundary name whole services, and nothing that only looks like one", () => {
    const policy = document({ Effect: "Allow", Action: ["s3:*", "*"], Resource: "*" });
    for (const rule of [rules.iamAdmin, rules.iamWildcards]) {
      const found = (props: object) => analyse(rule, "aws:iam/policy:Policy", { policy, ...props }).length;
      assert.equal(found({ path: "/boundary/" }), 0, rule.name);
      for (const props of [{}, { path: "/" }, { path: "/team/boundary/" }, { path: UNKNOWN }]) {
        assert.ok(found(props) > 0, `${rule.name} ${JSON.stringify(props)}`);
      }
    }
  });

  it("iam-wildcards reads on past an unknown action", () => {
    const policy = { Statement: [{ ...good, Action: [UNKNOWN, "s3:*"] }] };
    assert.equal(analyse(rules.iamWildcards, "aws:iam/rolePolicy:RolePolicy", { policy }).length, 1);
  });
});

describe("iam-managed-admin", () => {
  const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
  const admins = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "job-function/SystemAdministrator"];
  const boundary = "arn:aws:iam::111111111111:policy/boundary/kiban";
  const breaks = (path: string): Break[] => [
    ...admins.map((name): Break => [
      path,
      arn(name),
      `${path} is for administrators: write a policy with what is needed`,
    ]),
    [path, boundary, `${path} is a permissions boundary: set it as the role's permissionsBoundary`],
  ];
  for (const type of [
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  ]) {
    testRule(rules.iamManagedAdmin, type, { policyArn: arn("ReadOnlyAccess") }, breaks("policyArn"));
    testRule(rules.iamManagedAdmin, type, { policyArn: "arn:aws:iam::111111111111:policy/AdministratorAccess" }, []);
  }
  for (const type of [
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  ]) {
    testRule(rules.iamManagedAdmin, type, { policyArns: [arn("x"), arn("y")] }, breaks("policyArns[1]"));
  }
  testRule(rules.iamManagedAdmin, role, { managedPolicyArns: [arn("x")] }, breaks("managedPolicyArns[0]"));
});

describe("iam-trust", () => {
  const rule = rules.iamTrust;
  const trust = (principal: unknown, condition?: object, effect = "Allow") => ({
    assumeRolePolicy: document({
      Effect: effect,
      Principal: principal,
      Action: "sts:AssumeRole",
      Condition: condition,
    }),
  });
  const provider = { allowedAccountIds: '["111111111111"]' };
  const at = (props: object, setting: object = { provider }) => {
    const findings = analyse(rule, role, { ...props }, setting);
    return typeof findings === "string" ? findings : findings.map((finding) => finding.message);
  };
  const path = "assumeRolePolicy.Statement[0]";
  const everyone = `${path} lets everyone assume the role: name the principal`;
  const account = `${path}.Principal.AWS is another account: add a condition on sts:ExternalId or aws:PrincipalOrgID`;
  const deputy = (service: string) =>
    `${path}.Principal.${service} may act for any account: add a condition on aws:SourceAccount or aws:SourceArn`;
  const own = { AWS: "arn:aws:iam::111111111111:role/ci" };
  const other = { AWS: "arn:aws:iam::222222222222:root" };

  it("reports everyone, an account without its id, and a service that acts for all", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      const given = { provider, stack: environment };
      const check = (props: object) => analyse(rule, role, { ...props }, given);
      for (const principal of ["*", { AWS: "*" }]) assertLevels(rule, environment, check(trust(principal)), [everyone]);
      assertLevels(rule, environment, check(trust(other)), [account]);
      assertLevels(rule, environment, check(trust({ Service: "ecs-tasks.amazonaws.com" })), [deputy("Service")]);
    }
    assert.deepEqual(at(trust({ AWS: "222222222222" })), [account]);
    assert.deepEqual(at(trust({ AWS: ["*", "222222222222"] })), [everyone]);
    assert.deepEqual(at(trust({ Service: ["ec2.amazonaws.com", "scheduler.amazonaws.com"] })), [deputy("Service[1]")]);
    assert.deepEqual(at(trust("*", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } })), [everyone]);
    assert.deepEqual(at(trust(other, { Bool: { "aws:MultiFactorAuthPresent": "true" } })), [account]);
  });

  it("passes the account itself, conditions that name the caller, denials, and services that say nothing", () => {
    for (const props of [
      trust(own),
      trust({ Service: "lambda.amazonaws.com" }),
      trust({ Service: "ecs-tasks.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": "111111111111" } }),
      trust({ Service: "scheduler.amazonaws.com" }, { ArnLike: { "AWS:SourceArn": "arn:aws:scheduler:*" } }),
      trust(other, { StringEquals: { "sts:ExternalId": "id" } }),
      trust("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
      trust("*", undefined, "Deny"),
      { assumeRolePolicy: UNKNOWN },
    ]) {
      assert.deepEqual(at(props), [], JSON.stringify(props));
    }
  });

  it("cannot tell another account while its own is unknown", () => {
    assert.deepEqual(at(trust(other), {}), []);
    assert.deepEqual(at(trust(other), { provider: { allowedAccountIds: UNKNOWN } }), []);
  });
});
