import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { type Values } from "../../sandbox/values";
import { type Registration } from "../registration";
import { fromStruct } from "../requests";
import { configuration } from "./configuration";
import { Findings, type Remedy } from "./findings";
import { analyzeRequest, stackRequest, type Find } from "./messages";
import { PolicyProcess, type PackEnvironment } from "./process";

const { REMEDIATE, DISABLED } = analyzer.EnforcementLevel;

interface Ready {
  readonly name: string;
  /** How many are on. */
  readonly policies: number;
  readonly remediates: boolean;
  readonly enabled: readonly analyzer.PolicyInfo[];
}

/** The policy pack of a project, asked in the order in which the engine asks. */
export class PolicyPack {
  private readonly process: PolicyProcess;
  private readonly info: Promise<Ready>;
  private remediates: boolean | undefined;
  readonly remedies: Remedy[] = [];

  /** `file`: the configuration, as the engine's --policy-pack-config takes it. */
  constructor(directory: string, environment: PackEnvironment, file?: string) {
    this.process = new PolicyProcess(directory, environment);
    this.info = this.configure(file);
    this.info.catch(() => undefined);
  }

  private async configure(file: string | undefined): Promise<Ready> {
    const info = await this.process.ask<analyzer.AnalyzerInfo>((client, done) =>
      client.getAnalyzerInfo(new Empty(), done),
    );
    const request = await configuration(info, file);
    if (info.getSupportsconfig()) await this.process.ask<Empty>((client, done) => client.configure(request, done));
    const configured = [...request.getPolicyconfigMap().entries()];
    this.remediates = configured.some(([, config]) => config.getEnforcementlevel() === REMEDIATE);
    const off = configured.filter(([, config]) => config.getEnforcementlevel() === DISABLED).map(([name]) => name);
    const enabled = info.getPoliciesList().filter((policy) => !off.includes(policy.getName()));
    return { name: info.getName(), policies: enabled.length, remediates: this.remediates, enabled };
  }

  /** Settled once the pack answers. */
  async ready(): Promise<{ name: string; policies: number; remediates: boolean }> {
    const { name, policies, remediates } = await this.info;
    return { name, policies, remediates };
  }

  /** Where the answers of one run are collected. */
  async findings(): Promise<Findings> {
    return new Findings((await this.info).enabled);
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

  async analyze(registration: Registration, find: Find): Promise<analyzer.AnalyzeResponse> {
    await this.info;
    const request = analyzeRequest(registration, find);
    return this.process.ask<analyzer.AnalyzeResponse>((client, done) => client.analyze(request, done));
  }

  async analyzeStack(registrations: readonly Registration[], find: Find): Promise<analyzer.AnalyzeResponse> {
    await this.info;
    const request = stackRequest(registrations, find);
    return this.process.ask<analyzer.AnalyzeResponse>((client, done) => client.analyzeStack(request, done));
  }

  close(): Promise<void> {
    return this.process.close();
  }
}
