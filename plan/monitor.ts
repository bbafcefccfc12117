import { status } from "@grpc/grpc-js";
import * as resproto from "@pulumi/pulumi/proto/resource_pb";

import { type Sandbox } from "../sandbox/sandbox";
import { plainForms, secret, text, unknown, type Values } from "../sandbox/values";
import { constructRemote } from "./construct";
import { ProviderRegistry } from "./registry";
import { Refusal, rpcError, shutDown, words } from "./refusal";
import { type Goal, type Registration } from "./registration";
import { fromStruct, goalOf, toStruct } from "./requests";
import { formUrn, packageOf } from "./urn";

export type { Registration } from "./registration";

type Callback<T> = (error: Error | null, response?: T) => void;

/** What the SDK may ask of this monitor; transforms and hooks would need a server that calls back. */
const { ResourceMonitorFeature: feature } = resproto;
const supported: readonly resproto.ResourceMonitorFeature[] = [
  feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
];

/** What the monitor must know of the stack. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  /** As a preview: what the cloud computes stays unknown. */
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  /** Sees each registration after Check and before outputs are made; may answer with other inputs. */
  readonly inspect?: (registration: Registration) => Promise<Values | undefined> | undefined;
}

/**
 * Answers the SDK in the engine's place: forms URNs, refuses what the engine refuses, resolves providers, asks the
 * stand-in for checked inputs and outputs, and records everything in order.
 */
export class Monitor {
  readonly registrations: Registration[] = [];
  /** The stack's own outputs, once the program has ended. */
  stackOutputs: Values = {};
  /** Rejects with a `Refusal` when the engine would have stopped; the SDK's own promises then stay open. */
  readonly stopped: Promise<never>;
  private refused = false;
  private readonly stop: (refusal: Refusal) => void;
  private readonly byUrn = new Map<string, Registration>();
  readonly providers: ProviderRegistry;

  constructor(readonly options: MonitorOptions) {
    let stop: (refusal: Refusal) => void = () => undefined;
    this.stopped = new Promise<never>((_, reject) => (stop = reject));
    this.stopped.catch(() => undefined);
    this.stop = stop;
    this.providers = new ProviderRegistry(options, (provider) => {
      this.record(provider);
      void options.inspect?.(provider);
    });
  }

  find(urn: string): Registration | undefined {
    return this.byUrn.get(urn);
  }

  private record(registration: Registration): void {
    this.registrations.push(registration);
    this.byUrn.set(registration.urn, registration);
  }

  /** Runs one request; the first refusal ends all of them. */
  private answer<T>(callback: Callback<T>, request: () => Promise<T>): void {
    if (this.refused) {
      callback(shutDown());
      return;
    }
    request().then(
      (response) => callback(null, response),
      (error: unknown) => {
        const failure = error instanceof Error ? error : new Error(String(error));
        if (failure instanceof Refusal) {
          this.refused = true;
          this.stop(failure);
          callback(shutDown());
        } else {
          callback("code" in failure ? failure : rpcError(status.UNKNOWN, failure.message));
        }
      },
    );
  }

  /** Registers one resource, as the engine's step generator does it: parent, URN, provider, Check, policies, create. */
  async register(goal: Goal): Promise<Registration> {
    const { project, stack, preview, sandbox, inspect } = this.options;
    const parent = goal.parent === "" ? undefined : this.byUrn.get(goal.parent);
    if (goal.parent !== "" && parent === undefined) throw new Refusal(words.missingParent(goal.parent));
    const urn = formUrn(stack, project, goal.parent, goal.type, goal.name);
    if (this.byUrn.has(urn)) throw new Refusal(words.duplicateUrn(urn), urn);
    const isProvider = goal.type.startsWith("pulumi:providers:");
    const provider = goal.custom && !isProvider ? this.providers.resolve(goal, urn) : undefined;
    if (!goal.custom) this.providers.component(urn, goal);
    const registration: Registration = {
      urn,
      type: goal.type,
      name: goal.name,
      custom: goal.custom,
      parent: goal.parent,
      provider: provider?.reference ?? "",
      inputs: goal.inputs,
      checked: plainForms(goal.inputs),
      options: {
        protect: goal.protect ?? parent?.options["protect"] ?? false,
        retainOnDelete: goal.retainOnDelete ?? parent?.options["retainOnDelete"] ?? false,
        ...goal.options,
      },
      dependencies: goal.dependencies,
      propertyDependencies: goal.propertyDependencies,
      outputs: {},
      id: "",
      external: false,
      internal: false,
    };
    if (provider !== undefined) {
      const request = { type: goal.type, urn, inputs: goal.inputs, provider: provider.inputs };
      const { inputs, failures } = sandbox.check(request);
      const [failure] = failures;
      if (failure !== undefined) throw new Refusal(words.invalid(goal.type, goal.name, failure.reason), urn);
      registration.checked = inputs;
    } else if (isProvider && goal.version !== "") {
      registration.checked = { ...registration.checked, version: goal.version };
    }
    this.record(registration);
    const changed = await inspect?.(registration);
    if (changed !== undefined) registration.checked = changed;
    if (provider !== undefined) {
      const request = { type: goal.type, urn, inputs: registration.checked, provider: provider.inputs };
      Object.assign(registration, sandbox.create(request, preview));
      for (const key of goal.additionalSecretOutputs) {
        const value = registration.outputs[key];
        if (value !== undefined) registration.outputs[key] = secret(value);
      }
    } else if (isProvider) {
      registration.id = this.providers.explicit(registration);
      registration.outputs = registration.checked;
    }
    return registration;
  }

  registerResource(req: resproto.RegisterResourceRequest, callback: Callback<resproto.RegisterResourceResponse>): void {
    this.answer(callback, async () => {
      const response = new resproto.RegisterResourceResponse();
      const goal = goalOf(req);
      if (req.getRemote()) {
        const made = await constructRemote(this, goal);
        response.setUrn(made.urn);
        response.setObject(toStruct(made.outputs));
        for (const [key, urns] of Object.entries(made.outputDependencies)) {
          const dependencies = new resproto.RegisterResourceResponse.PropertyDependencies();
          dependencies.setUrnsList([...urns]);
          response.getPropertydependenciesMap().set(key, dependencies);
        }
        return response;
      }
      const registration = await this.register(goal);
      response.setUrn(registration.urn);
      response.setId(registration.id === unknown ? "" : registration.id);
      response.setObject(toStruct(goal.custom ? registration.outputs : {}));
      return response;
    });
  }

  registerResourceOutputs(req: resproto.RegisterResourceOutputsRequest, callback: Callback<object>): void {
    this.answer(callback, () => {
      this.setOutputs(req.getUrn(), fromStruct(req.getOutputs()));
      return Promise.resolve({});
    });
  }

  setOutputs(urn: string, outputs: Values): void {
    const registration = this.byUrn.get(urn);
    if (registration === undefined) return;
    registration.outputs = outputs;
    if (registration.type === "pulumi:pulumi:Stack") this.stackOutputs = plainForms(outputs);
  }

  readResource(req: resproto.ReadResourceRequest, callback: Callback<resproto.ReadResourceResponse>): void {
    this.answer(callback, () => {
      const { stack, project, sandbox } = this.options;
      const [type, name, parent] = [req.getType(), req.getName(), req.getParent()];
      const urn = formUrn(stack, project, parent, type, name);
      if (this.byUrn.has(urn)) throw new Refusal(words.duplicateUrn(urn), urn);
      const inputs = fromStruct(req.getProperties());
      const goal = { type, parent, provider: req.getProvider(), providers: {}, version: req.getVersion() };
      const provider = this.providers.resolve(goal, type);
      const id = req.getId();
      const { outputs } = sandbox.read({ type, urn, inputs, provider: provider.inputs, id });
      this.record({
        urn,
        type,
        name,
        custom: true,
        parent,
        provider: provider.reference,
        inputs,
        checked: plainForms(inputs),
        options: {},
        dependencies: req.getDependenciesList(),
        propertyDependencies: {},
        outputs,
        id,
        external: true,
        internal: false,
      });
      const response = new resproto.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(toStruct(outputs));
      return Promise.resolve(response);
    });
  }

  invoke(req: resproto.ResourceInvokeRequest, callback: Callback<resproto.ResourceInvokeResponse>): void {
    this.answer(callback, () => {
      const token = req.getTok();
      const args = fromStruct(req.getArgs());
      const response = new resproto.ResourceInvokeResponse();
      response.setReturn(toStruct(this.answerInvoke(token, args, req.getProvider(), req.getVersion())));
      return Promise.resolve(response);
    });
  }

  private answerInvoke(token: string, args: Values, reference: string, version: string): Values {
    if (token === "pulumi:pulumi:getResource") {
      const urn = args["urn"];
      const found = typeof urn === "string" ? this.byUrn.get(urn) : undefined;
      if (found === undefined) throw new Error(`unknown resource ${text(urn) ?? ""}`);
      return { urn: found.urn, id: found.id, state: found.outputs };
    }
    const provider = this.providers.forInvoke(packageOf(token), token, reference, version);
    return this.options.sandbox.invoke(token, args, provider);
  }

  getDeploymentInfo(_: unknown, callback: Callback<resproto.DeploymentInfo>): void {
    const response = new resproto.DeploymentInfo();
    response.setSupportedfeaturesList([...supported]);
    callback(null, response);
  }

  registerPackage(_: unknown, callback: Callback<resproto.RegisterPackageResponse>): void {
    callback(null, new resproto.RegisterPackageResponse());
  }

  signalAndWaitForShutdown(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }
}
