import type { Engine } from "./engine";

/** AWS: RDS API reference, ServerlessV2ScalingConfiguration. */
export const largestAcu = 256;

/** Whether it is a capacity that Aurora offers: 0 to 256 ACU in steps of 0.5. */
export function isAcu(value: number): boolean {
  return value >= 0 && value <= largestAcu && Number.isInteger(value * 2);
}

/**
 * `max_connections` by largest capacity. AWS: Aurora user guide, "Maximum connections for Aurora Serverless v2". Between
 * two of the guide's capacities the lower one counts: an alarm a little early, never too late.
 */
const connections: Readonly<Record<Engine, readonly (readonly [acu: number, connections: number])[]>> = {
  postgresql: [
    [1, 189],
    [4, 823],
    [8, 1669],
    [16, 3360],
    [32, 5000],
  ],
  mysql: [
    [1, 90],
    [4, 135],
    [8, 1000],
    [16, 2000],
    [32, 3000],
    [64, 4000],
    [128, 5000],
    [192, 6000],
  ],
};

/** How many connections an instance takes by default, which the largest capacity decides, not the present one. */
export function defaultConnections(engine: Engine, acu: { min: number; max: number }): number {
  const most = connections[engine].findLast(([from]) => acu.max >= from)?.[1] ?? 0;
  // The same guide: PostgreSQL that may shrink to 0 or 0.5 ACU takes 2,000 at most.
  return engine === "postgresql" && acu.min < 1 ? Math.min(most, 2000) : most;
}
