import assert from "node:assert/strict";

import { userFrames } from "../../plan/errors";
import { paintFor } from "../../plan/paint";

describe("frames of the user's program", () => {
  it("are those in the project, without libraries, Node and this tool", () => {
    const stack = [
      "Error: wrong",
      "    at make (/srv/app/index.ts:3:1)",
      "    at async Promise.all (index 0)",
      "    at Object.<anonymous> (/srv/app/node_modules/x/y.js:1:1)",
      "    at node:internal/main:1:1",
      "    at /srv/app/lib/z.ts:7:2",
      "    at other (/elsewhere/a.ts:1:1)",
    ].join("\n");
    assert.deepEqual(userFrames(stack, "/srv/app"), ["    at make (index.ts:3:1)", "    at lib/z.ts:7:2"]);
  });
});

describe("colour", () => {
  it("is for terminals, and not where NO_COLOR is set", () => {
    const coloured = paintFor({ isTTY: true }, {}).red("x");
    assert.equal(coloured, "\u001b[31mx\u001b[39m");
    for (const [isTTY, env] of [
      [false, {}],
      [true, { NO_COLOR: "1" }],
    ] as const) {
      assert.equal(paintFor({ isTTY }, env).red("x"), "x");
    }
    assert.equal(paintFor({ isTTY: true }, { NO_COLOR: "" }).red("x"), coloured);
  });
});
