import assert from "node:assert/strict";

import { environments, levelIn } from "../../policy/lib/environment";
import { rules } from "../../policy/rules";
import { type Mutant, isKilled, mutantsOf, previewed, verdictOn } from "./mutants";
import { proofs } from "./proofs";

/** A survivor, as one line: what was changed, what should have been said, and what was. */
function survivor(mutant: Mutant): string {
  const list = (lines: readonly string[]): string => (lines.length === 0 ? "nothing" : lines.join(" | "));
  const { findings, unread } = verdictOn(mutant);
  const gap = mutant.unread === undefined ? "" : `, unread ${mutant.unread}; counted ${list(unread)}`;
  return `${mutant.kind}, ${mutant.what}: expected ${list(mutant.expected)}; found ${list(findings)}${gap}`;
}

describe("mutants", () => {
  const all = new Map(proofs.map((proof) => [proof, mutantsOf(proof)]));
  const count = (kind: Mutant["kind"]) => [...all.values()].flat().filter((mutant) => mutant.kind === kind).length;

  it("are made for every rule of the pack", () => {
    const proven = proofs.map(({ rule }) => rule.name);
    assert.equal(new Set(proven).size, proven.length, "a rule with two proofs");
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !proven.includes(name)),
      [],
    );
  });

  it("are made for every type that a rule concerns", () => {
    for (const [{ rule }, mutants] of all) {
      const broken = mutants.filter((mutant) => mutant.kind === "broken");
      const seen = new Set(broken.flatMap(({ resources }) => Object.values(resources).map(({ type }) => type)));
      // The types that take tags are all alike, and there are 862.
      const missing = rule.types.length > 100 ? [] : rule.types.filter((type) => !seen.has(type));
      assert.deepEqual(missing, [], rule.name);
    }
  });

  for (const [proof, mutants] of all) {
    const { rule } = proof;
    it(`of ${rule.name}: ${mutants.length} of ${mutants.length} are told apart`, () => {
      assert.deepEqual(mutants.filter((mutant) => !isKilled(mutant)).map(survivor), []);
      assert.ok(
        mutants.some(({ kind }) => kind === "broken"),
        "nothing is broken",
      );
    });

    if ("validateStack" in rule) {
      it(`of ${rule.name} are told apart on a first preview, where what links is unknown`, () => {
        const first = mutantsOf(previewed(proof));
        assert.deepEqual(first.filter((mutant) => !isKilled(mutant)).map(survivor), []);
      });
    }

    const off = environments.filter((environment) => levelIn(rule.info.levels, environment) === "disabled");
    for (const stack of off) {
      it(`of ${rule.name} are not reported in ${stack}`, () => {
        const broken = mutants.filter((mutant) => mutant.kind === "broken");
        // A case's own levels switch on what is off in every environment.
        const unset = ({ config }: Mutant) => ({ ...config, levels: {} });
        assert.deepEqual(
          broken.flatMap((mutant) => verdictOn({ ...mutant, stack, config: unset(mutant) }).findings),
          [],
        );
      });
    }
  }

  it(`number ${count("broken")} that break a rule, ${count("compliant")} that keep it, ${count("unknown")} with an unknown, ${count("foreign")} on other types`, () => {
    assert.ok(count("broken") > rules.length * 3);
    const counted = [...all.values()].flat().filter((mutant) => mutant.unread !== undefined);
    assert.ok(counted.length > rules.length * 3, "what is unknown is counted as unread");
  });
});
