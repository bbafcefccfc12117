import { createHash } from "node:crypto";

import { type PolicyReport } from "../policy/findings";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { totals } from "./totals";

/** GitHub's code scanning: over 9.0 critical, from 7.0 high, from 4.0 medium, below low. */
const securitySeverity = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

function ruleOf({ name, description, severity, framework, url, remediationSteps, counts }: PolicyReport): object {
  return {
    id: name,
    shortDescription: { text: description },
    ...(remediationSteps !== undefined && { help: { text: remediationSteps } }),
    ...(url !== undefined && { helpUri: url }),
    properties: {
      tags: ["security", ...(framework === undefined ? [] : [framework.reference])],
      ...(severity !== undefined && { severity, "security-severity": securitySeverity[severity] }),
      ...(framework !== undefined && { framework }),
      counts,
    },
  };
}

/** What every result has: the stack's file, as a finding has no line of source, and the resource by its URN. */
function place(plan: Plan, policy: string, urn: string, what: string): object {
  const fingerprint = createHash("sha256").update([policy, urn, what].join("\n")).digest("hex");
  return {
    ruleId: policy,
    ruleIndex: plan.policies.findIndex(({ name }) => name === policy),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: `Pulumi.${plan.stack}.yaml`, uriBaseId: "%SRCROOT%" },
          region: { startLine: 1 },
        },
        logicalLocations: [{ name: nameOf(urn), fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    partialFingerprints: { "finding/v1": fingerprint },
  };
}

function message(urn: string, text: string): { text: string } {
  return { text: `${nameOf(urn)} (${typeOf(urn)}): ${text}` };
}

/** SARIF 2.1.0. An exempted finding is a suppressed result; what could not be evaluated is a result of kind "open". */
export function sarif(plan: Plan): string {
  const { violations, exempted, notEvaluated } = plan;
  const found = violations.map(({ policy, level, urn, message: text }) => ({
    ...place(plan, policy, urn, text),
    level: level === "mandatory" ? "error" : "warning",
    message: message(urn, text),
  }));
  const accepted = exempted.map(({ policy, urn, message: text, reason, owner, expires }) => ({
    ...place(plan, policy, urn, text),
    level: "note",
    message: message(urn, text),
    suppressions: [{ kind: "external", status: "accepted", justification: `${reason} (${owner}, until ${expires})` }],
  }));
  const open = notEvaluated.map(({ policy, urn, path }) => ({
    ...place(plan, policy, urn, path),
    kind: "open",
    level: "none",
    message: message(urn, `${path} is unknown`),
  }));
  const driver = { name: plan.summary.policyPack ?? "no policy pack", rules: plan.policies.map(ruleOf) };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0-rtm.5.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        automationDetails: { id: `${plan.project}/${plan.stack}/` },
        results: [...found, ...accepted, ...open],
        properties: { counts: totals(plan) },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
