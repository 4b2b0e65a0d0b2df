import type { Actor } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole } from '../core/require-role.ts';
import type { VerdictName } from '../core/verdict.ts';
import type {
  DecisionPlan,
  LockedRow,
  LockedTraining,
  RecordedDecision,
  RowChange,
  TrainingChange,
  TrainingStatus,
} from '../ports/decision-store.ts';
import { VerdictSequence } from './verdict-sequence.ts';

/** How many of their own last decisions people can undo. */
export const UNDO_LIMIT = 50;

export interface UndoRequest {
  readonly actor: Actor;
  readonly decision: RecordedDecision;
  /** Decisions of the same person after it. */
  readonly newer: number;
  readonly rows: readonly LockedRow[];
  readonly training: readonly LockedTraining[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The compensating decision: each row gets the status from before, and where a verdict was published, another one amends it: the earlier
 * label, or for a row that is open again `review`; of the audit sample, what the model's verdict was. Rows that a later decision changed, or that were erased, stay as they are.
 * Throws `ROLE_REFUSED`, `UNDO_REFUSED`, `LEASE_HELD`, and `REVIEW_ERASED` where all rows were erased.
 */
export function planUndo({
  actor,
  decision,
  newer,
  rows,
  training,
  now,
}: UndoRequest): Pick<DecisionPlan, 'decision' | 'changes' | 'relabeled'> {
  checkUndo({ actor, decision, newer });
  const byId = new Map(rows.map((row) => [row.item.id, row]));
  const left = decision.changes.flatMap((change) => {
    const row = byId.get(change.review_id);
    return row === undefined || row.item.state === 'erased' ? [] : [{ change, row }];
  });
  if (left.length === 0 && training.length === 0)
    throw new SluiceError('REVIEW_ERASED', `all rows of decision ${decision.id} were erased`);
  const unchanged = left.filter(({ change, row }) => row.revision === change.revision);
  const relabeled = relabeledBack(decision, training, {
    left: new Set(left.map(({ row }) => row.item.id)),
    unchanged: new Set(unchanged.map(({ row }) => row.item.id)),
  });
  if (unchanged.length === 0 && relabeled.length === 0)
    throw new SluiceError(
      'UNDO_REFUSED',
      `a later decision changed every row of decision ${decision.id}; undo that one, or decide the rows again`,
    );
  const verdicts = new VerdictSequence(now);
  const changes = unchanged.map(({ change, row }): RowChange => {
    if (change.second !== null) return secondTakenBack(row, change.second);
    if (row.lease !== null && row.lease.holder !== actor.name)
      throw new SluiceError(
        'LEASE_HELD',
        `review row ${row.item.id} is with ${row.lease.holder}; undo decision ${decision.id} when the lease has ended`,
      );
    return {
      review_id: change.review_id,
      before: row.status,
      after: change.before,
      revision: row.revision + 1,
      verdict: decision.label === 'unsure' ? null : verdicts.next(row, change.before.label ?? undecided(row)),
    };
  });
  const { name } = actor;
  return {
    decision: { label: null, decided_by: name, decided_at: now, note: null, undoes: decision.id },
    changes,
    relabeled,
  };
}

/**
 * The relabeled training rows that go back. One that was decided with its review row goes with that row. Any other one does if it still has
 * the label, the person and the time that the decision gave it.
 */
function relabeledBack(
  { relabeled }: RecordedDecision,
  training: readonly LockedTraining[],
  reviews: { readonly left: ReadonlySet<number>; readonly unchanged: ReadonlySet<number> },
): readonly TrainingChange[] {
  const byId = new Map(training.map((row) => [row.id, row]));
  return relabeled.flatMap(({ training_id, before, after }) => {
    const row = byId.get(training_id);
    if (row === undefined) return [];
    const { review_id, status } = row;
    const goesBack =
      review_id !== null && reviews.left.has(review_id)
        ? reviews.unchanged.has(review_id)
        : isSame(status, after);
    return goesBack ? [{ training_id, before: status, after: before }] : [];
  });
}

function isSame(one: TrainingStatus, other: TrainingStatus): boolean {
  return one.label === other.label && one.by === other.by && one.at === other.at;
}

/** The verdict of a message that nobody has decided. */
function undecided({ item }: LockedRow): VerdictName {
  return item.audit?.verdict ?? 'review';
}

/** The row was not changed by the answer, and is not by its undo. */
function secondTakenBack({ item, status, revision }: LockedRow, id: number): RowChange {
  const second = { id, outcome: 'reopened' as const };
  return { review_id: item.id, before: status, after: status, revision, verdict: null, second };
}

function checkUndo({ actor, decision, newer }: Pick<UndoRequest, 'actor' | 'decision' | 'newer'>): void {
  const { id, decided_by } = decision;
  const isLead = hasRole(actor, 'lead');
  if (decided_by !== actor.name && !isLead)
    throw new SluiceError('ROLE_REFUSED', `decision ${id} is by ${decided_by}; a lead can undo it`);
  if (decision.label === null)
    throw new SluiceError('UNDO_REFUSED', `decision ${id} is an undo itself; decide the rows again`);
  if (decision.undone_by !== null)
    throw new SluiceError('UNDO_REFUSED', `decision ${id} was undone by decision ${decision.undone_by}`);
  if (newer >= UNDO_LIMIT && !isLead)
    throw new SluiceError(
      'UNDO_REFUSED',
      `decision ${id} is not among the last ${UNDO_LIMIT} of ${decided_by}; a lead can undo it`,
    );
}
