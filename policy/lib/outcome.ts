/**
 * What a rule has to say beside its findings. The protocol has no place for it, so it goes out as the reason of "not
 * applicable": the engine then does not count the rule as passed, and a reader that knows of it can decode it.
 */
export interface Outcome {
  /** Properties that were unknown where the rule read them. */
  readonly unread: readonly Unread[];
  /** Findings that an exemption took away. */
  readonly exempted: readonly Exempted[];
}

export interface Unread {
  readonly urn: string;
  /** As a user would write it: `rules[0].sseAlgorithm`. */
  readonly path: string;
}

export interface Exempted {
  readonly urn: string;
  readonly message: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO date, the last day. */
  readonly expires: string;
}

const mark = "kiban-outcome:";

export function encodeOutcome(outcome: Outcome): string {
  return mark + JSON.stringify(outcome);
}

/** The outcome in a reason; undefined where the rule does not apply in the common sense. */
export function decodeOutcome(reason: string): Outcome | undefined {
  return reason.startsWith(mark) ? (JSON.parse(reason.slice(mark.length)) as Outcome) : undefined;
}
