import { RunError } from "@pulumi/pulumi";

/**
 * Collects every fault of one component's plain arguments and reports them together, before anything registers.
 *
 * @example
 * const faults = new Faults("WebService", name);
 * if (args.port < 1) faults.add("port", args.port, "1 to 65535", "set the port that the container listens on");
 * faults.raise();
 */
export class Faults {
  private readonly lines: string[] = [];

  /** `component` is the class, `name` the Pulumi name: `WebService "api":`. */
  constructor(
    private readonly component: string,
    private readonly name: string,
  ) {}

  /** One fault: the argument's path, what it was, what is allowed, and what to set. Never pass a secret as `was`. */
  add(path: string, was: unknown, allowed: string, cure: string): void {
    this.lines.push(`${path}: was ${show(was)}; allowed: ${allowed}; ${cure}`);
  }

  /** A fault unless `value` is a whole number from `min` to `max`. */
  integer(path: string, value: number, min: number, max: number): void {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    this.add(path, value, `a whole number from ${min} to ${max}`, "set one in that range");
  }

  /** The faults so far, a line each. */
  get all(): readonly string[] {
    return this.lines;
  }

  /** Throws one `pulumi.RunError` with all faults; does nothing when there are none. */
  raise(): void {
    if (this.lines.length === 0) return;
    throw new RunError([`${this.component} "${this.name}":`, ...this.lines.map((line) => `  ${line}`)].join("\n"));
  }
}

function show(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
