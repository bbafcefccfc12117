// The entry of all three stand-in providers. The engine prefers a plugin on PATH to the installed one, so this must never
// start for a real stack: it starts for a running sandbox alone.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.KIBAN_SANDBOX;
if (folder === undefined || folder === "" || !existsSync(join(folder, "kiban-sandbox.json"))) {
  console.error(
    `pulumi-resource-${process.argv[2]}: this is Kiban's stand-in for AWS, for sandboxes alone; KIBAN_SANDBOX names none. ` +
      "For a real stack take its folder off PATH. For a sandbox: npm run sandbox -- --help",
  );
  process.exit(1);
}
require("../../plan/loader.cjs").register();
require("./main.ts");
