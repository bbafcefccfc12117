import assert from "node:assert/strict";

import { cheapTraces } from "../traces";

function site(text: string, file = "/srv/index.ts"): NodeJS.CallSite {
  return { toString: () => text, getFileName: () => file } as unknown as NodeJS.CallSite;
}

describe("cheap stack traces", () => {
  const user = site("make (/srv/index.ts:9:9)");
  let looked: number;
  const mapped = (error: Error, frames: NodeJS.CallSite[]): string => {
    looked += frames.length;
    return [
      String(error),
      ...frames.map((frame) => `    at ${(frame as { toString(): string }).toString().replace("9:9", "3:1")}`),
    ].join("\n");
  };
  beforeEach(() => (looked = 0));

  it("leave a real error's trace as it was", () => {
    const format = cheapTraces(mapped);
    assert.equal(format(new Error("wrong"), [user]), "Error: wrong\n    at make (/srv/index.ts:3:1)");
    assert.equal(format(new TypeError(""), [user]), "TypeError\n    at make (/srv/index.ts:3:1)");
  });

  it("leave out the frames that only the SDK's leak report would show", () => {
    const debuggable = site("debuggablePromise (d.js:1:1)", "/n/@pulumi/pulumi/runtime/debuggable.js");
    assert.equal(cheapTraces(mapped)(new Error(), [debuggable, user]), "Error");
    assert.equal(looked, 0);
  });

  it("give the SDK a resource's position, each frame looked up once and libraries' not at all", () => {
    const format = cheapTraces(mapped);
    const resource = site(
      "new Resource (/n/node_modules/@pulumi/pulumi/resource.js:1:1)",
      "/n/node_modules/@pulumi/pulumi/resource.js",
    );
    const expected =
      "Error\n    at new Resource (/n/node_modules/@pulumi/pulumi/resource.js:1:1)\n    at make (/srv/index.ts:3:1)";
    assert.equal(format(new Error(), [resource, user]), expected);
    assert.equal(format(new Error(), [resource, user]), expected);
    assert.equal(looked, 1);
  });

  it("write V8's own format where there is no hook", () => {
    assert.equal(cheapTraces(undefined)(new Error("wrong"), [user]), "Error: wrong\n    at make (/srv/index.ts:9:9)");
  });
});
