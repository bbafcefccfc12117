import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Kind, type SchemaFile } from "./generate";

/** What the stand-in knows of a resource type's shape. */
export interface TypeShape {
  readonly takesTags: boolean;
  readonly hasTagsAll: boolean;
  readonly takesRegion: boolean;
  /** `name` is an optional string that the provider fills. */
  readonly takesName: boolean;
  readonly outputs: ReadonlyMap<string, Kind>;
  /** Inputs that the cloud fills when the program leaves them out. */
  readonly filled: ReadonlyMap<string, Kind>;
  /** Inputs that take a policy document as an object. */
  readonly documents: readonly string[];
  readonly secretOutputs: readonly string[];
}

let file: SchemaFile | undefined;
const shapes = new Map<string, TypeShape | undefined>();

function words(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(" ");
}

function kinds(list: string | undefined): Map<string, Kind> {
  return new Map(words(list).map((word) => [word.split(":")[0] ?? "", (word.split(":")[1] ?? "s") as Kind]));
}

/** The shape of `aws:<module>/<type>:<Class>`, undefined for a type that the installed @pulumi/aws does not have. */
export function shapeOf(type: string): TypeShape | undefined {
  if (shapes.has(type)) return shapes.get(type);
  file ??= JSON.parse(readFileSync(join(__dirname, "aws.json"), "utf8")) as SchemaFile;
  const [pkg, path = ""] = type.split(":");
  const row = pkg === "aws" ? file.types[path] : undefined;
  const flags = row?.flags ?? "";
  const shape = row && {
    takesTags: flags.includes("t"),
    hasTagsAll: flags.includes("a"),
    takesRegion: flags.includes("r"),
    takesName: flags.includes("n"),
    outputs: kinds(row.out),
    filled: kinds(row.opt),
    documents: words(row.json),
    secretOutputs: words(row.secret),
  };
  shapes.set(type, shape);
  return shape;
}
