import type { Settled } from "./settle";

/** DPU of one worker. AWS: Glue developer guide, "Worker types". */
const dpu = { "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8 } as const;

/** USD for one DPU and hour in Tokyo and N. Virginia, up to Glue 5. */
const usd = { standard: 0.44, flex: 0.29 };

/** The most that one run can cost in Glue: every worker for the whole of every try. In USD, rounded up to cents. */
export function costCeilingUsd(glue: NonNullable<Settled["glue"]>): number {
  const hours = (glue.timeoutMinutes / 60) * (glue.retries + 1);
  const price = glue.flex ? usd.flex : usd.standard;
  return Math.ceil(dpu[glue.workerType] * glue.maxWorkers * hours * price * 100 - 1e-6) / 100;
}
