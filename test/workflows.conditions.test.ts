import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { type Contexts, holds } from "./expressions";

type Result = "success" | "failure" | "cancelled" | "skipped";

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
}

const jobsOf = (workflow: string): Record<string, Job> => {
  const text = readFileSync(join(__dirname, "..", ".github", "workflows", `${workflow}.yml`), "utf8");
  return (parse(text) as { jobs: Record<string, Job> }).jobs;
};

/** A run of a workflow: its contexts, and how a job ends that is run. */
interface Run {
  readonly contexts: Contexts;
  /** @default success */
  readonly ends?: Readonly<Record<string, Result>>;
}

/**
 * How each job of a run ends, in the order of the file, which is that of the needs. GitHub docs, "Using conditions": a job runs
 * if its condition holds; without a status function in it, only after jobs that all succeeded.
 */
async function resultsOf(workflow: string, { contexts, ends = {} }: Run): Promise<Record<string, Result>> {
  const results: Record<string, Result> = {};
  for (const [name, { if: condition = "success()", needs = [] }] of Object.entries(jobsOf(workflow))) {
    const before = Object.fromEntries([needs].flat().map((job) => [job, { result: results[job], outputs: {} }]));
    const all = ancestors(workflow, name).map((job) => results[job]);
    const asks = /\b(always|cancelled|failure)\(\)/.test(condition);
    const free = asks || [needs].flat().every((job) => results[job] === "success");
    const runs = free && (await holds(condition, { ...contexts, needs: before }, { failed: all.includes("failure") }));
    results[name] = runs ? (ends[name] ?? "success") : "skipped";
  }
  return results;
}

function ancestors(workflow: string, name: string): string[] {
  const needs = [jobsOf(workflow)[name]?.needs ?? []].flat();
  return [...new Set(needs.flatMap((job) => [job, ...ancestors(workflow, job)]))];
}

const ranIn = (results: Record<string, Result>): string[] =>
  Object.entries(results)
    .filter(([, result]) => result !== "skipped")
    .map(([name]) => name);

const on = { KIBAN_DEPLOY: "on" };
const main = { ref: "refs/heads/main", repository: "acme/shop", actor: "ann", sha: "a".repeat(40) };

describe("the conditions of the workflows, by GitHub's own evaluator", () => {
  const deploy = (inputs: object, more: object = {}, ends: Run["ends"] = {}): Run => ({
    contexts: { vars: on, github: { ...main, ...more }, inputs },
    ends,
  });

  it("deploy: a push brings all three stacks up, one after the other", async () => {
    assert.deepEqual(ranIn(await resultsOf("deploy", deploy({}))), ["dev", "stg", "prod"]);
    assert.deepEqual(ranIn(await resultsOf("deploy", deploy({ stacks: "all" }))), ["dev", "stg", "prod"]);
  });

  it("deploy: one stack alone, where one was asked for", async () => {
    for (const stack of ["dev", "stg", "prod"]) {
      assert.deepEqual(ranIn(await resultsOf("deploy", deploy({ stacks: stack }))), [stack]);
    }
  });

  it("deploy: stops behind a stack that failed, was rejected, or lost its place to a newer run", async () => {
    for (const result of ["failure", "cancelled"] as const) {
      assert.deepEqual(ranIn(await resultsOf("deploy", deploy({}, {}, { dev: result }))), ["dev"], result);
      assert.deepEqual(ranIn(await resultsOf("deploy", deploy({}, {}, { stg: result }))), ["dev", "stg"], result);
    }
  });

  it("deploy, build, promote, rollback, drift: do nothing before they are switched on, nor from another branch", async () => {
    for (const workflow of ["deploy", "build", "promote", "rollback", "drift"]) {
      const inputs = { stacks: "all", stack: "stg", image: "api" };
      assert.notDeepEqual(ranIn(await resultsOf(workflow, { contexts: { vars: on, github: main, inputs } })), []);
      for (const contexts of [
        { vars: {}, github: main, inputs },
        { vars: { KIBAN_DEPLOY: "off" }, github: main, inputs },
        { vars: on, github: { ...main, ref: "refs/heads/topic" }, inputs },
        { vars: on, github: { ...main, ref: "refs/tags/main" }, inputs },
      ]) {
        assert.deepEqual(ranIn(await resultsOf(workflow, { contexts })), [], `${workflow} ${JSON.stringify(contexts)}`);
      }
    }
  });

  const pullRequest = (from: string, actor = "ann", vars: object = on): Contexts => ({
    vars,
    github: {
      ...main,
      ref: "refs/pull/7/merge",
      actor,
      event: { pull_request: { number: 7, head: { repo: { full_name: from } } } },
    },
  });
  const all = ["plan", "dev", "reviewed", "show", "show-reviewed"];

  it("preview: a pull request of the repository gets all, once it is switched on", async () => {
    assert.deepEqual(ranIn(await resultsOf("preview", { contexts: pullRequest("acme/shop") })), all);
    const off = await resultsOf("preview", { contexts: pullRequest("acme/shop", "ann", {}) });
    assert.deepEqual(ranIn(off), ["plan", "show"]);
  });

  it("preview: a fork, a repository of a like name and Dependabot get the plan, and nothing that has a token", async () => {
    for (const contexts of [
      pullRequest("mallory/shop"),
      pullRequest("acme/shop-2"),
      pullRequest("acme/shop", "dependabot[bot]"),
    ]) {
      assert.deepEqual(ranIn(await resultsOf("preview", { contexts })), ["plan"]);
    }
  });

  it("preview: shows what there is, whatever of it failed", async () => {
    for (const ends of [{ plan: "failure" }, { dev: "failure" }, { reviewed: "failure" }] as const) {
      assert.deepEqual(ranIn(await resultsOf("preview", { contexts: pullRequest("acme/shop"), ends })), all);
    }
  });

  it("drift: writes the issue whatever came of the looking", async () => {
    for (const result of ["success", "failure"] as const) {
      const results = await resultsOf("drift", { contexts: { vars: on, github: main }, ends: { look: result } });
      assert.deepEqual(ranIn(results), ["look", "issue"]);
    }
  });
});
