import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { rules } from "../../policy/rules";
import { coverage, coverageFile, oursAlone, sections } from "../../policy/scripts/coverage";

describe("the coverage of controls", () => {
  const controls = sections.flatMap((section) => section.controls);
  const names = controls.map(({ control }) => control);

  it("is written down as it is", () => {
    assert.equal(readFileSync(coverageFile, "utf8"), coverage(), "stale: run npx ts-node policy/scripts/readme.ts");
  });

  it("has a rule for every control, and every rule as a control or marked as this pack's alone", () => {
    assert.equal(new Set(names).size, names.length);
    for (const name of oursAlone) {
      assert.ok(
        rules.some((rule) => rule.name === name),
        name,
      );
    }
    const concerned = rules.map(({ name }) => name).filter((name) => !oursAlone.includes(name));
    assert.deepEqual([...names].sort(), concerned.sort(), "add the rule to controls.json or to oursAlone");
  });

  it("names the control of FSBP that a rule names", () => {
    for (const { name, info } of rules) {
      if (info.fsbp === undefined || oursAlone.includes(name)) continue;
      const { fsbp = [], securityHub = [] } = controls.find(({ control }) => control === name) ?? {};
      assert.ok([...fsbp, ...securityHub].includes(info.fsbp[0]), `${name} ${info.fsbp[0]}`);
    }
  });

  it("gives ids as their owners write them", () => {
    const forms = {
      awsguard: /^[a-z0-9]+(-[a-z0-9]+)+$/,
      cdkNag: /^(AwsSolutions-[A-Z][A-Z0-9]*\d+|[A-Z][A-Za-z0-9]+)$/,
      checkov: /^CKV2?_AWS_\d+$/,
      fsbp: /^[A-Z][A-Za-z0-9]+\.\d+$/,
      securityHub: /^[A-Z][A-Za-z0-9]+\.\d+$/,
    } as const;
    for (const control of controls) {
      for (const [key, form] of Object.entries(forms)) {
        for (const id of control[key as keyof typeof forms] ?? []) assert.match(id, form, control.control);
      }
    }
  });
});
