import type { RowLabel } from '../../core/decision.ts';
import type { AuditEstimates, Known } from '../../core/report-facts.ts';
import type { ReviewedCount } from '../../ports/audit-store.ts';
import { LEAST_DECIDED } from './audit-estimates.ts';
import { ratioInterval } from './ratio-interval.ts';

/**
 * The rates as they come out if decided review rows are taken for a random sample of all messages, which they are not: the model chose them
 * because it was uncertain, or users because it was wrong. The model's answer is spam above one half, since rows of the review band have no
 * verdict for a class. Intervals are Jeffreys', of a sample that this is not.
 */
export function reviewsAlone(counts: readonly ReviewedCount[]): Known<AuditEstimates> {
  const rowsOf = (label: RowLabel, aboveHalf?: boolean) => {
    const rows = counts
      .filter((each) => each.label === label && (aboveHalf ?? each.aboveHalf) === each.aboveHalf)
      .reduce((sum, each) => sum + each.rows, 0);
    return { sum: rows, squares: rows, unseen: [1] };
  };
  const decided = counts.reduce((sum, each) => sum + each.rows, 0);
  if (decided < LEAST_DECIDED)
    return { missing: `${decided} review rows are decided, and rates are given from ${LEAST_DECIDED} on` };
  return {
    truePositiveRate: ratioInterval(rowsOf('spam', true), rowsOf('spam', false)),
    falsePositiveRate: ratioInterval(rowsOf('ham', true), rowsOf('ham', false)),
    precision: ratioInterval(rowsOf('spam', true), rowsOf('ham', true)),
    prevalence: ratioInterval(rowsOf('spam'), rowsOf('ham')),
  };
}
