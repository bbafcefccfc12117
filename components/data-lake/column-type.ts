/**
 * Column types of Athena's tables. AWS: Athena user guide, "Data types in Amazon Athena" (DDL); a type that the catalog
 * takes but Athena does not know fails only when somebody asks the table.
 */
const primitives = [
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "string",
  "binary",
  "date",
  "timestamp",
];

/** What a fault says of the types that are allowed. */
export const columnTypes =
  `${primitives.join(", ")}, decimal(precision,scale), char(length), varchar(length), array<type>, map<type,type>, ` +
  "struct<name:type,...>";

/** Iceberg's names of the types that a new Iceberg table may have. Iceberg specification, "Primitive Types". */
const icebergTypes = new Map([
  ["boolean", "boolean"],
  ["int", "int"],
  ["bigint", "long"],
  ["float", "float"],
  ["double", "double"],
  ["string", "string"],
  ["binary", "binary"],
  ["date", "date"],
  ["timestamp", "timestamp"],
]);

/** What a fault says of the types of Iceberg tables. */
export const icebergColumnTypes = `${[...icebergTypes.keys()].join(", ")}, decimal(precision,scale)`;

/** Whether Athena knows this column type; written without spaces, in small letters, as the catalog keeps it. */
export function isColumnType(type: string): boolean {
  return restAfterType(type) === "";
}

/** Whether a partition column may have this type. AWS: Glue takes primitive types alone there. */
export function isPrimitive(type: string): boolean {
  return isColumnType(type) && !type.includes("<");
}

/** Iceberg's name of the type, or undefined where a new Iceberg table cannot have it. */
export function icebergType(type: string): string | undefined {
  return type.startsWith("decimal(") && isColumnType(type) ? type : icebergTypes.get(type);
}

/** What follows the type that the text begins with; undefined where it begins with none. */
function restAfterType(text: string): string | undefined {
  const word = /^[a-z]+/.exec(text)?.[0] ?? "";
  const rest = text.slice(word.length);
  if (word === "array") return inBrackets(rest, (inside) => restAfterType(inside));
  if (word === "map") return inBrackets(rest, restAfterMap);
  if (word === "struct") return inBrackets(rest, restAfterFields);
  if (word === "decimal") return sized(rest, /^\((\d+),(\d+)\)/, ([p, s]) => p >= 1 && p <= 38 && s <= p);
  if (word === "char") return sized(rest, /^\((\d+)\)/, ([length]) => length >= 1 && length <= 255);
  if (word === "varchar") return sized(rest, /^\((\d+)\)/, ([length]) => length >= 1 && length <= 65_535);
  return primitives.includes(word) ? rest : undefined;
}

function inBrackets(text: string, read: (inside: string) => string | undefined): string | undefined {
  if (!text.startsWith("<")) return undefined;
  const rest = read(text.slice(1));
  return rest?.startsWith(">") === true ? rest.slice(1) : undefined;
}

/** A map's key is a primitive type. */
function restAfterMap(text: string): string | undefined {
  const rest = /^(array|map|struct)\b/.test(text) ? undefined : restAfterType(text);
  return rest?.startsWith(",") === true ? restAfterType(rest.slice(1)) : undefined;
}

function restAfterFields(text: string): string | undefined {
  const field = /^[a-z_][a-z0-9_]*:/.exec(text)?.[0];
  if (field === undefined) return undefined;
  const rest = restAfterType(text.slice(field.length));
  return rest?.startsWith(",") === true ? restAfterFields(rest.slice(1)) : rest;
}

function sized(text: string, pattern: RegExp, fits: (numbers: [number, number]) => boolean): string | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  return fits([Number(match[1]), Number(match[2] ?? 0)]) ? text.slice(match[0].length) : undefined;
}
