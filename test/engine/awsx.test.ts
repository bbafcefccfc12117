import assert from "node:assert/strict";

import { planStack } from "../../plan/run";
import { describeEngine, openSandbox, resourcesOf } from "./engine";
import { ofEngine, ofPlan, type Registered } from "./parity";

/**
 * The folder of the real `pulumi-resource-awsx`, where it is at hand: it is a component provider, so that it needs no
 * account either.
 */
const real = process.env["KIBAN_REAL_AWSX"];

/** Everything below the VPC component. The component's own inputs are left out: awsx stores its options with them. */
function children(all: Registered): Registered {
  return Object.fromEntries(Object.entries(all).filter(([urn]) => urn.includes("$awsx:ec2:Vpc$")));
}

/** What waits for the component's outputs; the children's own order is part of `children`. */
function dependents(all: Registered): Registered {
  return Object.fromEntries(Object.entries(all).filter(([urn]) => !urn.includes("awsx:ec2:Vpc")));
}

if (real !== undefined) {
  describeEngine("the real awsx provider", () => {
    for (const stack of ["dev", "stg", "prod"]) {
      it(`makes the stand-in's VPC in ${stack}`, async () => {
        const sandbox = await openSandbox(stack, { providers: [real] });
        const run = await sandbox.run("up");
        assert.equal(run.code, 0, run.stdout + run.stderr);
        assert.ok((run.stdout + run.stderr).includes(`${real}/pulumi-resource-awsx`), "the real one was used");
        const registered = ofEngine(resourcesOf(await sandbox.state()));
        const planned = ofPlan(await planStack({ projectDir: sandbox.copy, stack }));
        assert.deepEqual(children(registered), children(planned));
        assert.deepEqual(dependents(registered), dependents(planned));
      });
    }
  });
}
