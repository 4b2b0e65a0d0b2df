import type { ExpressionBuilder, Selectable } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { ReviewItem } from '../../ports/review-store.ts';
import { auditColumns, scoreOf } from './audit-columns.ts';
import type { ReviewTable, SluiceDatabase } from './database-schema.ts';
import { restoredText } from './lossless-text.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** What is read of a review row as it is. */
export const reviewColumns = [
  ...(['id', 'probability', 'reasons', 'model', 'origin', 'state', 'created_at'] as const),
  ...(['source_topic', 'source_partition', 'source_offset'] as const),
  ...auditColumns,
] as const;

/** What is read of a review row by way of the dialect, since users wrote it. */
export function reviewTexts(flavour: Pick<SqlFlavour, 'selectText'>) {
  return ({ ref }: ExpressionBuilder<SluiceDatabase, 'review'>) => [
    flavour.selectText(ref('review.community')).as('community'),
    flavour.selectText(ref('review.message_id')).as('message_id'),
    flavour.selectText(ref('review.message')).as('message'),
    flavour.selectText(ref('review.sender')).as('sender'),
  ];
}

type ReadRow = Pick<Selectable<ReviewTable>, (typeof reviewColumns)[number]> &
  Readonly<Record<string, unknown>>;

/** Throws `STORE_FAILED` for a number that is too large. */
export function reviewItemOf(row: ReadRow, { decodeText }: Pick<SqlFlavour, 'decodeText'>): ReviewItem {
  return {
    id: integerOf(row.id),
    community: restoredText(decodeText(row.community)),
    message_id: restoredText(decodeText(row.message_id)),
    message: decodeText(row.message),
    sender: row.sender === null ? null : restoredText(decodeText(row.sender)),
    ...scoreOf(row),
    model: row.model,
    position: {
      topic: row.source_topic,
      partition: integerOf(row.source_partition),
      offset: integerOf(row.source_offset),
    },
    origin: row.origin,
    state: row.state,
    created_at: integerOf(row.created_at),
  };
}

/** The integer that came as a number or as text. Throws `STORE_FAILED` where a number cannot hold it. */
export function integerOf(value: number | string): number {
  const integer = Number(value);
  if (!Number.isSafeInteger(integer))
    throw new SluiceError('STORE_FAILED', `the database holds ${value}, more than a number can be here`);
  return integer;
}

export function integerOrNull(value: number | string | null): number | null {
  return value === null ? null : integerOf(value);
}
