import { addGuardCounts, type GuardCounts, type GuardState, noGuardCounts } from '../core/guard-counts.ts';
import type { ScoredBatch, ScoredMessage } from '../core/scored-batch.ts';
import type { VerdictName } from '../core/verdict.ts';
import { type Departure, type DepartureRule, departureOf } from './departure.ts';

export interface WatchRule extends DepartureRule {
  /** Messages after which a model that has not departed has passed. */
  readonly messages: number;
}

export interface GuardedBatch {
  readonly batch: ScoredBatch;
  /** Spam that was made review. */
  readonly held: number;
}

/** A reason of a verdict that the model itself would have given otherwise. */
export const heldReason = 'guard:held';

/**
 * A model that has just become active, and what becomes of its spam. While it is watched, spam that the model before does not call spam
 * is review; once it has tripped, all of its spam is.
 */
export class WatchedModel {
  readonly version: string;
  #state: GuardState;
  /** What others have counted, and this process has reported. */
  #known: GuardCounts;
  #unreported: GuardCounts = noGuardCounts;
  #departure: Departure | undefined;

  constructor(version: string, state: GuardState, known: GuardCounts = noGuardCounts) {
    this.version = version;
    this.#state = state;
    this.#known = known;
  }

  get state(): GuardState {
    return this.#state;
  }

  get counts(): GuardCounts {
    return addGuardCounts(this.#known, this.#unreported);
  }

  /** Why it tripped, where that was found here. */
  get departure(): Departure | undefined {
    return this.#departure;
  }

  /** Ends the watch of a model that has not departed. */
  pass(): void {
    if (this.#state === 'watching') this.#state = 'passed';
  }

  /** What this process has counted since the last call. */
  takeUnreported(): GuardCounts {
    const counts = this.#unreported;
    this.#known = addGuardCounts(this.#known, counts);
    this.#unreported = noGuardCounts;
    return counts;
  }

  /** Gives back what {@link takeUnreported} took, where it could not be reported. */
  notReported(counts: GuardCounts): void {
    const negated = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, -count]));
    this.#known = addGuardCounts(this.#known, negated as unknown as GuardCounts);
    this.#unreported = addGuardCounts(this.#unreported, counts);
  }

  /** Takes over what all processes know together. A person has the last word, and a trip counts more than to have passed. */
  adopt(state: GuardState, known: GuardCounts): void {
    this.#known = known;
    this.adoptState(state);
  }

  /** The same without counts. */
  adoptState(state: GuardState): void {
    if (state === 'confirmed' || state === 'tripped' || this.#state === 'watching') this.#state = state;
  }

  /**
   * The batch with the verdicts that count. `before`: the same messages by the model before; null where it could not score them, and then
   * all spam is held back.
   */
  guard(batch: ScoredBatch, before: ScoredBatch | null, rule: WatchRule): GuardedBatch {
    if (this.#state === 'passed' || this.#state === 'confirmed') return { batch, held: 0 };
    if (this.#state === 'tripped' || before === null) return withHeld(batch, () => true);
    const held = this.#compare(batch, before, rule);
    return withHeld(batch, ({ index }) => held.has(index));
  }

  /** Counts the messages one after the other, and returns the indices of those that are held back. */
  #compare(batch: ScoredBatch, before: ScoredBatch, rule: WatchRule): ReadonlySet<number> {
    const [now, then] = [verdictsOf(batch), verdictsOf(before)];
    const start = this.#unreported;
    const counts = { ...start };
    const held = new Set<number>();
    const { ham, review, spam } = batch.statistics;
    for (const index of [...new Set([...now.keys(), ...then.keys()])].sort((a, b) => a - b)) {
      const [verdict, verdictBefore] = [now.get(index) ?? 'ham', then.get(index) ?? 'ham'];
      if (verdict === 'spam' && (this.#state === 'tripped' || verdictBefore !== 'spam')) held.add(index);
      if (this.#state !== 'watching' || verdict === verdictBefore) continue;
      counts.spamMore += Number(verdict === 'spam');
      counts.spamFewer += Number(verdictBefore === 'spam');
      counts.reviewMore += Number(verdict === 'review');
      counts.reviewFewer += Number(verdictBefore === 'review');
      counts.messages = start.messages + index + 1;
      this.#unreported = counts;
      this.#departure = departureOf(this.counts, rule);
      if (this.#departure !== undefined) this.#state = 'tripped';
    }
    this.#unreported = { ...counts, messages: start.messages + ham + review + spam };
    if (this.#state === 'watching' && this.counts.messages >= rule.messages) this.#state = 'passed';
    return held;
  }
}

function verdictsOf({ scored }: ScoredBatch): ReadonlyMap<number, VerdictName> {
  return new Map(
    scored.filter(({ verdict }) => verdict !== 'ham').map(({ index, verdict }) => [index, verdict]),
  );
}

/** Spam that `isHeld` holds for becomes review. */
function withHeld(batch: ScoredBatch, isHeld: (message: ScoredMessage) => boolean): GuardedBatch {
  let held = 0;
  const scored = batch.scored.map((message) => {
    if (message.verdict !== 'spam' || !isHeld(message)) return message;
    held++;
    return {
      ...message,
      verdict: 'review' as const,
      reasons: [heldReason, ...message.reasons],
      // It was drawn by the rate of spam, and what became of it is review.
      ...(message.audit === undefined ? {} : { audit: { ...message.audit, verdict: 'review' as const } }),
    };
  });
  if (held === 0) return { batch, held };
  const { review, spam } = batch.statistics;
  const statistics = { ...batch.statistics, review: review + held, spam: spam - held };
  return { batch: { ...batch, scored, statistics }, held };
}
