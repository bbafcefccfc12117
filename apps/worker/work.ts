import { type Log } from "./log";
import { type Orders } from "./orders";

/**
 * Takes up new orders, round after round, until it is told to stop; the order in hand is finished first. A round that fails is
 * logged, and the next one tries again: what it did not do is still there.
 */
export async function work(
  orders: Orders,
  { log, pauseSeconds, stop }: { log: Log; pauseSeconds: number; stop: AbortSignal },
): Promise<void> {
  while (!stop.aborted) {
    try {
      for (const key of await orders.fresh()) {
        if (stop.aborted) break;
        if (await orders.accept(key)) log("info", "order accepted", { ...key });
      }
    } catch (error) {
      log("error", "round failed", { error: error instanceof Error ? error.stack : String(error) });
    }
    await pause(pauseSeconds, stop);
  }
}

function pause(seconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    stop.addEventListener("abort", end);
  });
}
