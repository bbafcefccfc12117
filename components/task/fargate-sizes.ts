/**
 * CPU units (1024 = one vCPU) and the memory, in MiB, that Fargate offers with each, for Linux tasks.
 * AWS: ECS Developer Guide, "Task definition parameters for Fargate", task size; API reference, RegisterTaskDefinition,
 * `cpu` and `memory`. The 32 vCPU size (June 2026) takes three amounts and nothing between.
 */
export const fargateSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, range(1024, 4096, 1024)],
  [1024, range(2048, 8192, 1024)],
  [2048, range(4096, 16384, 1024)],
  [4096, range(8192, 30720, 1024)],
  [8192, range(16384, 61440, 4096)],
  [16384, range(32768, 122880, 8192)],
  [32768, [61440, 122880, 249856]],
]);

/** The memory amounts of a CPU size in words: `512, 1024, 2048` or `4096 to 16384 in steps of 1024`. */
export function memoryChoices(cpu: number): string {
  const sizes = fargateSizes.get(cpu) ?? [];
  const [first, second] = sizes;
  const last = sizes.at(-1);
  if (first === undefined || second === undefined || last === undefined || sizes.length < 4) return sizes.join(", ");
  return `${first} to ${last} in steps of ${second - first}`;
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}
