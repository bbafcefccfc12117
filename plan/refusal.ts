import { status } from "@grpc/grpc-js";

/** The engine refuses this program: its words, and the resource that it speaks of. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly urn = "",
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** The words of the engine. Source: pulumi/pulumi, `sdk/go/common/diag/errors.go`, `pkg/resource/deploy`. */
export const words = {
  deniedProvider: (pkg: string, what: string): string =>
    `Default provider for '${pkg}' disabled. '${what}' must use an explicit provider.`,
  duplicateUrn: (urn: string): string => `Duplicate resource URN '${urn}'; try giving it a unique name`,
  missingParent: (parent: string): string => `could not find parent resource ${parent}`,
  invalid: (type: string, name: string, problem: string): string =>
    `${type} resource '${name}' has a problem: ${problem}`,
  unknownProvider: (provider: string, urn: string): string => `unknown provider '${provider}' for resource '${urn}'`,
};

/** An error as the SDK meets it at the end of a gRPC call. */
export function rpcError(code: status, message: string): Error & { code: status; details: string } {
  return Object.assign(new Error(message), { code, details: message });
}

/** After this the SDK leaves every promise open instead of failing it, as it does when the engine shuts down. */
export function shutDown(): Error {
  return rpcError(status.UNAVAILABLE, "Resource monitor is terminating");
}
