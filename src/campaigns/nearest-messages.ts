import type { LabeledCandidate, LabeledCandidates } from '../ports/labeled-candidates.ts';
import type { QueueItem } from '../ports/queue-item.ts';
import { BoundedCache } from '../text/bounded-cache.ts';
import { cutToLength } from '../text/deobfuscate.ts';
import { comparableKey } from '../text/similarity/comparable-text.ts';
import { jaccard, type Shingles, shinglesOf } from '../text/similarity/near-duplicates.ts';
import { distinctWordsOf, rarestWords } from '../text/similarity/rare-words.ts';

/** How many are shown. */
export const NEAREST_MOST = 5;
/** Less alike is not shown: all messages of one language share some letters. */
export const NEAREST_LEAST = 0.2;

/** Candidates of the campaign, and of each list of words. */
const OF_EACH = 12;
/** Candidates whose deobfuscated text is compared, and their characters together beyond the first: that takes a moment each. */
const COMPARED = 24;
const COMPARED_OF_CAMPAIGN = 8;
const COMPARED_CHARACTERS = 24_000;
/** Words of a message that are looked up. */
const RAREST = 8;
const REMEMBERED = 500;
/** Of a message, for people. */
const SHOWN_CHARACTERS = 2_000;

/** A labeled message, with how like the asked one it is. */
export interface NearestMessage {
  readonly review_id: number | null;
  readonly community: string;
  /** Its first 2,000 characters. */
  readonly message: string;
  readonly label: LabeledCandidate['label'];
  readonly source: string;
  readonly labelled_by: string | null;
  /** Epoch milliseconds. */
  readonly labelled_at: number | null;
  /** Jaccard index of the characters' 4-grams of both deobfuscated texts: 1 for the same text. */
  readonly similarity: number;
}

/** Finds the labeled messages that are most like a message of the review queue. */
export class NearestMessages {
  readonly #candidates: LabeledCandidates;
  readonly #shingles = new BoundedCache<Shingles>(REMEMBERED);

  constructor(candidates: LabeledCandidates) {
    this.#candidates = candidates;
  }

  /**
   * The most similar first, at most {@link NEAREST_MOST}. What was decided for the message itself is left out, be it by another row:
   * a second opinion must not see it. Throws what the store throws.
   */
  async of({ id, community, message_id, message, campaign }: QueueItem): Promise<readonly NearestMessage[]> {
    const wanted = this.#shinglesOf(message);
    if (wanted.length === 0) return [];
    const found = await this.#candidates.find({ campaign, words: wordLists(message), limit: OF_EACH });
    const others = found.filter(
      (each) => each.review_id !== id && !(each.message_id === message_id && each.community === community),
    );
    return toCompare(message, others)
      .map(({ id: _, message_id: __, isOfCampaign: ___, ...candidate }) => ({
        ...candidate,
        similarity: jaccard(wanted, this.#shinglesOf(candidate.message)),
      }))
      .filter(({ similarity }) => similarity >= NEAREST_LEAST)
      .sort((a, b) => b.similarity - a.similarity || (b.labelled_at ?? 0) - (a.labelled_at ?? 0))
      .slice(0, NEAREST_MOST)
      .map((each) => ({ ...each, message: cutToLength(each.message, SHOWN_CHARACTERS) }));
  }

  #shinglesOf(message: string): Shingles {
    return this.#shingles.get(message, () => shinglesOf(message));
  }
}

/**
 * Words that a message like this one would have, in lists of which one alone has to be in it as a whole: some of the rarest together, in
 * pairs, and alone; of the text as it is, and as it is read where that differs.
 */
export function wordLists(message: string): readonly (readonly string[])[] {
  const asWritten = rarestWords(distinctWordsOf(message), RAREST);
  const asRead = rarestWords(distinctWordsOf(comparableKey(message)), RAREST);
  const lists = [...listsOf(asWritten), ...listsOf(asRead)];
  const distinct = new Map(lists.map((list) => [[...list].sort().join(' '), list]));
  return [...distinct.values()];
}

function listsOf(words: readonly string[]): readonly (readonly string[])[] {
  const at = (...indexes: readonly number[]) => indexes.flatMap((index) => words[index] ?? []);
  return [
    at(0, 1, 2, 3, 4),
    ...[at(0, 1, 2), at(3, 4, 5), at(5, 6, 7)],
    ...[at(0, 1), at(2, 3), at(4, 5), at(6, 7), at(0, 2), at(1, 3)],
    ...[at(0), at(1), at(2)],
  ].filter((list) => list.length > 0);
}

/** Those that share the most words, as a first guess that costs little; and some of the campaign, whose words may be obfuscated. */
function toCompare(message: string, found: readonly LabeledCandidate[]): readonly LabeledCandidate[] {
  const words = new Set([...distinctWordsOf(message), ...distinctWordsOf(comparableKey(message))]);
  const shared = (candidate: LabeledCandidate) => {
    const own = distinctWordsOf(candidate.message);
    let both = 0;
    for (const word of own) if (words.has(word)) both++;
    return both / Math.max(1, words.size + own.size - both);
  };
  const ranked = found
    .map((candidate) => ({ candidate, shared: shared(candidate) }))
    .sort((a, b) => b.shared - a.shared)
    .map(({ candidate }) => candidate);
  const ofCampaign = ranked.filter(({ isOfCampaign }) => isOfCampaign).slice(0, COMPARED_OF_CAMPAIGN);
  const compared: LabeledCandidate[] = [];
  let characters = 0;
  for (const candidate of new Set([...ofCampaign, ...ranked])) {
    characters += candidate.message.length;
    if (compared.length === COMPARED || (compared.length > 0 && characters > COMPARED_CHARACTERS)) break;
    compared.push(candidate);
  }
  return compared;
}
