import { type Kysely, sql } from 'kysely';
import type { RowLabel } from '../../core/decision.ts';
import type { LabeledScore, LabeledScores } from '../../ports/labeled-scores.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';

export interface SqlLabeledScoresParts {
  readonly database: Kysely<SluiceDatabase>;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** Decided review rows with their scores, in SQL. */
export class SqlLabeledScores implements LabeledScores {
  readonly #parts: SqlLabeledScoresParts;

  constructor(parts: SqlLabeledScoresParts) {
    this.#parts = parts;
  }

  async newest({ model, limit }: Parameters<LabeledScores['newest']>[0]): Promise<readonly LabeledScore[]> {
    const { database, guard } = this.#parts;
    // The score of a row of the audit sample has a column of its own, and is nobody's secret once the row is decided.
    const score = sql<number | string | null>`coalesce(probability, audit_probability)`;
    const rows = await guard(() =>
      database
        .selectFrom('review')
        .select(['id', 'label', 'origin', 'inclusion_probability'])
        .select(score.as('probability'))
        .where('state', '=', 'labelled')
        .where('model', '=', model)
        .where('label', 'is not', null)
        .where(score, 'is not', null)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(({ id, label, probability, origin, inclusion_probability }) => ({
      id: integerOf(id),
      label: label as RowLabel,
      probability: Number(probability),
      origin,
      inclusionProbability: inclusion_probability === null ? null : Number(inclusion_probability),
    }));
  }
}
