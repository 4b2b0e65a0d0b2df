import type { SimilarMessage } from '../../core/rule-report.ts';
import type { PreparedText } from '../../text/featurizer.ts';
import { type WordPairs, wordPairsOf } from '../../text/similarity/campaign-words.ts';
import { deobfuscated } from '../../text/similarity/comparable-text.ts';
import {
  jaccard,
  NEAR_DUPLICATE_JACCARD,
  type Shingles,
  shinglesOf,
} from '../../text/similarity/near-duplicates.ts';

export type Similarity = Pick<SimilarMessage, 'similarity' | 'kind'>;

/** What of a message is compared with others. */
export interface Comparable {
  readonly shingles: Shingles;
  readonly pairs: WordPairs;
}

/** Of the message without obfuscation. */
export function comparableOf(message: string): Comparable {
  const prepared: PreparedText = deobfuscated(message);
  return { shingles: shinglesOf(prepared), pairs: wordPairsOf(prepared) };
}

/**
 * Near-duplicates by the Jaccard index of their 4-grams. Of others the larger of that and of the share of pairs of words that both have,
 * in which pairs count for more the fewer everyday messages have them; it is below that of any near-duplicate.
 */
export function similarityOf(one: Comparable, other: Comparable): Similarity {
  const share = jaccard(one.shingles, other.shingles);
  if (share >= NEAR_DUPLICATE_JACCARD) return { similarity: share, kind: 'near-duplicate' };
  const pairs = Math.min(pairShare(one.pairs, other.pairs), NEAR_DUPLICATE_JACCARD - 0.001);
  return { similarity: Math.max(share, pairs), kind: 'similar' };
}

/** The Jaccard index of the pairs, each with the weight that seeing it in an everyday message would be worth; nats. */
function pairShare(one: WordPairs, other: WordPairs): number {
  let both = 0;
  let all = 0;
  const [a, b] = [one.pairs, other.pairs];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    const weight = -Math.log(left <= right ? one.everyday[i]! : other.everyday[j]!);
    all += weight;
    if (left === right) both += weight;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return all === 0 ? 0 : both / all;
}
