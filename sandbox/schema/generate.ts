import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Reads the installed @pulumi/aws and writes `aws.json`: for every resource type what the stand-in must know of its
 * shape. The SDK's own files are the source, so that a version bump is one run of this script; a test compares.
 */

/** Kind of a property: string, number, boolean, array, map, object. */
export type Kind = "s" | "n" | "b" | "a" | "m" | "o";

/** One type, in the file's compact form: lists are one string, names separated by a space, `name:kind` unless string. */
export interface TypeRow {
  /** t: takes tags; a: has tagsAll; r: takes region; n: takes an optional string `name`, which the provider fills. */
  flags?: string;
  /** Output only. */
  out?: string;
  /** Input that the cloud fills when the program leaves it out. */
  opt?: string;
  /** Takes a policy document as an object and hands it on as JSON text. */
  json?: string;
  /** Secret in the outputs whatever the program says. */
  secret?: string;
}

export interface SchemaFile {
  version: string;
  types: Record<string, TypeRow>;
}

function kindOf(type: string): Kind {
  if (type.endsWith("[]")) return "a";
  if (type.startsWith("{")) return "m";
  if (type === "number") return "n";
  if (type === "boolean") return "b";
  if (type.startsWith("outputs.")) return "o";
  return "s";
}

function listed(names: [string, Kind][]): string {
  return names.map(([name, kind]) => (kind === "s" ? name : `${name}:${kind}`)).join(" ");
}

/** The fields of the class: `readonly name: pulumi.Output<T>`, with `| undefined` where nothing fills the value. */
function outputTypes(declaration: string): Map<string, { kind: Kind; always: boolean }> {
  const types = new Map<string, { kind: Kind; always: boolean }>();
  const body = /export declare class [\s\S]*?\n {4}constructor\(/.exec(declaration)?.[0] ?? "";
  for (const found of body.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm)) {
    const type = (found[2] ?? "").replace(/\s+/g, " ");
    types.set(found[1] ?? "", {
      kind: kindOf(type.replace(/ \| undefined$/, "")),
      always: !/ \| undefined$/.test(type),
    });
  }
  return types;
}

function argumentTypes(declaration: string, name: string): Map<string, string> {
  const body = new RegExp(`export interface ${name}Args \\{([\\s\\S]*?)\\n\\}`).exec(declaration)?.[1] ?? "";
  const types = new Map<string, string>();
  for (const found of body.matchAll(/^ {4}(\w+\??): ([\s\S]*?);$/gm)) types.set(found[1] ?? "", found[2] ?? "");
  return types;
}

function rowOf(source: string, declaration: string, className: string): TypeRow {
  const created = source.slice(source.lastIndexOf("const args = argsOrState"));
  const inputs = [...created.matchAll(/resourceInputs\["(\w+)"\] = .*args\?\./g)].map((m) => m[1] ?? "");
  const outs = [...created.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map((m) => m[1] ?? "");
  const types = outputTypes(declaration);
  const args = argumentTypes(declaration, className);
  const filled = inputs.filter((p) => args.has(`${p}?`) && types.get(p)?.always === true && p !== "region");
  const documents = inputs.filter((p) =>
    /\bPolicyDocument\b|LifecyclePolicyDocument/.test(args.get(p) ?? args.get(`${p}?`) ?? ""),
  );
  const secrets = /additionalSecretOutputs: \[([^\]]*)\]/.exec(source)?.[1] ?? "";
  const flags = [
    inputs.includes("tags") ? "t" : "",
    outs.includes("tagsAll") || inputs.includes("tagsAll") ? "a" : "",
    inputs.includes("region") ? "r" : "",
    args.get("name?") === "pulumi.Input<string | undefined>" ? "n" : "",
  ].join("");
  const kinds = (names: string[]): string => listed(names.map((p) => [p, types.get(p)?.kind ?? "s"]));
  const out = kinds(outs.filter((p) => p !== "tagsAll"));
  const opt = kinds(filled.filter((p) => p !== "name" && p !== "tags" && p !== "tagsAll"));
  const json = documents.join(" ");
  const secret = [...secrets.matchAll(/"(\w+)"/g)].map((m) => m[1]).join(" ");
  return {
    ...(flags !== "" && { flags }),
    ...(out !== "" && { out }),
    ...(opt !== "" && { opt }),
    ...(json !== "" && { json }),
    ...(secret !== "" && { secret }),
  };
}

const comments = /^ *\/\*\*[\s\S]*?\*\/\n/gm;

/** The table of the @pulumi/aws that this project has installed. */
export function generate(): SchemaFile {
  const manifest = require.resolve("@pulumi/aws/package.json");
  const root = dirname(manifest);
  const types: Record<string, TypeRow> = {};
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => /^[^/]+\/\w+\.js$/.test(f));
  for (const file of files.sort()) {
    const source = readFileSync(join(root, file), "utf8");
    const token = /static __pulumiType = '(aws:[^']+)'/.exec(source)?.[1];
    if (token === undefined) continue;
    const declaration = readFileSync(join(root, file.replace(/\.js$/, ".d.ts")), "utf8").replace(comments, "");
    const [, path = "", className = ""] = token.split(":");
    types[path] = rowOf(source, declaration, className);
  }
  return { version: (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version, types };
}

/** One type a line, so that a version bump reads as a list of changed types. */
export function format(schema: SchemaFile): string {
  const rows = Object.entries(schema.types).map(([type, row]) => `    ${JSON.stringify(type)}: ${JSON.stringify(row)}`);
  return `{\n  "version": ${JSON.stringify(schema.version)},\n  "types": {\n${rows.join(",\n")}\n  }\n}\n`;
}

if (require.main === module) writeFileSync(join(__dirname, "aws.json"), format(generate()));
