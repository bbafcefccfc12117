import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ImageRepository, type ImageRepositoryArgs } from "../../components/image-repository/image-repository";
import { children, resource, run } from "../harness";

const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/00000000-0000-0000-0000-000000000000";
const make = (args: Partial<ImageRepositoryArgs> = {}) =>
  run(() => void new ImageRepository("api-images", { keyArn, keep: false, ...args }));

const repository = "aws:ecr/repository:Repository";
const lifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

describe("ImageRepository", () => {
  it("makes a repository and its lifecycle", async () => {
    assert.deepEqual(children(await make(), "api-images"), [
      "aws:ecr/lifecyclePolicy:LifecyclePolicy api-images-lifecycle",
      "aws:ecr/repository:Repository api-images-repository",
    ]);
  });

  it("never moves a tag, scans what is pushed, encrypts with the key", async () => {
    const { inputs } = resource(await make(), repository, "api-images-repository");
    assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
    assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true });
    assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS", kmsKey: keyArn }]);
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: protect ${keep}, forceDelete ${!keep}`, async () => {
      const own = resource(await make({ keep }), repository, "api-images-repository");
      assert.equal(own.options["protect"], keep);
      assert.equal(own.inputs["forceDelete"], !keep);
    });
  }

  for (const [what, args, keepImages, untaggedDays] of [
    ["by default", {}, 50, 7],
    ["as asked", { keepImages: 100, untaggedDays: 1 }, 100, 1],
  ] as const) {
    it(`drops untagged images first, then all but the newest tagged ones, ${what}`, async () => {
      const result = await make(args);
      const { inputs } = resource(result, lifecycle, "api-images-lifecycle");
      assert.equal(inputs["repository"], resource(result, repository, "api-images-repository").outputs["name"]);
      assert.deepEqual(JSON.parse(inputs["policy"] as string), {
        rules: [
          {
            rulePriority: 1,
            description: `Untagged images expire after ${untaggedDays} days`,
            selection: {
              tagStatus: "untagged",
              countType: "sinceImagePushed",
              countUnit: "days",
              countNumber: untaggedDays,
            },
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            description: `The newest ${keepImages} tagged images stay`,
            selection: {
              tagStatus: "tagged",
              tagPatternList: ["*"],
              countType: "imageCountMoreThan",
              countNumber: keepImages,
            },
            action: { type: "expire" },
          },
        ],
      });
    });
  }

  it("offers pull and push, each with no more than it takes", async () => {
    let accesses: unknown;
    const result = await run(async () => {
      const { pull, push } = new ImageRepository("api-images", { keyArn, keep: false });
      accesses = await new Promise((resolve) => pulumi.output([pull, push]).apply(resolve));
    });
    const { arn, repositoryUrl } = resource(result, repository, "api-images-repository").outputs;
    const token = { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" };
    const reading = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    const writing = [
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ];
    const access = (Action: string[]) => ({
      name: "api-images",
      env: { URL: repositoryUrl },
      statements: [{ Effect: "Allow", Action, Resource: arn }, token],
    });
    assert.deepEqual(accesses, [access(reading), access([...reading, ...writing])]);
  });

  it("gives out its address, ARN and name", async () => {
    const result = await make();
    const own = resource(result, repository, "api-images-repository").outputs;
    const outputs = resource(result, "kiban:index:ImageRepository", "api-images").outputs;
    assert.equal(outputs["url"], own["repositoryUrl"]);
    assert.equal(outputs["arn"], own["arn"]);
    assert.equal(outputs["repositoryName"], own["name"]);
  });

  for (const [args, line] of [
    [{ keepImages: 0 }, "keepImages: was 0; allowed: a whole number from 1; set how many"],
    [{ keepImages: 1.5 }, "keepImages: was 1.5; allowed: a whole number from 1; set how many"],
    [{ untaggedDays: 0 }, "untaggedDays: was 0; allowed: a whole number from 1; set how many"],
  ] as const) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `ImageRepository "api-images":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name that makes no variable", async () => {
    const result = await run(() => void new ImageRepository("Api_Images", { keyArn, keep: false }));
    assert.equal(
      result.error?.message,
      'ImageRepository "Api_Images":\n  name: was "Api_Images"; allowed: kebab-case, such as api-images; rename the component',
    );
    assert.deepEqual(result.resources, []);
  });

  it("gives each transform its child", async () => {
    const result = await make({
      transform: { repository: { imageTagMutability: "MUTABLE" }, lifecycle: (ours) => ({ ...ours, policy: "{}" }) },
    });
    assert.equal(resource(result, repository, "api-images-repository").inputs["imageTagMutability"], "MUTABLE");
    assert.equal(resource(result, lifecycle, "api-images-lifecycle").inputs["policy"], "{}");
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new ImageRepository(name, { keyArn, keep: true });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 6);
  });
});
