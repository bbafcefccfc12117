import * as assert from "node:assert/strict";

import { DeployRoles, type DeployRolesArgs, type Purpose } from "../../components/deploy-roles/deploy-roles";
import { resource, run } from "../harness";
import { type Claims, mayAssume } from "../iam/trust";
import { least, provider } from "./deploy-roles-fixture";

const ids = { ownerId: 1234567, repositoryId: 89012345 };
const inBothForms: Partial<DeployRolesArgs> = { repository: { owner: "example", name: "shop", ...ids } };

/** Trust policies by purpose, as they are registered. */
async function trustsOf(args: Partial<DeployRolesArgs>): Promise<Record<Purpose, unknown>> {
  const result = await run(() => void new DeployRoles("github", { ...least, ...args }));
  assert.equal(result.error, undefined);
  const of = (purpose: Purpose): unknown =>
    resource(result, "aws:iam/role:Role", `github-${purpose}-role`).checked["assumeRolePolicy"];
  return { preview: of("preview"), deploy: of("deploy"), push: of("push"), site: of("site") };
}

const token = (sub: string, more: Partial<Claims> = {}): Claims => ({
  iss: "https://token.actions.githubusercontent.com",
  aud: "sts.amazonaws.com",
  sub,
  ...more,
});

/** What a job of the repository says, in either form. GitHub docs, "OpenID Connect reference": the subject claims. */
const forms = { names: "repo:example/shop", ids: "repo:example@1234567/shop@89012345" };
type Job =
  "pull request" | "push to main" | "push to a branch" | "tag" | "stg" | "stg-preview" | "prod" | "prod-preview";
const jobs: Record<Job, string> = {
  "pull request": "pull_request",
  "push to main": "ref:refs/heads/main",
  "push to a branch": "ref:refs/heads/stg",
  tag: "ref:refs/tags/stg",
  stg: "environment:stg",
  "stg-preview": "environment:stg-preview",
  prod: "environment:prod",
  "prod-preview": "environment:prod-preview",
};

/** The jobs that may assume each role of stack stg, and with previews from pull requests. */
const allowed: Record<Purpose, readonly Job[]> = {
  preview: ["stg-preview", "push to main"],
  deploy: ["stg"],
  push: ["stg", "push to main"],
  site: ["stg"],
};

describe("who may assume the roles of DeployRoles", () => {
  for (const [form, repository] of Object.entries(forms)) {
    for (const purpose of ["preview", "deploy", "push", "site"] as const) {
      it(`${purpose}: ${allowed[purpose].join(", ")}, and no other job (${form})`, async () => {
        const trust = (await trustsOf(inBothForms))[purpose];
        const passing = Object.entries(jobs)
          .filter(([, context]) => mayAssume(trust, token(`${repository}:${context}`), provider))
          .map(([job]) => job);
        assert.deepEqual(passing.sort(), [...allowed[purpose]].sort());
      });
    }

    it(`preview of a stack without a reviewer: pull requests, and the branch (${form})`, async () => {
      const { preview } = await trustsOf({ ...inBothForms, previewFrom: "pullRequests" });
      const passing = Object.entries(jobs)
        .filter(([, context]) => mayAssume(preview, token(`${repository}:${context}`), provider))
        .map(([job]) => job);
      assert.deepEqual(passing.sort(), ["pull request", "push to main"]);
    });
  }

  const strangers: [string, string][] = [
    ["a fork", "repo:stranger/shop"],
    ["a repository whose name begins alike", "repo:example/shop-copy"],
    ["a repository whose name ends alike", "repo:example/my-shop"],
    ["an owner whose name begins alike", "repo:example-two/shop"],
    ["other case", "repo:Example/Shop"],
    ["a later owner of the name", "repo:example@7654321/shop@89012345"],
    ["a later repository of the name", "repo:example@1234567/shop@1"],
    ["ids without names", "repo:1234567/89012345"],
    ["names in place of ids", "repo:example@example/shop@shop"],
    ["a repository called by a pattern", "repo:*/*"],
  ];
  for (const [who, repository] of strangers) {
    it(`nobody else: ${who}`, async () => {
      for (const previewFrom of ["pullRequests", "reviewedEnvironment"] as const) {
        for (const trust of Object.values(await trustsOf({ ...inBothForms, previewFrom }))) {
          for (const context of Object.values(jobs)) {
            assert.equal(
              mayAssume(trust, token(`${repository}:${context}`), provider),
              false,
              `${repository}:${context}`,
            );
          }
        }
      }
    });
  }

  it("no token for another audience, and none of another issuer", async () => {
    const trusts = Object.entries(await trustsOf(inBothForms));
    for (const [purpose, trust] of trusts) {
      const sub = `${forms.ids}:environment:${purpose === "preview" ? "stg-preview" : "stg"}`;
      assert.equal(mayAssume(trust, token(sub), provider), true, purpose);
      // What GitHub gives a job that asks for no audience.
      assert.equal(mayAssume(trust, token(sub, { aud: "https://github.com/example" }), provider), false, purpose);
      const other = { iss: "https://gitlab.example.com" };
      assert.equal(
        mayAssume(trust, token(sub, other), provider.replace(/\/.*/, "/gitlab.example.com")),
        false,
        purpose,
      );
    }
  });

  const context = "environment:stg";
  const byForm = async (args: Partial<DeployRolesArgs>): Promise<string[]> => {
    const { deploy } = await trustsOf(args);
    return Object.entries(forms)
      .filter(([, repository]) => mayAssume(deploy, token(`${repository}:${context}`), provider))
      .map(([form]) => form);
  };
  it("trusts names alone without ids, both with them, and one of both as asked", async () => {
    assert.deepEqual(await byForm({}), ["names"]);
    assert.deepEqual(await byForm(inBothForms), ["names", "ids"]);
    assert.deepEqual(await byForm({ ...inBothForms, subjects: ["ids"] }), ["ids"]);
    assert.deepEqual(await byForm({ ...inBothForms, subjects: ["names"] }), ["names"]);
  });

  it("builds on the branch that it is told", async () => {
    const { push } = await trustsOf({ branch: "release/2026" });
    assert.equal(mayAssume(push, token(`${forms.names}:ref:refs/heads/release/2026`), provider), true);
    assert.equal(mayAssume(push, token(`${forms.names}:ref:refs/heads/main`), provider), false);
  });
});

describe("the evaluator of trust policies", () => {
  const statement = (more: object = {}) => ({
    Effect: "Allow",
    Principal: { Federated: provider },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:a/b:environment:x" } },
    ...more,
  });
  const passes = (...Statement: object[]): boolean =>
    mayAssume({ Statement }, token("repo:a/b:environment:x"), provider);
  const key = "token.actions.githubusercontent.com";

  it("follows patterns where a policy has some", () => {
    assert.equal(passes(statement({ Condition: { StringLike: { [`${key}:sub`]: "repo:a/*" } } })), true);
    assert.equal(passes(statement({ Condition: { StringLike: { [`${key}:sub`]: "repo:a/b:?" } } })), false);
    assert.equal(passes(statement({ Condition: { StringEquals: { [`${key}:sub`]: "repo:a/*" } } })), false);
  });

  it("wants every condition, and none that denies", () => {
    assert.equal(passes(statement()), true);
    assert.equal(passes(statement(), statement({ Effect: "Deny" })), false);
    const both = { StringEquals: { [`${key}:sub`]: "repo:a/b:environment:x", [`${key}:aud`]: "other" } };
    assert.equal(passes(statement({ Condition: both })), false);
    assert.equal(passes(statement({ Condition: {} })), true);
    assert.equal(passes(statement({ Principal: { Federated: "arn:other" } })), false);
    assert.equal(passes(statement({ Action: "sts:AssumeRole" })), false);
  });

  it("does not let a missing key pass", () => {
    assert.equal(passes(statement({ Condition: { StringEquals: { [`${key}:actor`]: "me" } } })), false);
    assert.equal(passes(statement({ Condition: { StringEqualsIfExists: { [`${key}:actor`]: "me" } } })), true);
  });
});
