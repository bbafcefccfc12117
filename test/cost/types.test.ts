import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";

import { areas, free, rules } from "../../cost/rules/index";

const root = join(__dirname, "../..");

/** Every `new aws.<module>.<Class>(` of the components and of the programs, as a type token. */
function madeTypes(): Map<string, string> {
  const found = new Map<string, string>();
  const files = ["components", "account", "."].flatMap((folder) => sources(join(root, folder), folder !== "."));
  for (const file of files) {
    for (const [, module = "", name = ""] of readFileSync(file, "utf8").matchAll(/new aws\.(\w+)\.(\w+)\(/g)) {
      const namespace = (aws as unknown as Record<string, Record<string, { __pulumiType?: string }>>)[module];
      found.set(namespace?.[name]?.__pulumiType ?? `aws.${module}.${name}`, file.slice(root.length + 1));
    }
  }
  return found;
}

function sources(folder: string, deep: boolean): string[] {
  try {
    return readdirSync(folder, { recursive: deep, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
      .map((file) => join(folder, file));
  } catch {
    // account/ is a program of its own, which need not be there.
    return [];
  }
}

/** What awsx's VPC makes. */
const ofAwsx = ["eip:Eip", "internetGateway:InternetGateway", "natGateway:NatGateway", "route:Route"]
  .concat(["routeTable:RouteTable", "routeTableAssociation:RouteTableAssociation", "subnet:Subnet", "vpc:Vpc"])
  .map((type) => `aws:ec2/${type}`);

describe("the types of the platform", () => {
  it("are each priced, free on purpose, or named as unpriced", () => {
    const unknown = [...madeTypes(), ...ofAwsx.map((type) => [type, "components/network"] as const)]
      .filter(([type]) => rules[type] === undefined && free[type] === undefined)
      .map(([type, file]) => `${type} (${file})`);
    assert.deepEqual(
      unknown,
      [],
      "say what they cost: a pricer in cost/rules/<area>.ts, the reason why they are free in cost/rules/free.ts, or a " +
        "pricer that answers unpriced(...) with the reason",
    );
  });

  it("are each in one place", () => {
    const all = [...Object.values(areas).flatMap((area) => Object.keys(area)), ...Object.keys(free)];
    assert.deepEqual(
      all.filter((type, i) => all.indexOf(type) !== i),
      [],
    );
  });

  it("exist in the provider", () => {
    const tokens = new Set<string>();
    for (const module of Object.values(aws as unknown as Record<string, unknown>)) {
      if (typeof module !== "object" || module === null) continue;
      for (const name of Object.keys(module)) {
        const type = (module as Record<string, { __pulumiType?: string } | undefined>)[name]?.__pulumiType;
        if (type !== undefined) tokens.add(type);
      }
    }
    const all = [...Object.keys(rules), ...Object.keys(free)].filter((type) => type.startsWith("aws:"));
    assert.deepEqual(
      all.filter((type) => !tokens.has(type)),
      [],
    );
  });
});
