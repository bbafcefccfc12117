import { describe, exitCodeOf } from "../errors";
import { planStack, type Plan, type PlanOptions } from "../run";

export type Question = Pick<PlanOptions, "projectDir" | "stack" | "asPreview" | "policyPack" | "policyPackConfig">;
export type Answer =
  { readonly registered: number } | { readonly plan: Plan } | { readonly error: string; readonly code: number };

/** Answers the one question that comes over IPC. */
export function answer(): void {
  const send = (message: Answer, then?: () => void): void => void process.send?.(message, undefined, undefined, then);
  // The program's own words are those of another revision: nobody asked for them.
  console.log = console.info = console.debug = console.warn = (): void => undefined;
  process.once("message", (question: Question) => {
    planStack({ ...question, registered: (registered) => send({ registered }) })
      .then((plan): Answer => ({ plan }))
      .catch((thrown: unknown): Answer => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        return { error: describe(error, question.projectDir ?? process.cwd()), code: exitCodeOf(error) };
      })
      .then((message) => send(message, () => process.exit(0)))
      .catch(() => process.exit(1));
  });
}
