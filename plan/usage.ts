/** Wrong usage or settings: what is wrong and what to do, without a stack trace; the command ends with 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** A program that cannot be planned, told in full by the message; the command ends with 1. */
export class ProgramError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProgramError";
  }
}

/** Exit codes of every command of the project. */
export const exitCode = { fine: 0, failed: 1, usage: 2, replaced: 3, overBudget: 4 } as const;
