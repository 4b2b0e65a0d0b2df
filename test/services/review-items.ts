import type { NewReviewItem, ReviewStore } from '../../src/ports/review-store.ts';

export function itemOf(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    community: 'forum',
    message_id: id,
    message: `text of ${id}`,
    sender: null,
    probability: 0.6,
    reasons: ['word: "free"'],
    model: '20261101T000000Z-01234567',
    position: { topic: 'chat-messages', partition: 0, offset: 7 },
    origin: 'band',
    ...rest,
  };
}

export const numbered = (from: number, count: number): readonly NewReviewItem[] =>
  Array.from({ length: count }, (_, i) => itemOf(`m-${from + i}`));

/** Ids of all that is open, oldest first. */
export async function idsIn(store: ReviewStore): Promise<readonly string[]> {
  const ids: string[] = [];
  let after = 0;
  for (;;) {
    const page = await store.list({ state: 'open', after, limit: 1000 });
    ids.push(...page.map(({ message_id }) => message_id));
    if (page.length < 1000) return ids;
    after = page.at(-1)!.id;
  }
}
