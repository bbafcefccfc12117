/** One line of JSON for each event: CloudWatch Logs Insights reads the fields without being told how. */
export type Log = (level: "info" | "error", message: string, fields?: Readonly<Record<string, unknown>>) => void;

export function logTo(write: (line: string) => void, constant: Readonly<Record<string, unknown>> = {}): Log {
  return (level, message, fields = {}) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...constant, ...fields })}\n`);
  };
}
