/** How the SDK marks a file or an archive among a resource's properties. Source: pulumi/pulumi, `sdk/nodejs/runtime/rpc.ts`. */
const mark = "4dabf18193072939515e22adb298388d";
const fileMarks: readonly unknown[] = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

type Values = Record<string, unknown>;

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}

/**
 * The same with a word in place of each file and archive. No rule reads those, and the SDK stumbles over them: it throws
 * at a file that is empty, and hands an archive back from a remediation as a list of names.
 */
export function withoutFiles<T>(value: T): T;
export function withoutFiles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutFiles<unknown>(item));
  if (!isObject(value)) return value;
  if (fileMarks.includes(value[mark])) return "file";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFiles(item)]));
}

function hasFile(value: unknown): boolean {
  if (!isObject(value)) return false;
  return fileMarks.includes(value[mark]) || Object.values(value).some(hasFile);
}

/** A resource's properties as a message of the engine's protocol holds them. */
export interface Struct {
  toJavaScript(): Values;
}

export interface Remediation {
  getProperties(): Struct | undefined;
  // Of the class that it came in.
  setProperties(properties: never): unknown;
}

/** Puts the files of a resource back into what remediations made of it; none of them changes a file. */
export function restoreFiles(given: Values, remediations: readonly Remediation[]): void {
  const files = Object.entries(given).filter(([, value]) => hasFile(value));
  if (files.length === 0) return;
  for (const remediation of remediations) {
    const made = remediation.getProperties();
    if (made === undefined) continue;
    const own = made.constructor as unknown as { fromJavaScript(values: Values): Struct };
    remediation.setProperties(own.fromJavaScript({ ...made.toJavaScript(), ...Object.fromEntries(files) }) as never);
  }
}
