import { runProgram } from "../plan/program";
import { type Registration } from "../plan/registration";
import { Sandbox } from "../sandbox/sandbox";

export type { Registration } from "../plan/registration";

/** What a program registered, in order of registration, the stack itself and default providers left out. */
export interface Run {
  readonly resources: readonly Registration[];
  /** The error that the program threw or the engine would have stopped with; `resources` are those registered before. */
  readonly error?: Error;
}

export interface RunOptions {
  /** Stack name. @default "dev" */
  readonly stack?: string;
  /** Preview: outputs that the cloud computes are unknown. @default false */
  readonly preview?: boolean;
  /** Account where no provider of the program says so. @default "111111111111" */
  readonly accountId?: string;
  /** Region where no provider of the program says so. @default "ap-northeast-1" */
  readonly region?: string;
  /** The stack's configuration, keys with their namespace, values as text. @default {} */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * Runs a small Pulumi program against the stand-in and returns what it registered; nothing leaves the process.
 * `inputs` are what the program gave, `checked` what the provider makes of them. Awaits every registration, so
 * assertions come after, outside any `.apply`.
 */
export async function run(program: () => unknown, options: RunOptions = {}): Promise<Run> {
  const account = {
    accountId: options.accountId ?? "111111111111",
    region: options.region ?? "ap-northeast-1",
  };
  const { registrations, error } = await runProgram(program, {
    project: "kiban",
    stack: options.stack ?? "dev",
    preview: options.preview ?? false,
    config: options.config ?? {},
    sandbox: new Sandbox(account),
  });
  const resources = registrations.filter((r) => r.type !== "pulumi:pulumi:Stack" && !r.internal);
  return error === undefined ? { resources } : { resources, error };
}

/** `type name` of every descendant of the component called `name`, sorted: for exact comparison with the README. */
export function children(run: Run, name: string): string[] {
  const component = run.resources.find((r) => !r.custom && r.name === name);
  if (component === undefined) throw new Error(`no component "${name}" among ${run.resources.length} resources`);
  const urns = new Set([component.urn]);
  const found: string[] = [];
  for (const r of run.resources) {
    if (!urns.has(r.parent)) continue;
    urns.add(r.urn);
    found.push(`${r.type} ${r.name}`);
  }
  return found.sort();
}

/** The one resource of that name and type; fails the test when there is none. */
export function resource(run: Run, type: string, name: string): Registration {
  const found = run.resources.find((r) => r.type === type && r.name === name);
  if (found === undefined) {
    throw new Error(`no ${type} "${name}"; there are:\n${run.resources.map((r) => `${r.type} ${r.name}`).join("\n")}`);
  }
  return found;
}
