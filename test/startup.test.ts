import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..");

/** What a Node process prints that loads the start-up first, as a program does, and then runs `code`. */
function afterStartup(code: string): string {
  const load = `require("./plan/loader.cjs").register(); require("./startup.ts");`;
  return execFileSync(process.execPath, ["-e", `${load} ${code}`], { cwd: root, encoding: "utf8" }).trim();
}

const loaded = `Object.values(require.cache).filter((m) => m.filename.includes("/@npmcli/arborist/lib/")).map((m) => m.children.length)`;

describe("the start-up of a program", function () {
  this.timeout(60_000);

  it("leaves npm's dependency resolver until it is used", () => {
    const files = afterStartup(`require("@pulumi/pulumi"); console.log(JSON.stringify(${loaded}));`);
    assert.equal(files, "[0]");
  });

  it("gives it to whoever uses it, once", () => {
    const code = `
      const find = require("node:module").createRequire(require.resolve("@pulumi/pulumi"));
      const first = find("@npmcli/arborist").Arborist;
      console.log(new first({ path: "." }).path === process.cwd(), find("@npmcli/arborist").Arborist === first);`;
    assert.equal(afterStartup(code), "true true");
  });
});
