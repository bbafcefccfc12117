import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { componentFolders, upToDateReadme } from "../../scripts/docs";
import { run } from "../harness";

const root = join(__dirname, "..", "..");
const sections = [
  "Example",
  "Inputs",
  "Outputs",
  "Resources",
  "Defaults and why",
  "What an update would replace",
  "Cost",
];

describe("component documentation", () => {
  it("finds the components", () => assert.ok(componentFolders().length >= 9, componentFolders().join(", ")));

  for (const folder of componentFolders()) {
    describe(folder, () => {
      const readme = readFileSync(join(root, "components", folder, "README.md"), "utf8");

      it("has every section, in order", () => {
        const headings = [...readme.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
        assert.deepEqual(headings, sections);
      });

      it("shows the example and the tables as the code has them (npm run docs)", async () => {
        assert.equal(readme, await upToDateReadme(folder));
      });

      it("gives each argument and output a meaning", () => {
        const empty = [...readme.matchAll(/^\| `(\w+)` .*\| +\|$/gm)].map((match) => match[1]);
        assert.deepEqual(empty, []);
      });

      it("runs its example, and names every resource that it makes", async () => {
        const program = join(root, "examples", `${folder}.ts`);
        const result = await run(() => {
          delete require.cache[require.resolve(program)];
          // eslint-disable-next-line @typescript-eslint/no-require-imports -- the example is a program: loading it runs it
          require(program);
        });
        assert.equal(result.error, undefined);
        const own = result.resources.find((r) => !r.custom && r.type === `kiban:index:${className(folder)}`);
        assert.ok(own, `the example makes no ${className(folder)}`);
        const documented = resourceTable(readme);
        const missing = result.resources
          .filter((r) => r.parent === own.urn)
          .filter((r) => !documented.some((row) => row.type === r.type && row.name.test(r.name)));
        assert.deepEqual(
          missing.map((r) => `${r.type} ${r.name}`),
          [],
        );
      });
    });
  }
});

function className(folder: string): string {
  return folder.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Rows of the Resources table: `| \`type\` | \`name pattern\` | when |`, where `<name>` and `<...>` stand for any text. */
function resourceTable(readme: string): { type: string; name: RegExp }[] {
  const table = /^## Resources\n([^]*?)^## /m.exec(readme)?.[1] ?? "";
  return [...table.matchAll(/^\| `([^`]+)` +\| (.+?) +\|/gm)].flatMap((row) =>
    [...(row[2] ?? "").matchAll(/`([^`]+)`/g)].map((name) => ({
      type: row[1] ?? "",
      name: new RegExp(`^${(name[1] ?? "").replace(/[.+*?^$()[\]{}|\\]/g, "\\$&").replace(/<[^>]+>/g, ".+")}$`),
    })),
  );
}
