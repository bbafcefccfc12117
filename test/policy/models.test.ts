import assert from "node:assert/strict";

import { routings } from "../../components/gen-ai-endpoint/models";
import { modelName, residentPrefixes } from "../../policy/lib/models";

// The pack stands alone as a package, and has its own list of what the component knows with each region.
describe("prefixes of cross-region profiles", () => {
  for (const [prefix, { sources }] of Object.entries(routings)) {
    it(`"${prefix}" is one for the pack too, and may be used where the profile exists`, () => {
      const name = modelName(`${prefix}.anthropic.claude-haiku-4-5-20251001-v1:0`);
      assert.deepEqual(name, {
        region: undefined,
        prefix,
        foundation: "anthropic.claude-haiku-4-5-20251001-v1:0",
      });
      for (const region of sources ?? []) assert.ok(residentPrefixes(region).includes(prefix), region);
    });
  }

  it("that lead anywhere are resident nowhere", () => {
    for (const region of ["us-east-1", "ap-northeast-1", "eu-west-1"]) {
      assert.ok(!residentPrefixes(region).includes("global"), region);
    }
  });
});
