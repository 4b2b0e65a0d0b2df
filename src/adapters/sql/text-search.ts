import { type Expression, type SqlBool, sql } from 'kysely';
import type { SearchedColumn } from './searched-column.ts';
import type { SqlFlavour } from './sql-flavour.ts';

const MAX_WORDS = 10;
/** Scripts that are written without spaces between words, which no index here takes apart. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Rows whose text has all words of `q`, each as the beginning of a word, in any order; other characters do not count. Words of scripts
 * without spaces may stand anywhere, and so may a `q` without any word.
 */
export function hasWords(flavour: SqlFlavour, searched: SearchedColumn, q: string): Expression<SqlBool> {
  const { words, indexed, anywhere } = partsOf(flavour, q);
  if (words.length === 0) return contains(sql.ref(searched.column), q.trim());
  const conditions = [
    ...(indexed.length === 0 ? [] : [flavour.wordsBegin(searched, indexed)]),
    ...anywhere.map((word) => contains(flavour.searchedText(searched), word)),
  ];
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** Runs of letters, digits and marks. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** The words of a search that the index of words alone answers; undefined for any other one. */
export function indexedWords(flavour: SqlFlavour, q: string): readonly string[] | undefined {
  const { indexed, anywhere } = partsOf(flavour, q);
  return indexed.length > 0 && anywhere.length === 0 ? indexed : undefined;
}

function partsOf(flavour: SqlFlavour, q: string) {
  const words = wordsOf(q).slice(0, MAX_WORDS);
  const { indexed, others } = flavour.parted(words.filter((word) => !UNSPACED.test(word)));
  return { words, indexed, anywhere: [...others, ...words.filter((word) => UNSPACED.test(word))] };
}

function contains(column: Expression<unknown>, part: string): Expression<SqlBool> {
  return sql`lower(${column}) like lower(${`%${part.replaceAll(/[!%_]/g, '!$&')}%`}) escape '!'`;
}
