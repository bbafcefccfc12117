import { type Plan } from "../../plan/run";
import { type EngineResource } from "./engine";

/** What plan and engine must agree on, by URN. */
export type Registered = Readonly<Record<string, unknown>>;

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const assetMarks = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

/** The SDK's own marks on assets, which the engine takes off; the engine's own note in a provider's inputs. */
const unequal = new Set(["__pulumiAsset", "__pulumiArchive", "__internal"]);

/** The engine adds its hash to a file of a program. */
function isAsset(value: object): boolean {
  return assetMarks.includes(String((value as Record<string, unknown>)[signature]));
}

/** Secrets as the plan shows them, since the text of an encrypted one is never the same twice; keys in one order. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.some(([key, item]) => key === signature && item === secretMark)) return "[secret]";
  const own = entries.filter(([key]) => !unequal.has(key) && !(key === "hash" && isAsset(value)));
  return Object.fromEntries(own.map(([key, item]) => [key, plain(item)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A provider is referred to by URN and id; the engine makes the id up. */
function withoutId(reference: string | undefined): string {
  return (reference ?? "").split("::").slice(0, 4).join("::");
}

function sorted(urns: readonly string[] | null | undefined): string[] {
  return [...new Set(urns ?? [])].sort();
}

function byProperty(all: Readonly<Record<string, readonly string[] | null>> | undefined): Record<string, string[]> {
  const entries = Object.entries(all ?? {}).filter(([, urns]) => (urns ?? []).length > 0);
  return Object.fromEntries(
    entries.map(([key, urns]) => [key, sorted(urns)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Default providers are the engine's own affair: the plan lists them, a preview does not. */
function counts({ type, urn }: { type: string; urn: string }): boolean {
  return !type.startsWith("pulumi:providers:") || !/::default(_[0-9_]+)?$/.test(urn);
}

export function ofEngine(resources: readonly EngineResource[]): Registered {
  const rows = resources.filter(counts).map((r) => {
    const row = {
      inputs: plain(r.inputs ?? {}),
      parent: r.parent ?? "",
      provider: withoutId(r.provider),
      protect: r.protect ?? false,
      dependencies: sorted(r.dependencies),
      propertyDependencies: byProperty(r.propertyDependencies),
    };
    return [r.urn, row] as const;
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function ofPlan(plan: Plan): Registered {
  const rows = plan.resources.filter(counts).map((r) => {
    const row = {
      inputs: plain(r.inputs),
      parent: r.parent,
      provider: withoutId(r.provider),
      protect: r.options["protect"] ?? false,
      dependencies: sorted(r.dependencies),
      propertyDependencies: byProperty(r.propertyDependencies),
    };
    return [r.urn, row] as const;
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}
