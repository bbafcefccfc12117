import type { Faults } from "../shared/check";
import type { Settled, SettledIndex } from "./settle";
import type { Ceiling, KeyType } from "./types";

const keyTypes: readonly KeyType[] = ["string", "number", "binary"];

/** The name prefixes the variables of the accesses. */
export function checkName({ name }: Settled, faults: Faults): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  faults.add("name", name, "kebab-case, such as orders-table", "rename the component");
}

/** The table's own keys, and the types of those that only indexes use. */
export function checkKeys({ args, indexes }: Settled, faults: Faults): void {
  const { partitionKey, sortKey, keyAttributes = {}, ttl } = args;
  const own = [
    ["partitionKey", partitionKey] as const,
    ...(sortKey === undefined ? [] : [["sortKey", sortKey] as const]),
  ];
  for (const [path, key] of own) {
    checkAttributeName(`${path}.name`, key.name, faults);
    checkType(`${path}.type`, key.type, faults);
    if (keyAttributes[key.name] !== undefined) {
      const cure = `remove it: ${path} gives its type`;
      faults.add(
        `keyAttributes.${key.name}`,
        keyAttributes[key.name],
        "attributes that only indexes use as keys",
        cure,
      );
    }
  }
  if (sortKey?.name === partitionKey.name) {
    faults.add("sortKey.name", sortKey.name, "another attribute than partitionKey", "name the attribute to sort by");
  }
  const used = new Set(indexes.flatMap((index) => [...index.partitionKey, ...index.sortKey]));
  for (const [attribute, type] of Object.entries(keyAttributes)) {
    checkAttributeName(`keyAttributes.${attribute}`, attribute, faults);
    checkType(`keyAttributes.${attribute}`, type, faults);
    // DynamoDB refuses a declared attribute that no key names; it has no other schema.
    if (!used.has(attribute) && attribute !== partitionKey.name && attribute !== sortKey?.name) {
      faults.add(
        `keyAttributes.${attribute}`,
        type,
        "attributes that an index uses as key",
        "remove it: items need none",
      );
    }
  }
  if (ttl === undefined) return;
  checkAttributeName("ttl.attribute", ttl.attribute, faults);
  const type = own.find(([, key]) => key.name === ttl.attribute)?.[1].type ?? keyAttributes[ttl.attribute];
  if (type !== undefined && type !== "number") {
    const cure = "DynamoDB reads the time from a number alone: name another attribute";
    faults.add("ttl.attribute", ttl.attribute, `not an attribute of type ${type}`, cure);
  }
}

export function checkIndexes(settled: Settled, faults: Faults): void {
  const { args, indexes } = settled;
  const local = indexes.filter((index) => index.kind === "local");
  // AWS: "Quotas in Amazon DynamoDB", secondary indexes; the number of global ones can be raised, that of local ones not.
  if (local.length > 5) {
    const cure = "make the others global";
    faults.add("localIndexes", local.length, "at most 5", cure);
  }
  if (local.length > 0 && args.sortKey === undefined) {
    const cure = "give the table a sort key, or make the index global";
    faults.add("localIndexes", local.map(({ name }) => name).join(", "), "none on a table without sortKey", cure);
  }
  const names = new Set<string>();
  for (const index of indexes) {
    if (names.has(index.name)) {
      faults.add(`localIndexes.${index.name}`, index.name, "each name once per table", "rename one of the two indexes");
    }
    names.add(index.name);
    checkIndex(settled, index, faults);
  }
  const projected = indexes.flatMap(({ projection }) => (typeof projection === "string" ? [] : projection));
  // AWS: "Quotas in Amazon DynamoDB", projected secondary index attributes: over all indexes, repetitions counted.
  if (projected.length > 100) {
    const cure = 'project "all" where an index names most attributes';
    faults.add("globalIndexes and localIndexes", projected.length, "at most 100 projected attributes in all", cure);
  }
}

function checkIndex({ args, attributes }: Settled, index: SettledIndex, faults: Faults): void {
  const path = `${index.kind}Indexes.${index.name}`;
  // AWS: API reference, GlobalSecondaryIndex, `IndexName`.
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(index.name)) {
    faults.add(path, index.name, "3 to 255 letters, digits and _.-", "rename the index");
  }
  const declared = [...attributes.keys()].sort().join(", ");
  for (const [key, names] of [
    ["partitionKey", index.partitionKey],
    ["sortKey", index.sortKey],
  ] as const) {
    if (index.kind === "local" && key === "partitionKey") continue;
    if ((key === "partitionKey" && names.length === 0) || names.length > 4) {
      faults.add(`${path}.${key}`, names, "1 to 4 attributes", "name the attributes of the key");
    }
    for (const name of names.filter((attribute) => !attributes.has(attribute))) {
      const cure = `give its type in keyAttributes: { ${name}: "string" }`;
      faults.add(`${path}.${key}`, name, `a declared attribute (${declared})`, cure);
    }
  }
  const keys = [...index.partitionKey, ...index.sortKey];
  if (new Set(keys).size !== keys.length) {
    faults.add(`${path}.sortKey`, keys, "each attribute once in an index's keys", "name another attribute to sort by");
  }
  const { projection } = index;
  if (typeof projection === "string") {
    if (!["all", "keys"].includes(projection)) {
      faults.add(`${path}.projection`, projection, '"all", "keys" or a list of attributes', "set one of them");
    }
    return;
  }
  const held = new Set([...keys, args.partitionKey.name, ...(args.sortKey === undefined ? [] : [args.sortKey.name])]);
  const rest = projection.filter((attribute) => !held.has(attribute));
  if (rest.length === 0 || rest.length !== new Set(projection).size) {
    const cure = 'leave out keys and repetitions; with nothing left, set "keys"';
    faults.add(`${path}.projection`, projection, "attributes that are no keys, each once, at least one", cure);
  }
}

export function checkSizes({ args, indexes, recoveryDays }: Settled, faults: Faults): void {
  // AWS: API reference, PointInTimeRecoverySpecification, `RecoveryPeriodInDays`.
  faults.integer("recoveryDays", recoveryDays, 1, 35);
  const { stream } = args;
  if (stream !== undefined && !["keys", "newImage", "oldImage", "newAndOldImages"].includes(stream)) {
    faults.add("stream", stream, "keys, newImage, oldImage, newAndOldImages", "set one of them");
  }
  checkCeiling("ceiling", args.ceiling, faults);
  for (const { name } of indexes.filter((index) => index.kind === "global")) {
    checkCeiling(`globalIndexes.${name}.ceiling`, args.globalIndexes?.[name]?.ceiling, faults);
  }
}

function checkCeiling(path: string, ceiling: Ceiling | undefined, faults: Faults): void {
  if (ceiling === undefined) return;
  if (ceiling.readUnits === undefined && ceiling.writeUnits === undefined) {
    faults.add(path, ceiling, "readUnits, writeUnits or both", "set one of them, or leave the ceiling out");
  }
  for (const side of ["readUnits", "writeUnits"] as const) {
    const units = ceiling[side];
    // AWS: API reference, OnDemandThroughput.
    if (units === undefined || units === "none" || (Number.isInteger(units) && units >= 1)) continue;
    faults.add(`${path}.${side}`, units, 'a whole number from 1, or "none"', "set request units a second");
  }
}

export function checkAlarms({ alarms }: Settled, faults: Faults): void {
  faults.integer("alarms.throttles", alarms.throttles, 1, 1_000_000);
  faults.integer("alarms.systemErrors", alarms.systemErrors, 1, 1_000_000);
}

/** AWS: "Quotas in Amazon DynamoDB", attribute names of keys. */
function checkAttributeName(path: string, name: string, faults: Faults): void {
  const bytes = Buffer.byteLength(name);
  if (bytes >= 1 && bytes <= 255) return;
  faults.add(path, name, "1 to 255 bytes", "shorten the attribute's name");
}

function checkType(path: string, type: string, faults: Faults): void {
  if ((keyTypes as readonly string[]).includes(type)) return;
  faults.add(path, type, keyTypes.join(", "), "set the type of the attribute's values");
}
