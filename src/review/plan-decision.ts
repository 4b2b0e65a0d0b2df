import type { Actor, DecisionRequest, RowItem } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole } from '../core/require-role.ts';
import { type DecisionPlan, type LockedRow, type RowStatus, UNSURE_LIMIT } from '../ports/decision-store.ts';
import { secondAnswer, settlesOtherwise } from './second-opinion.ts';
import { VerdictSequence } from './verdict-sequence.ts';

export interface PlannedRequest {
  readonly actor: Actor;
  readonly request: Omit<DecisionRequest, 'items'>;
  /** The rows that are asked for. */
  readonly items: readonly RowItem[];
  readonly rows: readonly LockedRow[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What an answer changes: `spam` and `ham` label the rows and publish a verdict; `unsure` leaves them open for others. Throws
 * `REVIEW_UNKNOWN`, `REVIEW_ERASED`, `REVIEW_DECIDED`, `LEASE_HELD`, `LEASE_EXPIRED`, `VERSION_STALE` or `ROLE_REFUSED` for the first row
 * that cannot be decided; then none is.
 */
export function planDecision({
  actor,
  request,
  items,
  rows,
  now,
}: PlannedRequest): Pick<DecisionPlan, 'decision' | 'changes'> {
  const { label, note = null } = request;
  const byId = new Map(rows.map((row) => [row.item.id, row]));
  const verdicts = new VerdictSequence(now);
  const changes = items.map((item) => {
    const row = byId.get(item.review_id);
    if (row === undefined)
      throw new SluiceError(
        'REVIEW_UNKNOWN',
        `there is no review row ${item.review_id}; load the queue again`,
      );
    const second = secondAnswer(row, item, { actor, request });
    checkRow(row, item, { actor, request }, second !== undefined);
    if (second !== undefined) return second;
    const after: RowStatus =
      label === 'unsure'
        ? { ...row.status, unsure: row.status.unsure + 1 }
        : { ...row.status, state: 'labelled', label, by: actor.name, at: now };
    return {
      review_id: item.review_id,
      before: row.status,
      after,
      revision: row.revision + 1,
      verdict: label === 'unsure' ? null : verdicts.next(row, label),
    };
  });
  return { decision: { label, decided_by: actor.name, decided_at: now, note, undoes: null }, changes };
}

function checkRow(
  row: LockedRow,
  item: RowItem,
  { actor, request }: Pick<PlannedRequest, 'actor' | 'request'>,
  isSecond: boolean,
): void {
  const { id, state, version } = row.item;
  const isLead = hasRole(actor, 'lead');
  const refuse = (...[code, text]: ConstructorParameters<typeof SluiceError>) =>
    new SluiceError(code, `review row ${id} ${text}`);
  if (state === 'erased') throw refuse('REVIEW_ERASED', 'was erased and cannot be decided');
  if (row.status.state === 'labelled' && !isSecond && !settlesOtherwise(row, { actor, request })) {
    const { label, by } = row.status;
    if (request.overrule !== true || request.label === 'unsure' || request.label === label)
      throw refuse('REVIEW_DECIDED', `is ${label} already, by ${by ?? 'somebody'}; a lead can overrule that`);
    if (!isLead) throw refuse('ROLE_REFUSED', 'has a label, which only a lead overrules');
  } else if (row.status.state === 'open') {
    if (row.lease !== null && row.lease.holder !== actor.name)
      throw refuse('LEASE_HELD', `is with ${row.lease.holder}; try again when the lease has ended`);
    if (item.lease !== undefined && row.lease?.id !== item.lease)
      throw refuse('LEASE_EXPIRED', 'is no longer held under this lease; lease it again');
    if (request.label === 'unsure' && row.unsureBy.includes(actor.name))
      throw refuse('REVIEW_DECIDED', `has an unsure answer of ${actor.name} already; somebody else is asked`);
    if (row.status.unsure >= UNSURE_LIMIT && !isLead)
      throw refuse('ROLE_REFUSED', `has ${row.status.unsure} unsure answers; a lead has to decide it`);
  }
  if (item.version !== undefined && item.version !== version)
    throw refuse('VERSION_STALE', 'was changed since it was loaded; load it again');
}
