import { describe, expect, it } from 'vitest';
import { isInSample, isTextInSample } from '../../../src/core/message-sample.ts';

const ids = Array.from({ length: 20_000 }, (_, index) => ({ community: 'forum', message_id: `m-${index}` }));
const drawn = (share: number) => ids.filter((id) => isTextInSample(id, share));

describe('the sample of messages', () => {
  it.each([0.01, 0.05, 0.5])(
    'a sample has its share of the messages, also of ids that count up: %d',
    (share) => {
      const deviation = Math.sqrt((share * (1 - share)) / ids.length);
      expect(Math.abs(drawn(share).length / ids.length - share)).toBeLessThan(4 * deviation);
    },
  );

  it('a sample is the same each time, and a part of every larger one; of share 0 it is empty, of share 1 all', () => {
    const small = drawn(0.05);
    expect(drawn(0.05)).toEqual(small);
    const larger = new Set(drawn(0.2));
    expect(small.every((id) => larger.has(id))).toBe(true);
    expect(drawn(0)).toEqual([]);
    expect(drawn(1)).toHaveLength(ids.length);
  });

  it('the same messages are drawn in every version: the hash does not change', () => {
    expect(
      ids
        .slice(0, 60)
        .flatMap(({ message_id }) =>
          isTextInSample({ community: 'forum', message_id }, 0.05) ? [message_id] : [],
        ),
    ).toMatchInlineSnapshot(`
      [
        "m-42",
        "m-44",
        "m-48",
      ]
    `);
  });

  it('bytes anywhere in a buffer are drawn as their text is, and community and id are not mixed up', () => {
    const bytes = new TextEncoder().encode('xxfür-1yy');
    const part = (start: number, end: number) => ({ bytes, start, end });
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9])
      expect(isInSample({ community: part(2, 6), id: part(6, 8) }, share)).toBe(
        isTextInSample({ community: 'für', message_id: '-1' }, share),
      );
    const apart = ids.filter(({ message_id }) => {
      const first = isTextInSample({ community: 'a', message_id: `b${message_id}` }, 0.5);
      return first !== isTextInSample({ community: 'ab', message_id }, 0.5);
    });
    expect(apart.length).toBeGreaterThan(ids.length / 3);
  });
});
