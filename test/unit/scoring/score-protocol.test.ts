import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAnswer,
  encodeAnswer,
  PackedMessages,
  packMessages,
} from '../../../src/scoring/score-protocol.ts';

describe('the score protocol', () => {
  it('the score protocol returns each message of a batch unchanged, whatever its bytes and length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), (batch) => {
        const packed = new PackedMessages(packMessages(batch));
        const back = Array.from({ length: packed.count }, (_, i) =>
          packed.bytes.slice(packed.start(i), packed.end(i)),
        );
        expect(back).toEqual(batch);
      }),
    );
  });

  it('the score protocol packs views of a larger buffer without the bytes around them', () => {
    const whole = Uint8Array.from([1, 2, 3, 4, 5, 6]);
    const packed = new PackedMessages(packMessages([whole.subarray(1, 3), whole.subarray(4, 5)]));
    expect([...packed.bytes]).toEqual([2, 3, 5]);
  });

  it('the score protocol returns text with lone surrogates, NUL and line separators unchanged', () => {
    const text = 'a\ud800b\u0000c\u2028\u{1f600}';
    const statistics = {
      ham: 0,
      review: 0,
      spam: 1,
      unreadable: 0,
      decodeSeconds: 0,
      featurizeSeconds: 0,
      inferSeconds: 0,
      endedAtStage: [1],
      treesEvaluated: 0,
      treesInAll: 0,
      scores: { counts: [], sum: 0 },
    };
    const scored = {
      index: 0,
      message: { message: text, message_id: '1', community: '' },
      verdict: 'spam',
      probability: 0.9,
      probabilityMin: 0.9,
      probabilityMax: 0.9,
      reasons: [],
      unscorable: false,
    } as const;
    const unreadable = [{ index: 1, reason: 'not-json', detail: 'it ends too soon' }] as const;
    expect(decodeAnswer(encodeAnswer('m', [scored], unreadable, statistics))).toEqual({
      model: 'm',
      scored: [scored],
      unreadable,
      statistics,
    });
  });
});
