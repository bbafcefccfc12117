import { z } from "zod";

import { isLogRetention, type LogRetentionDays, logRetentionDays } from "../components/shared/log-retention";

// The text of each is what the fault's message calls allowed.
export const text = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });
export const checked = (test: (value: string) => boolean, allowed: string) =>
  z.string({ error: allowed }).refine(test, { error: allowed });
export const whole = (min: number, max: number, unit = "") => {
  const error = `a whole number from ${min} to ${max}${unit}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};
export const choice = <T extends string>(...values: readonly T[]) =>
  z.enum(values, { error: `one of ${values.join(", ")}` });
export const flag = z.boolean({ error: "true or false" });
export const group = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape, { error: "a block of keys" });
export const list = <S extends z.ZodType>(of: S, allowed: string) =>
  z.array(of, { error: allowed }).min(1, { error: allowed });

export const retention = z.custom<LogRetentionDays>((days) => typeof days === "number" && isLogRetention(days), {
  error: `a retention that CloudWatch Logs knows, in days: ${logRetentionDays.join(", ")}`,
});

export const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as ap-northeast-1");

export const pinned = text(
  /^[0-9a-f]{40}$/,
  "a full git SHA (40 hex digits) that CI pushed; leave the line out while there is none",
).exactOptional();
