import { createRequire } from "node:module";

import { PolicyPack, type Policies } from "@pulumi/policy";

import { type Message, answering, remediating } from "./asked";
import { faultsOfConfig, settle } from "./configure";
import type { Remediation } from "./files";
import { setPackSettings } from "./settings";

/** The part of gRPC's API that is used here, and of the engine's requests. */
interface Configuration {
  getPolicyconfigMap(): {
    forEach(
      each: (
        config: { getProperties(): { toJavaScript(): Record<string, unknown> } | undefined },
        name: string,
      ) => void,
    ): void;
  };
}
interface Information {
  getPoliciesList(): { getName(): string; setPolicyType(type: number): unknown }[];
}
type Answer<R> = (error: { code: number; details: string } | undefined, response?: R) => void;
type Handler<T, R = unknown> = (call: { readonly request: T }, callback: Answer<R>) => void;
interface Handlers {
  readonly configure: Handler<Configuration>;
  readonly analyze: Handler<Message>;
  readonly remediate: Handler<Message, { getRemediationsList(): Remediation[] }>;
  readonly analyzeStack: Handler<{ getResourcesList(): Message[] }>;
  readonly getAnalyzerInfo: Handler<unknown, Information>;
}
type AddService = (this: unknown, service: unknown, handlers: Handlers) => void;

const invalidArgument = 3;
const stackPolicy = 2;

/**
 * Starts the pack. The SDK hands each rule its own configuration and one resource, and nothing else; the whole of what
 * the engine sends is seen in its server alone. So its answers are wrapped: to `Configure`, where what is not known is
 * refused, before anything is judged, and the settings of the whole pack are read; and to the calls about resources,
 * where rules that do not concern them are skipped.
 */
export function serve(name: string, policies: Policies): void {
  const { Server } = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as {
    Server: { prototype: { addService: AddService } };
  };
  const { addService } = Server.prototype;
  let wrapped = false;
  Server.prototype.addService = function (service, handlers) {
    wrapped = true;
    const { configure, analyze, remediate, analyzeStack, getAnalyzerInfo } = handlers;
    addService.call(this, service, {
      ...handlers,
      configure: checked(configure, policies),
      getAnalyzerInfo: kinds(getAnalyzerInfo, policies),
      analyze: (call, callback) => answering([call.request], () => analyze(call, callback)),
      remediate: remediating(remediate),
      analyzeStack: (call, callback) => answering(call.request.getResourcesList(), () => analyzeStack(call, callback)),
    });
  };
  new PolicyPack(name, { policies });
  Server.prototype.addService = addService;
  if (!wrapped) throw new Error("@pulumi/policy starts its server in another way: this pack cannot check its settings");
}

function checked(configure: Handler<Configuration>, policies: Policies): Handler<Configuration> {
  return (call, callback) => {
    const given = new Map<string, Record<string, unknown>>();
    call.request.getPolicyconfigMap().forEach((config, name) => {
      given.set(name, config.getProperties()?.toJavaScript() ?? {});
    });
    // The pack's working directory is its own.
    const [settings, faults] = settle(given, policies, process.cwd());
    const all = [...faultsOfConfig(given, policies), ...faults];
    if (all.length > 0) {
      const details = ["the configuration of the policy pack is refused:", ...all.map((fault) => `  ${fault}`)];
      callback({ code: invalidArgument, details: details.join("\n") });
      return;
    }
    setPackSettings(settings);
    configure(call, callback);
  };
}

/** The SDK calls a policy that also looks at resources one of resources, and the engine counts its verdicts there. */
function kinds(info: Handlers["getAnalyzerInfo"], policies: Policies): Handlers["getAnalyzerInfo"] {
  const ofStack = policies.filter((policy) => "validateStack" in policy).map(({ name }) => name);
  return (call, callback) =>
    info(call, (error, response) => {
      for (const policy of response?.getPoliciesList() ?? []) {
        if (ofStack.includes(policy.getName())) policy.setPolicyType(stackPolicy);
      }
      callback(error, response);
    });
}
