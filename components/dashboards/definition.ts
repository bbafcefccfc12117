import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A dashboard's definition as a file has it. */
export interface Definition {
  /** As QuickSight has it, without the data sets of the stack that it was saved in. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What it calls its data sets. */
  readonly identifiers: readonly string[];
  /** Changes with the file. */
  readonly version: string;
}

/** Reads what `describe-dashboard-definition` printed, whole or its `Definition` alone; a text says what is wrong with it. */
export function readDefinition(path: string): Definition | string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return "a file that can be read";
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "a JSON file";
  }
  const found = isObject(parsed) && isObject(parsed["Definition"]) ? parsed["Definition"] : parsed;
  if (!isObject(found) || !Array.isArray(found["Sheets"])) return "a definition, with Sheets";
  const { DataSetIdentifierDeclarations: declared, ...body } = found;
  if (!Array.isArray(declared)) return "a definition, with DataSetIdentifierDeclarations";
  const identifiers = declared.map((each: unknown) => (isObject(each) ? each["Identifier"] : undefined));
  if (!identifiers.every((each) => typeof each === "string")) return "an Identifier for each of its data sets";
  return { body, identifiers, version: createHash("sha256").update(text).digest("hex").slice(0, 12) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
