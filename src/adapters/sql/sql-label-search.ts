import type { Kysely } from 'kysely';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';
import { trainingSearch } from './searched-column.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** What no syntax of a full-text search reads as more than a word. */
const WORD = /^[\p{L}\p{N}\p{M}]+$/u;

export interface SqlLabelSearchParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Runs what asks the database, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** Over the index by which the training data are searched in the console. */
export class SqlLabelSearch implements LabelSearch {
  readonly #parts: SqlLabelSearchParts;

  constructor(parts: SqlLabelSearchParts) {
    this.#parts = parts;
  }

  async rank(
    words: readonly string[],
    limit: number,
  ): Promise<readonly { readonly id: number; readonly score: number }[]> {
    const { database, flavour, guard } = this.#parts;
    const { indexed } = flavour.parted(words.filter((word) => WORD.test(word)));
    if (indexed.length === 0) return [];
    const searched = { ...trainingSearch, table: flavour.trainingTable };
    const rows = await guard(() => flavour.ranked(database, searched, indexed, limit));
    return rows.map(({ id, score }) => ({ id: integerOf(id), score: Number(score) }));
  }
}
