import { hex, letters, lower, lowerAndDigits, number, uuid } from "./identity";
import { type Created } from "./outputs/outputs";
import { reveal, secret, type Values } from "./values";

/** The resources of `@pulumi/random`, made from the URN. Source: the provider's documentation of each resource. */
export function createRandom(type: string, urn: string, inputs: Values): Created {
  const count = (property: string, otherwise: number): number => {
    const value = reveal(inputs[property]);
    return typeof value === "number" ? value : otherwise;
  };
  const text = (length: number): string => {
    let made = "";
    for (let part = 0; made.length < length; part++) made += letters(urn, 32, lowerAndDigits, `part ${part}`);
    return made.slice(0, length);
  };
  switch (type.split(":")[2]) {
    case "RandomPassword": {
      const result = text(count("length", 16));
      const outputs = { ...inputs, result: secret(result), bcryptHash: secret(`$2a$10$${hex(urn, 53)}`) };
      return { id: "none", outputs };
    }
    case "RandomString": {
      const result = text(count("length", 16));
      return { id: result, outputs: { ...inputs, result } };
    }
    case "RandomUuid": {
      const result = uuid(urn);
      return { id: result, outputs: { ...inputs, result } };
    }
    case "RandomInteger": {
      const [min, max] = [count("min", 0), count("max", 0)];
      const result = min + number(urn, Math.max(1, max - min + 1));
      return { id: String(result), outputs: { ...inputs, result } };
    }
    case "RandomPet": {
      const id = `${letters(urn, 6, lower, "first")}-${letters(urn, 6, lower, "second")}`;
      return { id, outputs: { ...inputs, separator: "-", length: count("length", 2) } };
    }
    default: {
      const digits = hex(urn, 2 * count("byteLength", 8));
      const b64Std = Buffer.from(digits, "hex").toString("base64");
      const b64Url = Buffer.from(digits, "hex").toString("base64url");
      return { id: b64Url, outputs: { ...inputs, hex: digits, b64Std, b64Url, dec: String(BigInt(`0x${digits}`)) } };
    }
  }
}
