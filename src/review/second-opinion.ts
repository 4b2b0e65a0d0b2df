import type { Actor, DecisionRequest, RowItem } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole } from '../core/require-role.ts';
import { sha256Of } from '../core/sha256.ts';
import type { LockedRow, RowChange } from '../ports/decision-store.ts';

interface Answerer {
  readonly actor: Actor;
  readonly request: Pick<DecisionRequest, 'label' | 'overrule'>;
}

/**
 * The change that an answer makes where the row was handed out for a second opinion; undefined where it is a decision like any other. It
 * changes nothing of the row and publishes nothing: only a lead who has seen both answers decides again, by the usual way. An answer counts
 * until somebody else has the row, also after its lease has ended. Throws `LEASE_EXPIRED`.
 */
export function secondAnswer(
  row: LockedRow,
  item: RowItem,
  { actor, request }: Answerer,
): RowChange | undefined {
  const { second, status } = row;
  const isAsked = second !== null && second.holder === actor.name && status.by !== actor.name;
  if (!isAsked || request.overrule === true) return undefined;
  const { label } = request;
  const isLead = hasRole(actor, 'lead');
  if (second.state === 'differs' && (!isLead || isOther(label, status.label))) return undefined;
  if (item.lease !== undefined && item.lease !== second.lease)
    throw new SluiceError(
      'LEASE_EXPIRED',
      `review row ${row.item.id} is no longer held under this lease; lease it again`,
    );
  const outcomes =
    second.state === 'waiting'
      ? ({ same: 'agreed', other: 'differs' } as const)
      : ({ same: 'settled', other: 'left' } as const);
  return {
    review_id: row.item.id,
    before: status,
    after: status,
    revision: row.revision,
    verdict: null,
    second: { id: second.id, outcome: label === status.label ? outcomes.same : outcomes.other },
  };
}

/** A lead who saw two answers that differ, and takes the one that is not the row's label: that overrules it. */
export function settlesOtherwise(row: LockedRow, { actor, request }: Answerer): boolean {
  const { second, status } = row;
  return (
    second?.state === 'differs' &&
    second.holder === actor.name &&
    hasRole(actor, 'lead') &&
    isOther(request.label, status.label)
  );
}

function isOther(label: DecisionRequest['label'], current: LockedRow['status']['label']): boolean {
  return label !== 'unsure' && label !== current;
}

/** What is drawn for a second opinion: of a decision's rows, and of each campaign that it covers. */
export interface Draw {
  /** Of decided messages, 0 to 1. */
  readonly share: number;
  /** A secret. */
  readonly key: string;
  readonly changes: readonly RowChange[];
  /** The rows that were named one by one; all others belong to a campaign. */
  readonly named: ReadonlySet<number>;
}

/**
 * The rows of a decision that somebody else is asked about. A row is drawn or not whenever it is decided: taking a decision back and making
 * it again draws nothing new. The members of a campaign were decided by one look at a sample, so that is one answer: at most one of
 * them is drawn.
 */
export function drawn({ share, key, changes, named }: Draw): readonly number[] {
  const fresh = changes.filter(
    ({ before, after, second }) =>
      second === undefined && before.state === 'open' && after.state === 'labelled',
  );
  const ranks = fresh.map(({ review_id }) => ({ review_id, rank: rankOf(key, review_id) }));
  const single = ranks.filter(({ review_id, rank }) => named.has(review_id) && rank < share);
  const members = ranks.filter(({ review_id }) => !named.has(review_id));
  // The lowest of many is below the share nearly always, so another number decides whether it is drawn.
  const lowest = members.reduce<(typeof members)[number] | undefined>(
    (least, each) => (least === undefined || each.rank < least.rank ? each : least),
    undefined,
  );
  const isDrawn = lowest !== undefined && rankOf(`${key} campaign`, lowest.review_id) < share;
  return [...single.map(({ review_id }) => review_id), ...(isDrawn ? [lowest.review_id] : [])];
}

/** 0 to 1, evenly. */
function rankOf(key: string, review: number): number {
  return Number.parseInt(sha256Of(new TextEncoder().encode(`${key} ${review}`)).slice(0, 12), 16) / 2 ** 48;
}
