/** What a check found out, and what to do about it. */
export interface Finding {
  /**
   * `wrong` would let an update fail or go to waste; `open` is to be done some time and stops no update; `unchecked` is
   * what could not be found out.
   */
  readonly state: "ok" | "wrong" | "open" | "unchecked";
  readonly what: string;
  /** What to do, for all but `ok`. */
  readonly cure?: string;
}

export const ok = (what: string): Finding => ({ state: "ok", what });
export const wrong = (what: string, cure: string): Finding => ({ state: "wrong", what, cure });
export const open = (what: string, cure: string): Finding => ({ state: "open", what, cure });
export const unchecked = (what: string, cure: string): Finding => ({ state: "unchecked", what, cure });

/** Whether AWS answered with an error of one of these names. */
export function isAwsError(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
