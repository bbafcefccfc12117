/**
 * What a `transform` entry may be: properties that replace ours one by one, or a pure function from our arguments to
 * the final ones. Shallow on purpose: a nested object is replaced whole, so that nothing is merged by surprise.
 */
export type Override<A extends object> = Partial<A> | ((ours: A) => A);

/** Applies the user's override to the arguments that a component made for one child. Never mutates `ours`. */
export function override<A extends object>(ours: A, by: Override<A> | undefined): A {
  return typeof by === "function" ? by(ours) : { ...ours, ...by };
}
