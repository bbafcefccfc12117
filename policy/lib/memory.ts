/**
 * Inputs of the resources that this process has analysed, by URN. Stack rules are given outputs alone, and at preview
 * one unknown deep inside an output makes the whole of it unknown; the inputs seen a moment before are known further.
 */
const inputs = new Map<string, unknown>();

export function remember(urn: string, props: unknown): void {
  inputs.set(urn, props);
}

export function rememberedInputs(urn: string): unknown {
  return inputs.get(urn);
}

/** For tests, which play several stacks in one process. */
export function forgetAll(): void {
  inputs.clear();
}
