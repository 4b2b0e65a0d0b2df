import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CandidateQuery, LabeledCandidate, LabeledCandidates } from '../../ports/labeled-candidates.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { labelKeys } from './label-tables.ts';
import { restoredText } from './lossless-text.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlCandidatesParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** Of the newest rows with some words, so many are looked at for each that is wanted: the newest may be imported and unlabeled. */
const LOOKED_AT = 50;

type Row = Readonly<Record<string, unknown>>;

/** Over the training table: it has exactly one row for each labeled review row, and an index of its words. Unlabeled rows are left out. */
export class SqlLabeledCandidates implements LabeledCandidates {
  readonly #parts: SqlCandidatesParts;

  constructor(parts: SqlCandidatesParts) {
    this.#parts = parts;
  }

  async find({ campaign, words, limit }: CandidateQuery): Promise<readonly LabeledCandidate[]> {
    const found = new Map<number, LabeledCandidate>();
    const take = (rows: readonly Row[], isOfCampaign: boolean) => {
      for (const row of rows) {
        const candidate = this.#candidateOf(row, isOfCampaign);
        if (!found.has(candidate.id)) found.set(candidate.id, candidate);
      }
    };
    if (campaign !== null) take(await this.#ofCampaign(campaign, limit), true);
    for (const list of words) take(await this.#withWords(list, limit), false);
    return [...found.values()];
  }

  async #ofCampaign(campaign: number, limit: number): Promise<readonly Row[]> {
    const { database, guard } = this.#parts;
    const rows = await guard(() =>
      database
        .selectFrom('review')
        .select('id')
        .where('campaign', '=', campaign)
        .where('state', '=', 'labelled')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => integerOf(id));
    return this.#select(sql`training.review_id in (${sql.join(ids)})`, limit);
  }

  async #withWords(words: readonly string[], limit: number): Promise<readonly Row[]> {
    const { flavour } = this.#parts;
    const { indexed } = flavour.parted(words);
    if (indexed.length === 0) return [];
    const index = { name: 'training_text', table: 'training', columns: ['message'] };
    return this.#select(flavour.isAmongNewest(index, indexed, limit * LOOKED_AT), limit);
  }

  /** Selects by an index alone, newest first. */
  async #select(condition: RawBuilder<unknown>, limit: number): Promise<readonly Row[]> {
    const { database, flavour, guard } = this.#parts;
    const text = (column: string) => flavour.selectText(sql.ref(`training.${column}`));
    const { rows } = await guard(() =>
      sql<Row>`select training.id as id, training.class as class, training.source as source,
        training.review_id as review_id, training.labelled_at as labelled_at,
        ${text('message')} as message, ${text('community')} as community, ${text('labelled_by')} as labelled_by,
        ${flavour.selectText(sql.ref('review.message_id'))} as message_id
        from ${sql.table(flavour.trainingTable)} as training left join review on review.id = training.review_id
        where ${condition} and training.label_key <> ${sql.lit(labelKeys.unlabeled)} order by training.id desc limit ${sql.lit(limit)}`.execute(
        database,
      ),
    );
    return rows;
  }

  #candidateOf(row: Row, isOfCampaign: boolean): LabeledCandidate {
    const { flavour } = this.#parts;
    const textOrNull = (value: unknown) => (value === null ? null : flavour.decodeText(value));
    const message_id = textOrNull(row.message_id);
    return {
      id: integerOf(row.id as number),
      review_id: integerOrNull(row.review_id as number | null),
      message_id: message_id === null ? null : restoredText(message_id),
      community: restoredText(flavour.decodeText(row.community)),
      message: flavour.decodeText(row.message),
      label: Number(row.class) === 1 ? 'spam' : 'ham',
      source: String(row.source),
      labelled_by: textOrNull(row.labelled_by),
      labelled_at: integerOrNull(row.labelled_at as number | null),
      isOfCampaign,
    };
  }
}
