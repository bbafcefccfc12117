import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { type Values } from "../../sandbox/values";
import { type Registration } from "../registration";
import { fromStruct, toStruct } from "../requests";
import { analyzeRequest, stackRequest, type Find } from "./messages";
import { PolicyProcess, type PackEnvironment } from "./process";

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

const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = analyzer.EnforcementLevel;
const levels = new Map<number, Level>([
  [ADVISORY, "advisory"],
  [MANDATORY, "mandatory"],
  [REMEDIATE, "remediate"],
  [DISABLED, "disabled"],
]);

function violations(
  response: analyzer.AnalyzeResponse,
  urn: (diagnostic: analyzer.AnalyzeDiagnostic) => string,
): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => {
    const level = levels.get(diagnostic.getEnforcementlevel()) ?? "advisory";
    return {
      policy: diagnostic.getPolicyname(),
      // What a remediation left undone counts as mandatory, as in the engine.
      level: level === "remediate" ? "mandatory" : level,
      urn: urn(diagnostic),
      message: diagnostic.getMessage(),
    };
  });
}

/** The pack's own configuration over the defaults of its schemas, as the engine puts them together. */
function configuration(info: analyzer.AnalyzerInfo): analyzer.ConfigureAnalyzerRequest {
  const request = new analyzer.ConfigureAnalyzerRequest();
  const initial = info.getInitialconfigMap();
  const all = initial.get("all");
  for (const policy of info.getPoliciesList()) {
    const own = initial.get(policy.getName());
    const given: Values = {};
    const schema = fromStruct(policy.getConfigschema()?.getProperties());
    for (const [property, rule] of Object.entries(schema)) {
      const value = typeof rule === "object" && rule !== null && !Array.isArray(rule) ? rule["default"] : undefined;
      if (value !== undefined) given[property] = value;
    }
    const config = new analyzer.PolicyConfig();
    config.setEnforcementlevel(
      own?.getEnforcementlevel() ?? all?.getEnforcementlevel() ?? policy.getEnforcementlevel(),
    );
    config.setProperties(toStruct({ ...given, ...fromStruct(own?.getProperties()) }));
    request.getPolicyconfigMap().set(policy.getName(), config);
  }
  return request;
}

/** The policy pack of a project, asked in the order in which the engine asks. */
export class PolicyPack {
  private readonly process: PolicyProcess;
  private readonly info: Promise<{ name: string; policies: number; remediates: boolean }>;
  private remediates: boolean | undefined;
  readonly remedies: Remedy[] = [];

  constructor(directory: string, environment: PackEnvironment) {
    this.process = new PolicyProcess(directory, environment);
    this.info = this.configure();
    this.info.catch(() => undefined);
  }

  private async configure(): Promise<{ name: string; policies: number; remediates: boolean }> {
    const info = await this.process.ask<analyzer.AnalyzerInfo>((client, done) =>
      client.getAnalyzerInfo(new Empty(), done),
    );
    const request = configuration(info);
    if (info.getSupportsconfig()) await this.process.ask<Empty>((client, done) => client.configure(request, done));
    const configured = [...request.getPolicyconfigMap().entries()];
    this.remediates = configured.some(([, config]) => config.getEnforcementlevel() === REMEDIATE);
    const enabled = configured.filter(([, config]) => config.getEnforcementlevel() !== DISABLED);
    return { name: info.getName(), policies: enabled.length, remediates: this.remediates };
  }

  /** Settled once the pack answers. */
  ready(): Promise<{ name: string; policies: number }> {
    return this.info;
  }

  get isReady(): boolean {
    return this.remediates !== undefined;
  }

  /** Whether the pack may change a registration; assumed until the pack is ready. */
  get waits(): boolean {
    return this.remediates !== false;
  }

  /** The inputs after the pack's remediations, undefined where none applies. */
  async remediate(registration: Registration, find: Find): Promise<Values | undefined> {
    const { remediates } = await this.info;
    if (!remediates) return undefined;
    const request = analyzeRequest(registration, find, true);
    const response = await this.process.ask<analyzer.RemediateResponse>((client, done) =>
      client.remediate(request, done),
    );
    let changed: Values | undefined;
    for (const remediation of response.getRemediationsList()) {
      if (!remediation.hasProperties() || remediation.getDiagnostic() !== "") continue;
      changed = fromStruct(remediation.getProperties());
      this.remedies.push({ policy: remediation.getPolicyname(), urn: registration.urn });
    }
    return changed;
  }

  async analyze(registration: Registration, find: Find): Promise<Violation[]> {
    await this.info;
    const request = analyzeRequest(registration, find);
    const response = await this.process.ask<analyzer.AnalyzeResponse>((client, done) => client.analyze(request, done));
    return violations(response, () => registration.urn);
  }

  async analyzeStack(registrations: readonly Registration[], find: Find, stackUrn: string): Promise<Violation[]> {
    await this.info;
    const request = stackRequest(registrations, find);
    const response = await this.process.ask<analyzer.AnalyzeResponse>((client, done) =>
      client.analyzeStack(request, done),
    );
    return violations(response, (diagnostic) =>
      diagnostic.getUrn() !== "" && find(diagnostic.getUrn()) !== undefined ? diagnostic.getUrn() : stackUrn,
    );
  }

  close(): Promise<void> {
    return this.process.close();
  }
}
