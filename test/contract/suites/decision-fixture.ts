import type { Actor, Decision, DecisionRequest } from '../../../src/core/decision.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';

/** One fresh database, with the review store of the pipeline beside the queue for people. */
export interface DecisionStoreHarness {
  openReviews(): Promise<ReviewStore>;
  /** `now`: epoch milliseconds. */
  open(now: () => number): Promise<DecisionStore>;
  /** Rows that a statement selects. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
  run(statement: string): Promise<void>;
  dispose(): Promise<void>;
}

export function reviewItem(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    ...{ community: 'forum', message_id: id, message: `text of ${id}`, sender: null, probability: 0.6 },
    ...{ reasons: ['word: "free"'], model: '20261101T000000Z-01234567', origin: 'band' as const },
    ...{ position: { topic: 'chat-messages', partition: 2, offset: 7 }, ...rest },
  };
}

export const person = (name: string, role: Actor['role'] = 'moderator'): Actor => ({ name, role });
export const anna = person('anna');
export const ben = person('ben');
export const carl = person('carl');
export const lead = person('lead', 'lead');

/** The stores of one test at a time, and what the tests do with them. */
export class DecisionFixture {
  /** Epoch milliseconds. */
  now = 0;
  harness!: DecisionStoreHarness;
  reviews!: ReviewStore;
  store!: DecisionStore;
  desk!: ReviewDesk;

  async open(harness: DecisionStoreHarness): Promise<void> {
    this.now = 1_800_000_000_000;
    this.harness = harness;
    this.reviews = await harness.openReviews();
    await this.#openStore();
  }

  async reopen(): Promise<void> {
    await this.store.close();
    await this.#openStore();
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.reviews.close();
    await this.harness.dispose();
  }

  /** Returns the ids of all open rows, oldest first. */
  async add(...ids: readonly string[]): Promise<readonly number[]> {
    await this.reviews.add(ids.map((id) => reviewItem(id)));
    return this.openIds();
  }

  async openIds(): Promise<readonly number[]> {
    const { items } = await this.store.list({ state: 'open', order: 'age', limit: 1000 });
    return items.map(({ id }) => id);
  }

  decide(
    actor: Actor,
    label: DecisionRequest['label'],
    ids: readonly number[],
    rest: Partial<DecisionRequest> = {},
  ): Promise<Decision> {
    return this.desk.decide(actor, { label, items: ids.map((review_id) => ({ review_id })), ...rest });
  }

  async training(): Promise<readonly unknown[][]> {
    const rows = await this.harness.rows(
      'select class, message, labelled_by, review_id, source from training order by id',
    );
    return rows.map((row) => [
      ...[Number(row.class), row.message, row.labelled_by, Number(row.review_id), row.source],
    ]);
  }

  /** Takes all that waits, in the order in which it may be published. */
  async published(): Promise<readonly Verdict[]> {
    const all: Verdict[] = [];
    for (;;) {
      const rows = await this.store.takeOutbox({ holder: 'publisher', limit: 100 });
      if (rows.length === 0) return all;
      all.push(...rows.map(({ verdict }) => verdict));
      await this.store.finishOutbox(rows);
    }
  }

  async #openStore(): Promise<void> {
    this.store = await this.harness.open(() => this.now);
    this.desk = new ReviewDesk(this.store);
  }
}
