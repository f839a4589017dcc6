/** The word that was probably meant: the nearest one, if no more than a third of it has to be changed. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, distance: word.startsWith(given) && given.length > 1 ? 0 : distance(given, word) }))
    .filter((each) => each.distance <= Math.max(1, Math.ceil(each.word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best?.word;
}

/** How many letters have to be put in, left out or changed (Levenshtein), where two that changed places count once. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const [above, before] = [rows[row - 1]!, rows[row - 2]];
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped =
        before && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? before[column - 2]! + 1 : Infinity;
      current.push(Math.min(changed, above[column]! + 1, current[column - 1]! + 1, swapped));
    }
    rows.push(current);
  }
  return rows[a.length]![b.length]!;
}
