import type { Capacity } from "./types";

/** One part of a capacity provider strategy, as ECS services and EventBridge Scheduler take it. */
export interface CapacityProvider {
  capacityProvider: "FARGATE" | "FARGATE_SPOT";
  base?: number;
  weight: number;
}

/** Always a strategy, never a launch type: between the two, a change would replace the service. */
export function capacityProviders(capacity: Capacity): CapacityProvider[] {
  if (capacity === "onDemand") return [{ capacityProvider: "FARGATE", weight: 1 }];
  if (capacity === "spot") return [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
  return [
    { capacityProvider: "FARGATE", base: capacity.base ?? 0, weight: 100 - capacity.spotPercent },
    { capacityProvider: "FARGATE_SPOT", weight: capacity.spotPercent },
  ];
}
