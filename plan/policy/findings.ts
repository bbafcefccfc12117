import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

import { decodeOutcome, type Exempted, type Unread } from "../../policy/lib/outcome";

export type Level = "advisory" | "mandatory" | "remediate" | "disabled";

/** One finding of a policy. */
export interface Violation {
  readonly policy: string;
  readonly level: Level;
  readonly urn: string;
  readonly message: string;
}

/** A change that a policy made to a resource's inputs. */
export interface Remedy {
  readonly policy: string;
  readonly urn: string;
}

/** A finding that an exemption took away. */
export interface ExemptedFinding extends Exempted {
  readonly policy: string;
}

/** A property that a policy could not read, since it was unknown. */
export interface NotEvaluated extends Unread {
  readonly policy: string;
}

export interface Counts {
  /** Resources that the policy passed; a stack policy passes once. */
  passed: number;
  /** Findings. */
  failed: number;
  /** Findings that an exemption took away. */
  exempted: number;
  /** Properties that were unknown. */
  notEvaluated: number;
  /** Resources that the policy does not concern; for a stack policy, the stack. */
  notApplicable: number;
}

/** A policy as its pack describes it, and what came of it. */
export interface PolicyReport {
  readonly name: string;
  readonly description: string;
  readonly sees: "resource" | "stack";
  readonly severity: "low" | "medium" | "high" | "critical" | undefined;
  /** Name of a framework and the control in it. */
  readonly framework: { readonly name: string; readonly reference: string; readonly title: string } | undefined;
  readonly url: string | undefined;
  readonly remediationSteps: string | undefined;
  readonly counts: Readonly<Counts>;
}

const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = analyzer.EnforcementLevel;
const levels = new Map<number, Level>([
  [ADVISORY, "advisory"],
  [MANDATORY, "mandatory"],
  [REMEDIATE, "remediate"],
  [DISABLED, "disabled"],
]);
const severities = [undefined, "low", "medium", "high", "critical"] as const;
const { POLICY_TYPE_RESOURCE, POLICY_TYPE_STACK } = analyzer.PolicyType;

function described(policy: analyzer.PolicyInfo): Omit<PolicyReport, "counts"> {
  const framework = policy.getFramework();
  const text = (value: string): string | undefined => (value === "" ? undefined : value);
  return {
    name: policy.getName(),
    description: policy.getDescription(),
    sees: policy.getPolicyType() === POLICY_TYPE_STACK ? "stack" : "resource",
    severity: severities[policy.getSeverity()],
    framework:
      framework === undefined
        ? undefined
        : { name: framework.getName(), reference: framework.getReference(), title: framework.getSpecification() },
    url: text(policy.getUrl()),
    remediationSteps: text(policy.getRemediationSteps()),
  };
}

/** Collects what the policies of a pack answer. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly exempted: ExemptedFinding[] = [];
  readonly notEvaluated: NotEvaluated[] = [];
  private readonly counts = new Map<string, Counts>();

  constructor(private readonly policies: readonly analyzer.PolicyInfo[]) {
    const none = { passed: 0, failed: 0, exempted: 0, notEvaluated: 0, notApplicable: 0 };
    for (const policy of policies) this.counts.set(policy.getName(), { ...none });
  }

  /** Answers about one resource. */
  ofResource(urn: string, response: analyzer.AnalyzeResponse): void {
    this.add(POLICY_TYPE_RESOURCE, response, () => urn);
  }

  /** Answers about the whole stack; a finding on no known resource is the stack's. */
  ofStack(response: analyzer.AnalyzeResponse, stack: string, isKnown: (urn: string) => boolean): void {
    this.add(POLICY_TYPE_STACK, response, (urn) => (isKnown(urn) ? urn : stack));
  }

  reports(): PolicyReport[] {
    return this.policies.map((policy) => ({
      ...described(policy),
      counts: this.counts.get(policy.getName()) as Counts,
    }));
  }

  private add(type: analyzer.PolicyType, response: analyzer.AnalyzeResponse, place: (urn: string) => string): void {
    const ofType = this.policies.filter((policy) => policy.getPolicyType() === type).map((policy) => policy.getName());
    const left = new Set(ofType);
    const count = (policy: string, how: keyof Counts, more = 1): void => {
      const counts = this.counts.get(policy);
      if (counts !== undefined) counts[how] += more;
      left.delete(policy);
    };
    for (const answer of response.getNotApplicableList()) {
      const policy = answer.getPolicyName();
      const outcome = decodeOutcome(answer.getReason());
      if (outcome === undefined) {
        // A stack policy that can mend resources is asked about each, and judges none.
        if (ofType.includes(policy)) count(policy, "notApplicable");
        continue;
      }
      const { exempted, unread } = outcome;
      count(policy, "exempted", exempted.length);
      count(policy, "notEvaluated", unread.length);
      this.exempted.push(...exempted.map((one) => ({ policy, ...one, urn: place(one.urn) })));
      this.notEvaluated.push(...unread.map((one) => ({ policy, ...one, urn: place(one.urn) })));
    }
    for (const diagnostic of response.getDiagnosticsList()) {
      const level = levels.get(diagnostic.getEnforcementlevel()) ?? "advisory";
      count(diagnostic.getPolicyname(), "failed");
      this.violations.push({
        policy: diagnostic.getPolicyname(),
        // What a remediation left undone counts as mandatory, as in the engine.
        level: level === "remediate" ? "mandatory" : level,
        urn: place(diagnostic.getUrn()),
        message: diagnostic.getMessage(),
      });
    }
    for (const policy of left) count(policy, "passed");
  }
}
