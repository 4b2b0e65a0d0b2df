import type { LabelRow } from '../../core/label-step.ts';
import type { SimilarMessage } from '../../core/rule-report.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { comparableKey } from '../../text/similarity/comparable-text.ts';
import { distinctWordsOf, rarestWords } from '../../text/similarity/rare-words.ts';
import { type Comparable, comparableOf, similarityOf } from './similarity.ts';

export interface SimilarQuery {
  readonly text: string;
  /** At most so many rows. */
  readonly limit: number;
  /** Rows below it are left out. */
  readonly minSimilarity: number;
}

/** Words that are looked up, of the text as it is and as it is read. */
const WORDS_OF_EACH = 12;
/** Rows that the index ranks, for each that may be returned; and at least. */
const RANKED_OF_EACH = 4;
const LEAST_RANKED = 400;
/** Rows whose texts are read at a time. */
const PAGE = 200;

interface Found extends SimilarMessage {
  readonly row: LabelRow;
  readonly score: number;
}

/**
 * Rows that are like a text: near-duplicates first, then the others by their similarity, then by the rank of the index. Compares rows that
 * share rare words with the text, and of those as many as the index ranks first. Throws `STORE_FAILED`.
 */
export async function findSimilar(
  { store, search }: { readonly store: Pick<LabelStore, 'rowsOf'>; readonly search: LabelSearch },
  { text, limit, minSimilarity }: SimilarQuery,
  signal?: AbortSignal,
): Promise<readonly (SimilarMessage & { readonly row: LabelRow })[]> {
  const words = searchedWords(text);
  if (words.length === 0) return [];
  const wanted = comparableOf(text);
  const ranked = await search.rank(words, Math.max(LEAST_RANKED, limit * RANKED_OF_EACH));
  const scores = new Map(ranked.map(({ id, score }) => [id, score]));
  const ids = ranked.map(({ id }) => id);
  let found: Found[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    if (signal?.aborted) break;
    const rows = await store.rowsOf(ids.slice(from, from + PAGE));
    for (const row of rows) {
      const each = compared(wanted, row, scores.get(row.id) ?? 0);
      if (each.similarity >= minSimilarity) found.push(each);
    }
    // Of rows that cannot be among the answer no text stays in memory.
    found = found.sort(byLikeness).slice(0, limit);
  }
  return found;
}

function compared(wanted: Comparable, row: LabelRow, score: number): Found {
  const { id, label, message } = row;
  const { similarity, kind } = similarityOf(wanted, comparableOf(message));
  return { id, similarity, kind, label, message, row, score };
}

function byLikeness(a: Found, b: Found): number {
  if (a.kind !== b.kind) return a.kind === 'near-duplicate' ? -1 : 1;
  return b.similarity - a.similarity || b.score - a.score || a.id - b.id;
}

/** The rarest of the words as they are written, and of those as they are read where the text is obfuscated; each once. */
export function searchedWords(text: string): readonly string[] {
  const written = rarestWords(distinctWordsOf(text), WORDS_OF_EACH);
  const asRead = rarestWords(distinctWordsOf(comparableKey(text)), WORDS_OF_EACH);
  return [...new Set([...written, ...asRead])];
}
