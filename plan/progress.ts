/** A line on the terminal that the next one replaces. */
export interface Progress {
  /** Says what a step is at; steps that run side by side share the line. */
  readonly show: (step: string, what: string) => void;
  readonly done: (step: string) => void;
  /** Writes something that stays, above the line. */
  readonly say: (what: string) => void;
  readonly clear: () => void;
}

/** Silent but for `say` where there is no terminal. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const steps = new Map<string, string>();
  const put = (text: string): void => void (stream.isTTY && stream.write(`\r\u001b[K${text}`));
  const draw = (): void => put([...steps.values()].join("   ").slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
  return {
    show: (step, what) => {
      steps.set(step, what);
      draw();
    },
    done: (step) => {
      steps.delete(step);
      draw();
    },
    say: (what) => {
      put("");
      stream.write(`${what}\n`);
      draw();
    },
    clear: () => {
      steps.clear();
      put("");
    },
  };
}
