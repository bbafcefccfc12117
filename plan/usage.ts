/** Wrong usage or settings: what is wrong and what to do, without a stack trace; the command ends with 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** Exit codes of every command of the project. */
export const exitCode = { fine: 0, failed: 1, usage: 2 } as const;
