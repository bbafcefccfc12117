import { createRequire } from "node:module";

import { PolicyPack, type Policies } from "@pulumi/policy";

import { faultsOfConfig, settle } from "./configure";
import { setPackSettings } from "./settings";

/** The part of gRPC's API that is used here, and of the request that configures a pack. */
interface Request {
  getPolicyconfigMap(): {
    forEach(
      each: (
        config: { getProperties(): { toJavaScript(): Record<string, unknown> } | undefined },
        name: string,
      ) => void,
    ): void;
  };
}
type Refuse = (error: { code: number; details: string }) => void;
type Handler = (call: { readonly request: Request }, callback: Refuse) => void;
type AddService = (this: unknown, service: unknown, handlers: Readonly<Record<string, Handler>>) => void;

const invalidArgument = 3;

/**
 * Starts the pack. The SDK hands each rule its own configuration and nothing else, and lets unknown names and keys
 * pass; the whole of what the engine sends is seen in its server alone. So its answer to `Configure` is wrapped: what
 * is not known is refused there, before anything is judged, and the settings of the whole pack are read.
 */
export function serve(name: string, policies: Policies): void {
  const { Server } = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as {
    Server: { prototype: { addService: AddService } };
  };
  const { addService } = Server.prototype;
  let wrapped = false;
  Server.prototype.addService = function (service, handlers) {
    const { configure } = handlers;
    wrapped = configure !== undefined;
    const ours = configure === undefined ? {} : { configure: checked(configure, policies) };
    addService.call(this, service, { ...handlers, ...ours });
  };
  new PolicyPack(name, { policies });
  Server.prototype.addService = addService;
  if (!wrapped) throw new Error("@pulumi/policy starts its server in another way: this pack cannot check its settings");
}

function checked(configure: Handler, policies: Policies): Handler {
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
