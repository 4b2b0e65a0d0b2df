import type { Verdict, VerdictName } from '../core/verdict.ts';
import type { LastVerdict, LockedRow } from '../ports/decision-store.ts';

/**
 * The verdicts that one decision produces. Of each message they are numbered, each amends the one before it, and each has a
 * later `scored_at`, also where two decisions fall into the same millisecond or the clock was set back: consumers recognize a
 * repeated verdict by (community, message_id, scored_at).
 */
export class VerdictSequence {
  readonly #last = new Map<string, LastVerdict>();
  readonly #now: number;

  /** `now`: epoch milliseconds. */
  constructor(now: number) {
    this.#now = now;
  }

  next(row: LockedRow, verdict: VerdictName): { readonly sequence: number; readonly verdict: Verdict } {
    const { community, message_id, probability, model, reasons } = row.item;
    const message = JSON.stringify([community, message_id]);
    // Two rows of one decision may belong to the same message.
    const last = this.#last.get(message) ?? row.lastVerdict;
    const at = last === null ? this.#now : Math.max(this.#now, Date.parse(last.scored_at) + 1);
    const scored_at = new Date(at).toISOString();
    const sequence = (last?.sequence ?? 0) + 1;
    this.#last.set(message, { sequence, scored_at });
    return {
      sequence,
      verdict: {
        ...{ community, message_id, verdict, probability },
        probability_min: probability ?? 0,
        probability_max: probability ?? 1,
        ...{ model, decided_by: 'human', reasons: [...reasons], scored_at },
        ...(last === null ? {} : { amends: last.scored_at }),
      },
    };
  }
}
