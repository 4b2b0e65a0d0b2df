import { type Kysely, sql } from 'kysely';
import type { AuditedMessage } from '../../core/audit.ts';
import type { AuditStore, ReviewedCount, TimeRange } from '../../ports/audit-store.ts';
import type { Page } from '../../ports/queue-item.ts';
import { reviewOrigins } from '../../ports/review-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { restoredText } from './lossless-text.ts';
import { decodeCursor, encodeCursor } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlAuditStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** The audit sample in SQL, over the connection of the review queue. */
export class SqlAuditStore implements AuditStore {
  readonly #parts: SqlAuditStoreParts;

  constructor(parts: SqlAuditStoreParts) {
    this.#parts = parts;
  }

  async sample({
    from,
    to,
    after,
    limit,
  }: Parameters<AuditStore['sample']>[0]): Promise<Page<AuditedMessage>> {
    const { database, flavour, guard } = this.#parts;
    let query = database
      .selectFrom('review')
      .select(['id', 'model', 'created_at', 'label', 'unsure_count'])
      .select(['inclusion_probability', 'audit_verdict', 'audit_language', 'audit_probability'])
      .select(({ ref }) => flavour.selectText(ref('review.community')).as('community'))
      .where('origin', '=', 'audit')
      .where('created_at', '>=', from)
      .where('created_at', '<', to)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (after !== undefined) {
      const [at, id] = decodeCursor(after, 2) as [number, number];
      query = query.where(({ and, or, eb }) =>
        or([eb('created_at', '<', at), and([eb('created_at', '=', at), eb('id', '<', id)])]),
      );
    }
    const rows = await guard(() => query.execute());
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      items: rows.flatMap((row) => {
        const { inclusion_probability: inclusionProbability, audit_verdict: verdict } = row;
        // A row of a version that did not yet store how it was drawn says nothing about the others.
        if (inclusionProbability === null || verdict === null) return [];
        return {
          ...{ inclusionProbability, verdict, language: row.audit_language ?? '' },
          community: restoredText(flavour.decodeText(row.community)),
          ...{ model: row.model, probability: row.audit_probability, label: row.label },
          ...{ drawnAt: integerOf(row.created_at), unsure: integerOf(row.unsure_count) },
        };
      }),
      next: last === undefined ? null : encodeCursor([integerOf(last.created_at), integerOf(last.id)]),
    };
  }

  async reviewed({ from, to }: TimeRange): Promise<readonly ReviewedCount[]> {
    const { database, guard } = this.#parts;
    const aboveHalf = sql<number | string>`case when probability > 0.5 then 1 else 0 end`;
    const rows = await guard(() =>
      database
        .selectFrom('review')
        .select(['label', aboveHalf.as('above'), ({ fn }) => fn.countAll<number | string>().as('rows')])
        .where(
          'origin',
          'in',
          reviewOrigins.filter((origin) => origin !== 'audit'),
        )
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .where('label', 'is not', null)
        .where('probability', 'is not', null)
        .groupBy(['label', aboveHalf])
        .orderBy('label')
        .orderBy('above')
        .execute(),
    );
    return rows.flatMap(({ label, above, rows: count }) =>
      label === null ? [] : { label, aboveHalf: integerOf(above) === 1, rows: integerOf(count) },
    );
  }
}
