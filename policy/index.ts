import "./lib/arborist";

import { join } from "node:path";

import { PolicyPack } from "@pulumi/policy";

import { staleSources } from "./lib/fresh";
import { rules } from "./rules";

// The engine runs the build alone: an edited rule that is not built yet would look as if it were in force.
const stale = staleSources(join(__dirname, ".."));
if (stale.length > 0) {
  console.error(`The policy pack was built before these changed: ${stale.join(", ")}. Run: npm run build -w policy`);
  process.exit(1);
}

new PolicyPack("kiban", { policies: [...rules] });
