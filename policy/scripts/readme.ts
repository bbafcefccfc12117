import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Level, environments, levelIn } from "../lib/environment";
import { rules } from "../rules";
import { coverage, coverageFile } from "./coverage";
import { configurationSchema, schemaFile } from "./schema";

const words: Record<Level, string> = { mandatory: "M", advisory: "A", remediate: "R", disabled: "off" };

/** The README with its tables made anew: of the rules, and of their own keys. */
export function withTables(readme: string): string {
  return [
    ["rules", ruleTable()],
    ["keys", keyTable()],
    ["requests", requests()],
  ].reduce((text, [name = "", table = ""]) => {
    const marks = [`<!-- ${name}: npx ts-node policy/scripts/readme.ts -->`, `<!-- end of ${name} -->`] as const;
    const [start, end] = marks.map((mark) => text.indexOf(mark)) as [number, number];
    if (start < 0 || end < start) throw new Error(`policy/README.md lacks ${marks.join(" or ")}`);
    const between = `<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->\n`;
    // Inside a list the text is one paragraph.
    const inside = name === "requests" ? `  ${table}\n  ` : between;
    return `${text.slice(0, start)}${marks[0]}\n${inside}${text.slice(end)}`;
  }, readme);
}

function ruleTable(): string {
  const rows = rules.map(({ info, ...rule }) => {
    const levels = environments.map((environment) => words[levelIn(info.levels, environment)]);
    const kind = "validateStack" in rule ? "stack" : "resource";
    const cells = [`\`${info.name}\``, info.description, kind, info.severity, ...levels, info.fsbp?.[0] ?? ""];
    return `| ${cells.join(" | ")} |`;
  });
  const head = ["| rule | checks | sees | severity | dev | stg | prod | FSBP |", "|---|---|---|---|---|---|---|---|"];
  return [...head, ...rows].join("\n");
}

function keyTable(): string {
  const rows = rules.flatMap(({ info }) =>
    Object.entries(info.config ?? {}).map(([key, schema]) => {
      const usual = schema.default === undefined ? "none" : `\`${JSON.stringify(schema.default)}\``;
      return `| \`${info.name}\` | \`${key}\` | ${usual} | ${schema.description} |`;
    }),
  );
  return ["| rule | key | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** Keys by which a rule asks for more: switches that are off, lists and maps that are empty. */
function requests(): string {
  const off = (value: unknown): boolean =>
    value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return rules
    .flatMap(({ info }) => {
      const keys = Object.entries(info.config ?? {}).filter(([, schema]) => off(schema.default));
      return keys.length === 0 ? [] : [`\`${info.name}\` (${keys.map(([key]) => `\`${key}\``).join(", ")})`];
    })
    .join(", ")
    .concat(".");
}

/** Writes what is generated from the rules: the README's tables, the coverage and the schema of the configuration. */
async function main(): Promise<void> {
  const file = join(__dirname, "../README.md");
  writeFileSync(file, withTables(readFileSync(file, "utf8")));
  writeFileSync(coverageFile, coverage());
  writeFileSync(schemaFile, await configurationSchema());
}

if (require.main === module) void main();
