/** USD to the cent, with thousands apart. */
export function money(usd: number): string {
  // What rounds to nothing is nothing: no "-0.00".
  const cents = Math.round(usd * 100) / 100;
  const text = (cents === 0 ? 0 : cents).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return text;
}
