import assert from "node:assert/strict";

import { rules } from "../../policy/rules";
import { type Control, type Properties, sections } from "../../policy/scripts/coverage";
import type { Proof } from "./proof";
import { proofs } from "./proofs";

const controls = sections.flatMap((section) => section.controls);

/** A type and a path, as controls.json writes them: `s3.Bucket acl`. */
const place = (type: string, path: string): string => `${type} ${path}`;

function places(properties: Properties): string[] {
  return Object.entries(properties).flatMap(([types, paths]) =>
    types.split(", ").flatMap((type) => paths.map((path) => place(type, path))),
  );
}

/** `aws:s3/bucket:Bucket` as `s3.Bucket`. */
function shortType(token: string): string {
  return token.replace(/^aws:([^/]+)\/[^:]+:/, "$1.").replaceAll(":", ".");
}

/** A case's path as controls.json writes it: `policy>Statement[0].Action` as `policy.Statement.Action`. */
function plainPath(path: string): string {
  return path
    .replace(/\["([^"]+)"\]/g, ".$1")
    .replace(/\[\d+\]/g, "")
    .replace(/>\.?/, ".");
}

/** Where the mutants of a proof break its rule: the property and each one around it. */
function brokenPlaces({ cases }: Proof): Set<string> {
  const resources = cases.flatMap((one) => Object.values(one.resources));
  return new Set(
    resources.flatMap(({ type, breaks = [], links = {}, needed, added }) => {
      const types = typeof type === "string" ? [type] : type;
      // Without the resource, and without what it names, the finding is there: its presence and its links are mutated.
      const presence = [...(needed === undefined ? [] : ["@needed"]), ...(added === undefined ? [] : ["@added"])];
      const linked = presence.length > 0 ? Object.keys(links) : [];
      const broken = breaks.filter((at) => at.broken.length > 0).flatMap((at) => around(plainPath(at.path)));
      return types.flatMap((token) =>
        [...presence, ...linked, ...broken].flatMap((path) => [place(shortType(token), path), place("*", path)]),
      );
    }),
  );
}

function around(path: string): string[] {
  const keys = path.split(".");
  return keys.map((_, index) => keys.slice(0, index + 1).join("."));
}

const broken = new Map(proofs.map((proof) => [proof.rule.name, brokenPlaces(proof)]));
const isBroken = (rule: string, at: string): boolean => broken.get(rule)?.has(at) === true;
const excepted = ({ differs = [] }: Control): string[] => differs.flatMap(({ at = {} }) => places(at));

describe("the properties of controls", () => {
  const all = controls.flatMap(({ properties }) => places(properties));

  it("are named for every control, and each is broken by a mutant of its rule or stands among the differences", () => {
    const unbroken = controls.flatMap((control) => {
      const exceptions = excepted(control);
      assert.ok(Object.keys(control.properties).length > 0, control.control);
      return places(control.properties)
        .filter((at) => !isBroken(control.control, at) && !exceptions.includes(at))
        .map((at) => `${control.control}: ${at}`);
    });
    assert.deepEqual(unbroken, []);
  });

  it("that stand among the differences are the control's, and no mutant breaks them", () => {
    for (const control of controls) {
      const named = places(control.properties);
      for (const at of excepted(control)) {
        assert.ok(named.includes(at), `${control.control}: ${at} is none of its properties`);
        assert.ok(!isBroken(control.control, at), `${control.control}: ${at} is broken by a mutant: no difference`);
      }
    }
  });

  it("that another rule judges are broken by a mutant of that rule", () => {
    for (const { control, differs = [] } of controls) {
      for (const { at = {}, rule } of differs) {
        if (rule === undefined) continue;
        for (const one of places(at)) {
          // A resource as a whole is judged by its class, whatever it says.
          const whole = place(one.split(" ")[0] ?? "", "tagsAll.DataClass");
          assert.ok(isBroken(rule, one) || isBroken(rule, whole), `${control}: ${rule} has no mutant of ${one}`);
        }
      }
    }
  });

  it(`number ${all.length} in ${controls.length} controls`, () => {
    assert.ok(all.length > 2 * controls.length);
  });
});

describe("the levels of controls", () => {
  it("are those of their rules, or stand among the differences", () => {
    for (const { control, levels, differs = [] } of controls) {
      const own = rules.find(({ name }) => name === control)?.info.levels;
      const [other, ...more] = differs.flatMap((difference) => difference.levels ?? []);
      assert.equal(more.length, 0, control);
      assert.equal(own, other ?? levels, control);
      assert.notEqual(other, levels, `${control}: no difference`);
    }
  });
});
