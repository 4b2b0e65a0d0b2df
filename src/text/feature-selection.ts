/** Which of the features of set `sluice-2` are counted at all; what nobody asks for is not even looked at. */
export interface FeatureSelection {
  /** Pairs of neighbours, `b:`. */
  readonly pairs: boolean;
  /** Characters of the shortest and of the longest gram, `g:`. */
  readonly shortestGram: number;
  readonly longestGram: number;
}

export const everyFeature: FeatureSelection = { pairs: true, shortestGram: 2, longestGram: 5 };

/** The least selection in which all of `names` are. */
export function selectionOf(names: readonly string[]): FeatureSelection {
  let pairs = false;
  let shortestGram = everyFeature.longestGram;
  let longestGram = everyFeature.shortestGram;
  for (const name of names) {
    if (name.startsWith('b:')) pairs = true;
    if (!name.startsWith('g:')) continue;
    const characters = name.length - 2;
    if (characters < shortestGram) shortestGram = characters;
    if (characters > longestGram) longestGram = characters;
  }
  return { pairs, shortestGram, longestGram };
}
