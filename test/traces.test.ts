import * as assert from "node:assert/strict";

import { remembering } from "../traces";

describe("stack traces", () => {
  /** Two errors from the same place, with the formatter's calls counted. */
  function traces(): { stacks: string[]; formatted: number } {
    const before = Error.prepareStackTrace?.bind(Error);
    let formatted = 0;
    Error.prepareStackTrace = remembering((error, frames) => {
      formatted += frames.length;
      return `${error.name}: ${error.message}${frames.map((f) => `\n    at ${f.getFunctionName()} (mapped:${f.getLineNumber()})`).join("")}`;
    });
    try {
      const stacks = ["one", "two"].map((message) => {
        const failing = () => new Error(message);
        return failing().stack ?? "";
      });
      return { stacks, formatted };
    } finally {
      if (before !== undefined) Error.prepareStackTrace = before;
    }
  }

  it("keeps each error's own message and every mapped frame", () => {
    const [one = "", two = ""] = traces().stacks;
    assert.match(one, /^Error: one\n {4}at failing \(mapped:\d+\)\n/);
    assert.match(two, /^Error: two\n {4}at failing \(mapped:\d+\)\n/);
    assert.equal(one.replace("one", "two"), two);
  });

  it("maps a frame once, however often it stands in a trace", () => {
    const { stacks, formatted } = traces();
    assert.equal(formatted, (stacks[0] ?? "").split("\n").length - 1);
  });
});
