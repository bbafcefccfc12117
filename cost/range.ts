/** A figure under three assumptions: a quiet month, the month that one expects, a busy one. */
export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export const scenarios = ["low", "expected", "high"] as const;

/** The same figure, whatever happens. */
export function always(value: number): Range {
  return { low: value, expected: value, high: value };
}

/** Combines figures scenario by scenario. */
export function combine(of: (...values: number[]) => number, ...ranges: readonly Range[]): Range {
  const at = (scenario: (typeof scenarios)[number]): number => of(...ranges.map((range) => range[scenario]));
  return { low: at("low"), expected: at("expected"), high: at("high") };
}

/** A product of figures and plain numbers. */
export function product(...factors: readonly (Range | number)[]): Range {
  const ranges = factors.map((factor) => (typeof factor === "number" ? always(factor) : factor));
  return combine((...values) => values.reduce((left, right) => left * right, 1), ...ranges);
}

export function sum(ranges: readonly Range[]): Range {
  return combine((...values) => values.reduce((left, right) => left + right, 0), ...ranges);
}
