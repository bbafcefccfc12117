import { join } from "node:path";

import * as prettier from "prettier";

import { packName } from "../lib/configure";
import { commonConfig } from "../lib/info";
import { packConfig } from "../lib/settings";
import { rules } from "../rules";

/** Where the schema of the configuration file is. */
export const schemaFile = join(__dirname, "../config.schema.json");

type Schema = Readonly<Record<string, unknown>>;

const common: Schema = { enforcementLevel: { $ref: "#/definitions/level" }, ...commonConfig() };

/** A level, or an object with these keys and no other. */
function block(own: Schema, description: string): Schema {
  const shared = Object.keys(common).map((key) => [key, { $ref: `#/definitions/${key}` }] as const);
  const properties = { ...Object.fromEntries(shared), ...own };
  return {
    description,
    anyOf: [{ $ref: "#/definitions/level" }, { type: "object", properties, additionalProperties: false }],
  };
}

/** The JSON Schema of the file that `--policy-pack-config` names. */
export function configurationSchema(): Promise<string> {
  const ofRules = rules.map(({ info }) => [info.name, block(info.config ?? {}, info.description)] as const);
  const { levels, environments, strictUnknown } = commonConfig();
  const schema: Schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of the Kiban policy pack",
    type: "object",
    properties: {
      all: { description: "ceiling for every rule", $ref: "#/definitions/level" },
      [packName]: {
        description: "settings of the whole pack",
        type: "object",
        properties: { enforcementLevel: { $ref: "#/definitions/level" }, ...packConfig },
        additionalProperties: false,
      },
      ...Object.fromEntries(ofRules),
    },
    additionalProperties: false,
    definitions: {
      level: { type: "string", enum: ["mandatory", "advisory", "remediate", "disabled"] },
      enforcementLevel: { $ref: "#/definitions/level" },
      levels,
      environments,
      strictUnknown,
    },
  };
  return prettier.format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
}
