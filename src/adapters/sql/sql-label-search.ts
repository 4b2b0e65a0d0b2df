import type { Kysely } from 'kysely';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { SluiceDatabase } from './database-schema.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlLabelSearchParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** The full-text index of the training table. */
export class SqlLabelSearch implements LabelSearch {
  readonly #parts: SqlLabelSearchParts;

  constructor(parts: SqlLabelSearchParts) {
    this.#parts = parts;
  }

  async rank(
    _words: readonly string[],
    _limit: number,
  ): Promise<readonly { readonly id: number; readonly score: number }[]> {
    return this.#parts.guard(async () => []);
  }
}
