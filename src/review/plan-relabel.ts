import type { Actor, RelabelRequest } from '../core/decision.ts';
import { isByPerson } from '../core/label-step.ts';
import type { DecisionPlan, LockedRow, LockedTraining } from '../ports/decision-store.ts';
import { planDecision } from './plan-decision.ts';

export interface PlannedRelabel {
  /** A lead. */
  readonly actor: Actor;
  readonly request: Pick<RelabelRequest, 'label' | 'note'>;
  /** The rows that are asked for. */
  readonly training: readonly LockedTraining[];
  /** Their review rows. */
  readonly rows: readonly LockedRow[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What another label for training rows changes. A row that was decided in the review queue is overruled there: the review row gets the
 * label, and a verdict amends the one that was published. For a row that was imported nothing was published, so its label alone changes;
 * so it is for one whose review row has lost its text to retention, or says something else by now. Rows that a person gave the label already
 * are left out. One that nobody labeled, or a label step, becomes the person's also where the label stays the same: no step changes it any
 * more. Undefined where nothing changes.
 */
export function planRelabel({
  actor,
  request,
  training,
  rows,
  now,
}: PlannedRelabel): Pick<DecisionPlan, 'decision' | 'changes' | 'relabeled'> | undefined {
  const { label } = request;
  const changed = training.filter(({ status }) => status.label !== label || !isByPerson(status.by));
  if (changed.length === 0) return undefined;
  const byId = new Map(rows.map((row) => [row.item.id, row]));
  const reviewed = changed.flatMap(({ review_id, status }) => {
    const row = review_id === null ? undefined : byId.get(review_id);
    const isAsInQueue = row?.status.state === 'labelled' && row.status.label === status.label;
    return isAsInQueue && status.label !== label ? [row.item.id] : [];
  });
  const items = [...new Set(reviewed)].map((review_id) => ({ review_id }));
  return {
    ...planDecision({ actor, request: { ...request, overrule: true }, items, rows, now }),
    relabeled: changed.map(({ id, status }) => ({
      training_id: id,
      before: status,
      after: { label, by: actor.name, at: now },
    })),
  };
}
