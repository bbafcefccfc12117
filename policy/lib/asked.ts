import { AsyncLocalStorage } from "node:async_hooks";

import { type Remediation, type Struct, restoreFiles, withoutFiles } from "./files";

/** Types of the resources that a call of the engine is about; calls overlap, so that each has its own. */
const asked = new AsyncLocalStorage<ReadonlySet<string>>();

/** A resource as a request of the engine holds it. */
export interface Message {
  getType(): string;
  getProperties(): Struct | undefined;
  getProvider(): { getProperties(): Struct | undefined } | undefined;
}

/** Answers a call about these resources, in which rules that concern none of them are skipped. */
export function answering<T>(resources: readonly Message[], answer: () => T): T {
  for (const resource of resources) {
    decodeOnce(resource.getProperties());
    decodeOnce(resource.getProvider()?.getProperties());
  }
  return asked.run(new Set(resources.map((resource) => resource.getType())), answer);
}

type Remediate<T, E, R> = (call: { readonly request: T }, callback: (error: E, response?: R) => void) => unknown;

/** Answers a call for remediations: they see a resource without its files, which come back as they were. */
export function remediating<T extends Message, E, R extends { getRemediationsList(): Remediation[] }>(
  remediate: Remediate<T, E, R>,
): Remediate<T, E, R> {
  return (call, callback) => {
    const properties = call.request.getProperties();
    const given = properties?.toJavaScript.bind(properties);
    return answering([call.request], () =>
      remediate(call, (error, response) => {
        const made = response?.getRemediationsList() ?? [];
        if (given !== undefined && made.length > 0) restoreFiles(given(), made);
        callback(error, response);
      }),
    );
  };
}

/** The SDK decodes a resource anew for every rule, and copies what it decoded. */
function decodeOnce(struct: Struct | undefined): void {
  if (struct === undefined) return;
  let value: Record<string, unknown> | undefined;
  const decode = struct.toJavaScript.bind(struct);
  struct.toJavaScript = (): Record<string, unknown> => (value ??= withoutFiles(decode()));
}

/**
 * Marks what a rule does as being for resources of these types. The SDK skips a function that has a type without a
 * call, but knows one type alone: it is told the one that is asked about, if that is among them.
 */
export function concerning<T extends object>(types: readonly string[], act: T): T {
  const all = new Set(types);
  const [first] = types;
  const get = (): string | undefined => {
    const now = asked.getStore();
    if (now === undefined) return undefined;
    for (const type of now) if (all.has(type)) return type;
    return first;
  };
  return Object.defineProperty(act, "__pulumiType", { get });
}
