import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { packName } from "./configure";
import { stackOf } from "./environment";
import { remember } from "./memory";
import { packConfig, packSettings } from "./settings";

/** The pack's own policy: its configuration is that of the whole pack, its findings are about the exemptions. */
export const packPolicy: ResourceValidationPolicy & StackValidationPolicy = {
  name: packName,
  description: "Exemptions are in force, do not end within two weeks, and match a finding",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Mend the resource and remove its exemption, or renew it with its reason.",
  configSchema: { properties: packConfig },
  // The one policy that is called for every resource.
  validateResource: ({ urn, props }) => remember(urn, props),
  validateStack: ({ resources }, violation) => {
    const stack = stackOf(resources[0]?.urn ?? "");
    for (const { urn, level, message } of packSettings().exemptions.notices(stack)) {
      const finding = {
        message,
        severity: "medium",
        ...(urn !== undefined && { urn }),
        ...(level === "advisory" && { enforcementLevel: "advisory" as const }),
      };
      // The object form, which the SDK takes but does not type: it alone gives a finding a level of its own.
      (violation as unknown as (finding: object) => ReturnType<ReportViolation>)(finding);
    }
  },
};
