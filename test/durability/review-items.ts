import type { NewReviewItem } from '../../src/ports/review-store.ts';

export function itemOf(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    community: 'c',
    message_id: id,
    message: `text of ${id}\n`,
    sender: null,
    probability: 0.6,
    reasons: ['a'],
    model: 'v',
    position: { topic: 't', partition: 0, offset: 1 },
    origin: 'band',
    ...rest,
  };
}

export function idsOf(items: readonly NewReviewItem[]): string[] {
  return items.map(({ message_id }) => message_id);
}
