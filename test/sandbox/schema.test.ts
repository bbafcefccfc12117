import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { format, generate } from "../../sandbox/schema/generate";
import { isPluginFramework } from "../../sandbox/schema/framework";
import { shapeOf } from "../../sandbox/schema/schema";

describe("schema of the stand-in", () => {
  it("is that of the installed @pulumi/aws (npm run schema)", () => {
    const kept = readFileSync(join(__dirname, "../../sandbox/schema/aws.json"), "utf8");
    assert.ok(kept === format(generate()), "sandbox/schema/aws.json is stale: run npm run schema");
  });

  it("knows tags, region, names and outputs of a type", () => {
    const shape = shapeOf("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual(
      [shape?.takesTags, shape?.hasTagsAll, shape?.takesRegion, shape?.takesName],
      [true, true, true, true],
    );
    assert.deepEqual(
      [...(shape?.outputs ?? [])],
      [
        ["arn", "s"],
        ["arnSuffix", "s"],
        ["loadBalancerArns", "a"],
      ],
    );
    assert.equal(shape?.filled.get("healthCheck"), "o");
    // Typed `Output<number | undefined>`: nothing fills it.
    assert.equal(shape?.filled.has("port"), false);
  });

  it("knows secret outputs", () => {
    assert.deepEqual(shapeOf("aws:iam/accessKey:AccessKey")?.secretOutputs, ["secret", "sesSmtpPasswordV4"]);
  });

  it("does not know what is not there", () => {
    assert.equal(shapeOf("aws:nothing/here:Here"), undefined);
    assert.equal(shapeOf("gcp:storage/bucket:Bucket"), undefined);
  });

  it("lists as plugin framework only types that have tags", () => {
    const types = Object.keys(generate().types).filter((path) => isPluginFramework(`aws:${path}:X`));
    assert.ok(types.length > 150);
    for (const path of types) assert.equal(shapeOf(`aws:${path}:X`)?.hasTagsAll, true, path);
  });
});
