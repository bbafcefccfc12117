import { type ReportViolation, type Severity, UnknownValueError } from "@pulumi/policy";

import type { Level } from "./environment";
import { type Exempted, type Unread, encodeOutcome } from "./outcome";
import { packSettings } from "./settings";
import { type Value, listening } from "./value";

/** The object form, which the SDK takes but does not type: it alone gives a finding a level of its own. */
interface Finding {
  readonly message: string;
  readonly urn?: string;
  readonly severity: Severity;
  readonly enforcementLevel?: "advisory";
}

export interface RunOptions {
  readonly rule: string;
  readonly severity: Severity;
  readonly level: Level;
  /** What the rule is run on; a stack rule has no one resource. */
  readonly urn?: string;
  /** An unknown that the rule met is a violation. */
  readonly strict: boolean;
  readonly violation: ReportViolation;
}

/** One run of a rule: its findings go out, but those that an exemption takes away, and what it could not read is kept. */
export class Run {
  private readonly unread = new Map<string, Unread>();
  private readonly exempted: Exempted[] = [];
  private readonly reported = new Set<string>();

  constructor(private readonly options: RunOptions) {}

  report(at: Value | string, wrong: string, set: string, urn = this.options.urn, level = this.options.level): void {
    const path = typeof at === "string" ? at : at.path;
    this.reported.add(`${urn} ${path}`);
    this.emit(`${path} ${wrong}: ${set}`, urn, level);
  }

  /** Runs the check. An exception in it would fail the whole preview; its message may hold a value, so none is printed. */
  check(what: "resource" | "stack", check: () => void): void {
    const { rule, strict, urn } = this.options;
    try {
      listening((owner = urn ?? "", path) => this.unread.set(`${owner} ${path}`, { urn: owner, path }), check);
    } catch (error) {
      if (error instanceof UnknownValueError) throw error;
      this.emit(`${rule} could not be evaluated on this ${what}: a fault of the rule, not of the program`, urn);
    }
    for (const key of this.reported) this.unread.delete(key);
    if (!strict) return;
    for (const { urn: owner, path } of this.unread.values()) {
      const what = `${path} is unknown at preview: strictUnknown asks for a value that ${rule} can read`;
      this.emit(what, owner === "" ? undefined : owner);
    }
  }

  /** Ends the run with what there is to say beside the findings, if there is anything. */
  end(notApplicable: (reason?: string) => never): void {
    if (this.unread.size === 0 && this.exempted.length === 0) return;
    notApplicable(encodeOutcome({ unread: [...this.unread.values()], exempted: this.exempted }));
  }

  private emit(message: string, urn = this.options.urn, level = this.options.level): void {
    const { rule, severity, violation } = this.options;
    const exemption = urn === undefined ? undefined : packSettings().exemptions.find(rule, urn);
    if (exemption !== undefined) {
      const { reason, owner, expires } = exemption;
      this.exempted.push({ urn: urn ?? "", message, reason, owner, expires });
      return;
    }
    const finding: Finding = {
      message,
      severity,
      ...(urn !== undefined && urn !== this.options.urn && { urn }),
      // A mandatory finding takes the policy's level, so that `enforcementLevel` in the configuration can lower it.
      ...(level !== "mandatory" && { enforcementLevel: "advisory" as const }),
    };
    (violation as unknown as (finding: Finding) => void)(finding);
  }
}
