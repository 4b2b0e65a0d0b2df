import type { AuditFacts } from '../src/core/audit.ts';
import type { VerdictName } from '../src/core/verdict.ts';
import type { AuditSample } from '../src/decide/audit-sample.ts';
import { primarySubtag } from '../src/text/featurizer.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { ReadBatch } from './read-batch.ts';
import type { ScoredRows } from './scored-rows.ts';

/** Rows that may be drawn for the audit, with their numbers; none without a sample. Which of them are is known once they have a verdict. */
export function auditCandidates(rows: ReadBatch, sample: AuditSample | null): ReadonlyMap<number, number> {
  const candidates = new Map<number, number>();
  if (sample === null) return candidates;
  for (let row = 0; row < rows.size; row++) {
    const number = rows.auditNumber(row, sample);
    if (sample.mayBeDrawn(number)) candidates.set(row, number);
  }
  return candidates;
}

/** A candidate with its verdict. */
export interface ScoredCandidate {
  readonly rows: ReadBatch;
  readonly result: ScoredRows;
  readonly row: number;
  readonly number: number;
  readonly verdict: VerdictName;
}

/** What is kept of a message that is drawn; undefined for one that is not. */
export function auditFacts(
  model: LoadedModel,
  sample: AuditSample,
  { rows, result, row, number, verdict }: ScoredCandidate,
): AuditFacts | undefined {
  const inclusionProbability = sample.rateOf(rows.message(row).community, verdict);
  if (number >= inclusionProbability) return undefined;
  return { inclusionProbability, verdict, language: languageOf(model, rows, result, row) };
}

/** Of a real language tag only, so that a message cannot fill a column or a metric with anything else. */
function languageOf(model: LoadedModel, rows: ReadBatch, result: ScoredRows, row: number): string {
  const stated = rows.languageOf(row);
  if (stated !== undefined) {
    const subtag = primarySubtag(stated);
    return /^[a-z]{2,3}$/.test(subtag) ? subtag : '';
  }
  const { language } = model.session.prepared(row, rows, result);
  return primarySubtag(model.manifest.languages[language] ?? '');
}
