import type { Kysely } from 'kysely';
import type { AuditFacts } from '../../core/audit.ts';
import type { NewReviewItem, ReviewItem } from '../../ports/review-store.ts';
import type { ReviewTable } from './database-schema.ts';
import { addMissing } from './decision-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/**
 * Columns of a row of the audit sample. Its score is in columns of its own, and `probability` and `reasons` have nothing: no order, filter,
 * campaign or daemon of an earlier version can show what people who decide the row must not see.
 */
export const auditColumns = [
  'inclusion_probability',
  'audit_verdict',
  'audit_language',
  'audit_probability',
  'audit_reasons',
] as const satisfies readonly (keyof ReviewTable)[];

type AuditColumns = Pick<ReviewTable, (typeof auditColumns)[number]>;

export async function addAudit(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { name, text, real } = flavour.types;
  await addMissing(database, flavour, 'review', {
    audit_verdict: name,
    audit_language: name,
    audit_probability: real,
    audit_reasons: text,
  });
  // For the estimates, which read the sample by the time of its messages.
  await flavour.createIndex(database, {
    name: 'review_by_origin',
    table: 'review',
    columns: ['origin', 'created_at'],
  });
}

const none = {
  inclusion_probability: null,
  audit_verdict: null,
  audit_language: null,
  audit_probability: null,
  audit_reasons: null,
};

/** Score and audit facts as they are inserted. */
export function scoreColumnsOf({ origin, probability, reasons, audit }: NewReviewItem) {
  const texts = JSON.stringify(reasons);
  if (origin !== 'audit') return { probability, reasons: texts, ...none };
  return {
    probability: null,
    reasons: '[]',
    inclusion_probability: audit?.inclusionProbability ?? null,
    audit_verdict: audit?.verdict ?? null,
    audit_language: audit?.language ?? null,
    audit_probability: probability,
    audit_reasons: texts,
  };
}

type ReadColumns = {
  readonly [Name in keyof AuditColumns | 'origin' | 'probability' | 'reasons']: Selected<ReviewTable[Name]>;
};
type Selected<T> = T extends { readonly __select__: infer S } ? S : T;

/** The same as they are read. */
export function scoreOf(row: ReadColumns): Pick<ReviewItem, 'probability' | 'reasons' | 'audit'> {
  const { inclusion_probability: inclusionProbability, audit_verdict: verdict, audit_language } = row;
  if (row.origin !== 'audit' || row.audit_reasons === null)
    return { probability: row.probability, reasons: JSON.parse(row.reasons) as string[] };
  const audit: AuditFacts | undefined =
    inclusionProbability === null || verdict === null
      ? undefined
      : { inclusionProbability, verdict, language: audit_language ?? '' };
  return {
    probability: row.audit_probability,
    reasons: JSON.parse(row.audit_reasons) as string[],
    ...(audit === undefined ? {} : { audit }),
  };
}
