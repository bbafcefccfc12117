import { extname } from "node:path";

import { type Plan } from "../run";
import { UsageError } from "../usage";
import { json } from "./json";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { sarif } from "./sarif";

/** Forms of a report, by the ending of its file. */
const forms = new Map<string, (plan: Plan) => string>([
  [".sarif", sarif],
  [".xml", junit],
  [".md", markdown],
  [".json", json],
]);

/** The report that a file of this name holds. Throws at once where the ending says nothing. */
export function reportFor(file: string): (plan: Plan) => string {
  const form = forms.get(extname(file));
  if (form !== undefined) return form;
  throw new UsageError(`--report ${file}: the ending says the form: ${[...forms.keys()].join(", ")}`);
}
