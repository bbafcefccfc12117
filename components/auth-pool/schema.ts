import type * as aws from "@pulumi/aws";

import type { Faults } from "../shared/check";
import type { PoolAttribute, PoolRecord } from "./types";

/** The pool's own attributes (AWS: Cognito developer guide, "Standard attributes"); a client reads and writes them unless told otherwise. */
export const standardAttributes = [
  "address",
  "birthdate",
  "email",
  "family_name",
  "gender",
  "given_name",
  "locale",
  "middle_name",
  "name",
  "nickname",
  "phone_number",
  "picture",
  "preferred_username",
  "profile",
  "updated_at",
  "website",
  "zoneinfo",
] as const;

/** Users sign in with it, whatever else a pool could offer. */
export const signInAttributes = ["email"] as const;

/**
 * The schema as the provider takes it: everything said, down to the bounds. Cognito fills in what is left out, the
 * provider then sees a change of an attribute, and an attribute cannot be changed (pulumi-aws#1237, #828).
 */
export function poolSchema(
  attributes: Readonly<Record<string, PoolAttribute>>,
): aws.types.input.cognito.UserPoolSchema[] {
  return [
    {
      name: "email",
      attributeDataType: "String",
      developerOnlyAttribute: false,
      mutable: true,
      required: true,
      stringAttributeConstraints: { minLength: "0", maxLength: "2048" },
    },
    ...Object.entries(attributes).map(([name, attribute]) => ({
      name,
      developerOnlyAttribute: false,
      mutable: attribute.mutable ?? true,
      required: false, // AWS: no custom attribute can be required.
      ...typed(attribute),
    })),
  ];
}

function typed(
  attribute: PoolAttribute,
): Pick<
  aws.types.input.cognito.UserPoolSchema,
  "attributeDataType" | "stringAttributeConstraints" | "numberAttributeConstraints"
> {
  switch (attribute.type) {
    case "string": {
      const bounds = { minLength: String(attribute.minLength), maxLength: String(attribute.maxLength) };
      return { attributeDataType: "String", stringAttributeConstraints: bounds };
    }
    case "number": {
      const bounds = { minValue: String(attribute.min), maxValue: String(attribute.max) };
      return { attributeDataType: "Number", numberAttributeConstraints: bounds };
    }
    case "boolean":
      return { attributeDataType: "Boolean" };
    case "dateTime":
      return { attributeDataType: "DateTime" };
  }
}

/** Reports each attribute that AWS would refuse. */
export function checkAttributes(faults: Faults, attributes: Readonly<Record<string, PoolAttribute>>): void {
  const entries = Object.entries(attributes);
  if (entries.length > 50) {
    faults.add("attributes", entries.length, "at most 50 (AWS: Cognito quotas)", "keep the rest in a table of yours");
  }
  for (const [name, attribute] of entries) {
    const path = `attributes.${name}`;
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,19}$/.test(name)) {
      const allowed = "a letter, then letters, digits, _ or -, at most 20 characters, without custom:";
      faults.add(path, name, allowed, "rename it: Cognito itself puts custom: before it");
    } else if ((standardAttributes as readonly string[]).includes(name) || name === "sub") {
      faults.add(path, name, "names that Cognito has not itself", "leave it out: every user has it");
    }
    if (attribute.type === "string") {
      bounds(faults, path, "minLength", attribute.minLength, "maxLength", attribute.maxLength, 2048);
    } else if (attribute.type === "number") {
      bounds(faults, path, "min", attribute.min, "max", attribute.max, Number.MAX_SAFE_INTEGER);
    }
  }
}

function bounds(faults: Faults, path: string, low: string, min: number, high: string, max: number, most: number): void {
  const floor = low === "min" ? -most : 0;
  for (const [end, value] of [
    [low, min],
    [high, max],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < floor || value > most) {
      faults.add(`${path}.${end}`, value, `a whole number from ${floor} to ${most}`, "set it: it can never be changed");
    }
  }
  if (min > max) faults.add(`${path}.${low}`, min, `at most ${high} (${max})`, "turn the two round");
}

/**
 * Reports what differs from the record of the deployed pool and can never differ. The engine sees such a change when it
 * compares with its state, and the provider refuses an attribute's only in the middle of the update; the record lets
 * a review see it, without an account.
 */
export function checkRecorded(faults: Faults, recorded: PoolRecord, now: PoolRecord): void {
  const kept = "users live in the pool as it was created: go back, or move them to a pool of another name";
  if (recorded.signInAttributes.join() !== now.signInAttributes.join()) {
    const cure = "AuthPool signs in by e-mail alone: a pool that does not needs a component of its own";
    faults.add("recorded.signInAttributes", recorded.signInAttributes, JSON.stringify(now.signInAttributes), cure);
  }
  if (recorded.caseSensitive !== now.caseSensitive) {
    faults.add("caseSensitive", now.caseSensitive, `${recorded.caseSensitive}, as recorded`, kept);
  }
  // Passkeys may come later, or go: nobody's passkey is then for another name.
  if (recorded.relyingPartyId !== undefined && now.relyingPartyId !== undefined) {
    if (recorded.relyingPartyId !== now.relyingPartyId) {
      const cure = "every passkey is bound to the name that it was made for: keep the domain, or set passkeys: false";
      faults.add("domain.name", now.relyingPartyId, `"${recorded.relyingPartyId}", as recorded`, cure);
    }
  }
  for (const [name, attribute] of Object.entries(recorded.attributes)) {
    const current = now.attributes[name];
    const was = describe(attribute);
    const allowed = `${was}, as recorded`;
    if (current === undefined) {
      faults.add(`attributes.${name}`, undefined, allowed, "AWS removes no attribute: put it back, unused or not");
    } else if (describe(current) !== was) {
      const cure = "AWS changes no attribute: put it back, and add one of another name";
      faults.add(`attributes.${name}`, describe(current), allowed, cure);
    }
  }
}

function describe(attribute: PoolAttribute): string {
  const mutable = attribute.mutable === false ? "immutable " : "";
  switch (attribute.type) {
    case "string":
      return `${mutable}string of ${attribute.minLength} to ${attribute.maxLength} characters`;
    case "number":
      return `${mutable}number from ${attribute.min} to ${attribute.max}`;
    default:
      return `${mutable}${attribute.type}`;
  }
}
