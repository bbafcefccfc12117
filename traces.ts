/**
 * Makes the SDK's own stack traces cheap and leaves every other as it was, by being imported. The SDK takes a dozen for each resource:
 * one for the resource's position in the source, the rest for a report of leaked promises that only
 * PULUMI_DEBUG_PROMISE_LEAKS asks for. Formatting them takes most of a large program's time, the more so where ts-node's
 * source maps are looked up for each frame.
 */
type Format = (error: Error, frames: NodeJS.CallSite[]) => unknown;

function line(frame: NodeJS.CallSite): string {
  // V8 gives call sites a text of their own, of which their type does not tell.
  return (frame as { toString(): string }).toString();
}

function native(error: Error, frames: NodeJS.CallSite[]): string {
  return [String(error), ...frames.map((frame) => `    at ${line(frame)}`)].join("\n");
}

/** Wraps the hook that is there (ts-node's), or V8's own format where there is none. */
export function cheapTraces(format: Format | undefined): Format {
  const known = new Map<string, string>();
  /** The position of one frame in the source, looked up once. */
  const position = (frame: NodeJS.CallSite): string => {
    const plain = line(frame);
    if (format === undefined || plain.includes("node_modules") || plain.includes("node:")) return plain;
    let mapped = known.get(plain);
    if (mapped === undefined) {
      const text = String(format(new Error(""), [frame]));
      mapped = text.slice(text.indexOf("    at ") + "    at ".length);
      known.set(plain, mapped);
    }
    return mapped;
  };
  return (error, frames) => {
    const file = frames[0]?.getFileName() ?? "";
    if (error.message === "" && file.includes("@pulumi")) {
      if (file.endsWith("debuggable.js")) return String(error);
      if (file.endsWith("resource.js")) {
        return [String(error), ...frames.map((frame) => `    at ${position(frame)}`)].join("\n");
      }
    }
    return format === undefined ? native(error, frames) : format(error, frames);
  };
}

/** The hook knows itself, so that installing it twice is installing it once. */
const mark = Symbol.for("kiban.cheapTraces");

function install(): void {
  const current = Reflect.get(Error, "prepareStackTrace") as (Format & { [mark]?: true }) | undefined;
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] !== undefined || current?.[mark] === true) return;
  Error.prepareStackTrace = Object.assign(cheapTraces(current), { [mark]: true });
}

// Once, by whoever comes first: under the Pulumi CLI the program, whose first import this is; in a plan the plan itself.
install();
