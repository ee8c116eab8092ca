/** ", did you mean x?" for a name that is nearly one of the known ones, else an empty text. */
export function didYouMean(name: string, known: readonly string[]): string {
  let best: string | undefined;
  let distance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const found = editDistance(name.toLowerCase(), candidate.toLowerCase(), distance);
    if (found < distance) [best, distance] = [candidate, found];
  }
  return best === undefined ? '' : `, did you mean ${best}?`;
}

/** Levenshtein distance; any answer ≥ limit only means "too far". */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
