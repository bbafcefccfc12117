import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Level, environments, levelIn } from "../lib/environment";
import { rules } from "../rules";
import { coverage, coverageFile } from "./coverage";
import { configurationSchema, schemaFile } from "./schema";

const marks = ["<!-- rules: npx ts-node policy/scripts/readme.ts -->", "<!-- end of rules -->"] as const;
const words: Record<Level, string> = { mandatory: "M", advisory: "A", remediate: "R", disabled: "off" };

/** The README with its table of rules made anew. */
export function withRuleTable(readme: string): string {
  const [start, end] = marks.map((mark) => readme.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error(`policy/README.md lacks ${marks.join(" or ")}`);
  const rows = rules.map(({ info, ...rule }) => {
    const levels = environments.map((environment) => words[levelIn(info.levels, environment)]);
    const kind = "validateStack" in rule ? "stack" : "resource";
    const cells = [`\`${info.name}\``, info.description, kind, info.severity, ...levels, info.fsbp?.[0] ?? ""];
    return `| ${cells.join(" | ")} |`;
  });
  const head = ["| rule | checks | sees | severity | dev | stg | prod | FSBP |", "|---|---|---|---|---|---|---|---|"];
  return `${readme.slice(0, start)}${marks[0]}\n<!-- prettier-ignore-start -->\n\n${[...head, ...rows].join("\n")}\n\n<!-- prettier-ignore-end -->\n${readme.slice(end)}`;
}

/** Writes what is generated from the rules: the README's table, the coverage and the schema of the configuration. */
async function main(): Promise<void> {
  const file = join(__dirname, "../README.md");
  writeFileSync(file, withRuleTable(readFileSync(file, "utf8")));
  writeFileSync(coverageFile, coverage());
  writeFileSync(schemaFile, await configurationSchema());
}

if (require.main === module) void main();
