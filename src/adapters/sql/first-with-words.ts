import { type RawBuilder, sql } from 'kysely';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { wordsOf } from './text-search.ts';

/** Rows that are read in one go: of frequent words the first few hold a page. */
const ROWS_AT_ONCE = [100, 400, 1500];
/** Of a longer text it is not known here whether it has the words. */
const READ_CHARACTERS = 2000;

export interface LookedAt {
  readonly id: number | string;
  readonly begin: unknown;
  readonly length: number | string;
}

/**
 * Ids of the first rows of an ordered list that have each of the words as the beginning of one, as many as asked for; undefined where the
 * first 2,000 rows have fewer, and the index of words has to be asked. That index goes through all rows with a frequent word, whatever
 * their order, to the hundred thousands. `page` selects the rows in their order; it gets how many to skip and to take.
 */
export async function firstWithWords(
  { selectText, decodeText }: SqlFlavour,
  words: readonly string[],
  wanted: number,
  page: (
    columns: RawBuilder<unknown>,
    range: { readonly skip: number; readonly take: number },
  ) => Promise<readonly LookedAt[]>,
): Promise<readonly number[] | undefined> {
  const folded = words.map(foldWord);
  const begin = selectText(sql`substr(message, 1, ${sql.lit(READ_CHARACTERS)})`);
  const columns = sql`id, ${begin} as ${sql.ref('begin')}, length(message) as ${sql.ref('length')}`;
  const found: number[] = [];
  let skip = 0;
  for (const take of ROWS_AT_ONCE) {
    const rows = await page(columns, { skip, take });
    for (const row of rows) {
      if (hasBeginnings(decodeText(row.begin), folded)) found.push(integerOf(row.id));
      // In bytes or in characters: either way no text that was cut is taken for a whole one.
      else if (integerOf(row.length) > READ_CHARACTERS) return undefined;
      if (found.length === wanted) return found;
    }
    if (rows.length < take) return undefined;
    skip += take;
  }
  return undefined;
}

function hasBeginnings(text: string, folded: readonly string[]): boolean {
  const words = wordsOf(text).map(foldWord);
  return folded.every((beginning) => words.some((word) => word.startsWith(beginning)));
}

/** Without case and marks, as the indexes compare words. */
function foldWord(word: string): string {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
