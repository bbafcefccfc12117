import assert from "node:assert/strict";

import { planStack } from "../../plan/run";
import { type Workspace } from "../../sandbox/command/workspace";
import { describeEngine, openSandbox, useFixtureStacks } from "./engine";
import { findingsOf, ofPlan } from "./findings";
import { program, useProgram } from "./programs";

const stack = "stg";

interface Breakage {
  readonly policy: string;
  readonly what: string;
  readonly text: string;
  /** What only an update can see; until then an advisory note at most. */
  readonly hidden?: true;
}

const breakages: readonly Breakage[] = [
  { policy: "account-allow-list", what: "a provider for any account", text: program("", {}) },
  {
    policy: "tag-required-keys",
    what: "a provider without default tags",
    text: program("", { allowedAccountIds: ["222222222222"], defaultTags: { tags: { Project: "kiban" } } }),
  },
  {
    policy: "sg-open-ingress",
    what: "a port open to the world",
    text: program(`
new aws.ec2.SecurityGroup("open", {
  description: "open",
  ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
}, opts);`),
  },
  {
    policy: "image-pinned",
    what: "an image named latest in text that no preview knows",
    hidden: true,
    text: program(`
const images = new aws.ecr.Repository("images", {
  imageTagMutability: "IMMUTABLE",
  encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
}, opts);
new aws.ecs.TaskDefinition("task", {
  family: "task",
  taskRoleArn: "arn:aws:iam::222222222222:role/task",
  executionRoleArn: "arn:aws:iam::222222222222:role/execution",
  containerDefinitions: pulumi.jsonStringify([{ name: "app", image: pulumi.interpolate\`\${images.repositoryUrl}:latest\` }]),
}, opts);`),
  },
];

describeEngine("a broken policy", () => {
  let sandbox: Workspace;
  before(async () => {
    sandbox = await openSandbox(stack);
  });

  for (const { policy, what, text, hidden } of breakages) {
    it(`${policy}: ${what}`, async () => {
      await sandbox.prepare((copy) => {
        useFixtureStacks(copy);
        useProgram(copy, text);
      });
      const mandatory = (findings: readonly string[]): string[] =>
        findings.filter((finding) => finding.startsWith(`mandatory ${policy} `));

      const preview = await sandbox.run("preview");
      const asPreview = ofPlan((await planStack({ projectDir: sandbox.copy, stack, asPreview: true })).violations);
      assert.deepEqual(findingsOf(preview.stdout), asPreview);
      assert.equal(preview.code === 0, hidden === true, preview.stdout);
      assert.equal(mandatory(asPreview).length > 0, hidden !== true);

      const planned = ofPlan((await planStack({ projectDir: sandbox.copy, stack })).violations);
      assert.notDeepEqual(mandatory(planned), [], "the default plan says it beforehand");

      const up = await sandbox.run("up");
      assert.notEqual(up.code, 0, up.stdout);
      const stopped = mandatory(findingsOf(up.stdout));
      assert.notDeepEqual(stopped, []);
      for (const finding of stopped) assert.ok(planned.includes(finding), `${finding} is in the plan`);
      const made = sandbox.held().map(({ type }) => type);
      if (hidden === true) {
        assert.ok(!made.includes("aws:ecs/taskDefinition:TaskDefinition"), "the broken resource is not made");
      } else {
        assert.deepEqual(made, [], "nothing is made");
      }
    });
  }
});
