import "./lib/arborist";

import { join } from "node:path";

import { staleSources } from "./lib/fresh";
import { packPolicy } from "./lib/pack";
import { serve } from "./lib/serve";
import { rules } from "./rules";

// The engine runs the build alone: an edited rule that is not built yet would look as if it were in force.
const stale = staleSources(join(__dirname, ".."));
if (stale.length > 0) {
  console.error(`The policy pack was built before these changed: ${stale.join(", ")}. Run: npm run build -w policy`);
  process.exit(1);
}

// The pack's own policy comes last: it speaks of exemptions that no rule before it has used.
serve("kiban", [...rules, packPolicy]);
