/** Most changes of a letter that still make a name a slip of another: one for each three letters. */
const lettersPerSlip = 3;

/** Names that a name may have been meant to be, the nearest first, three at most. */
export function near(name: string, known: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(name.length / lettersPerSlip));
  return known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Levenshtein's: letters to add, remove or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** `near` as the end of a sentence; empty where nothing is near. */
export function hint(name: string, known: readonly string[]): string {
  const names = near(name, known);
  return names.length === 0 ? "" : `; near: ${names.join(", ")}`;
}
