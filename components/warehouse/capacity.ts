/**
 * AWS: Redshift management guide, "Compute capacity for Amazon Redshift Serverless": 4, or 8 to 512 in steps of 8; above
 * that in steps of 32 up to 1024, in some regions alone.
 */
export function isCapacity(rpu: number): boolean {
  if (!Number.isInteger(rpu)) return false;
  if (rpu === 4) return true;
  if (rpu >= 8 && rpu <= 512) return rpu % 8 === 0;
  return rpu > 512 && rpu <= 1024 && rpu % 32 === 0;
}

/** What `isCapacity` takes, in words. */
export const capacitySteps = "4, 8 to 512 in steps of 8, or up to 1024 in steps of 32";

/** Four times the base: a step again, whatever the base is. */
export function defaultMaximum(base: number): number {
  return Math.max(base, Math.min(base * 4, 512));
}
