import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditPolicy } from '../../../src/core/audit.ts';
import type { ExactScores } from '../../../src/core/decision-policy.ts';
import { AuditSample } from '../../../src/decide/audit-sample.ts';
import { decodeAnswer, PackedMessages, packMessages } from '../../../src/scoring/score-protocol.ts';
import { scorePackedBatch } from '../../../workers/score-packed-batch.ts';
import { limits, session } from './stand-in-model.ts';

const { model } = session();
const key = '000102030405060708090a0b0c0d0e0f';
const all: AuditPolicy = { rate: 1, communities: {}, key };

interface Sent {
  readonly message: string;
  readonly message_id?: string;
  readonly community?: string;
  readonly language?: string;
}

async function score(
  messages: readonly Sent[],
  audit: AuditPolicy | null,
  { exactScores = 'notHam' as ExactScores, communities = {}, parsed = false } = {},
) {
  const lines = messages.map((message, at) => {
    const line = JSON.stringify({ message_id: String(at), ...message });
    // With an escape it is not plain, and is parsed as a whole.
    return Buffer.from(parsed ? line.replace('{', '{"sender":"\\u0061",') : line);
  });
  const policy = { default: limits, communities, exactScores, maxMessageBytes: 65_536 };
  const options = { policy, exactScores, every: false, explain: false };
  const sample = audit === null ? null : new AuditSample(audit);
  const packed = new PackedMessages(packMessages(lines));
  return decodeAnswer(await scorePackedBatch(model, packed, { ...options, audit: sample }));
}

const padding = 'dinner at the lake and then dinner in the train at the lake with dinner at the lake';
const texts = [
  'claim free prize',
  'dinner lake train',
  'dinner lake train prize',
  'zzz',
  `claim free prize ${padding}`,
];

describe('the audit sample of a batch', () => {
  it('the audit sample of a batch reports ham too, with its exact probability', async () => {
    const { scored } = await score([{ message: 'dinner lake train' }], all);
    expect(scored).toMatchObject([
      { verdict: 'ham', audit: { inclusionProbability: 1, verdict: 'ham', language: 'en' } },
    ]);
    const [{ probability, probabilityMin, probabilityMax }] = scored as [(typeof scored)[0]];
    expect(probability).toBeGreaterThan(0);
    expect([probabilityMin, probabilityMax]).toEqual([probability, probability]);
    expect((await score([{ message: 'dinner lake train' }], null)).scored).toEqual([]);
  });

  it.each<ExactScores>(['none', 'notHam', 'all'])(
    'the audit sample of a batch changes no verdict and no other message, with exact scores %s',
    async (exactScores) => {
      const messages = texts.map((message) => ({ message }));
      const half = { ...all, rate: 0.5 };
      const none = await score(messages, null, { exactScores });
      const some = await score(messages, half, { exactScores });
      const every = await score(messages, all, { exactScores });
      const exact = await score(messages, all, { exactScores: 'all' });
      const { ham, review, spam } = none.statistics;
      for (const { statistics } of [some, every]) expect(statistics).toMatchObject({ ham, review, spam });
      expect(every.scored.map(({ index, verdict, probability }) => [index, verdict, probability])).toEqual(
        exact.scored.map(({ index, verdict, probability }) => [index, verdict, probability]),
      );
      const drawn = new Set(some.scored.filter(({ audit }) => audit !== undefined).map(({ index }) => index));
      expect(some.scored.filter(({ index }) => !drawn.has(index))).toEqual(
        none.scored.filter(({ index }) => !drawn.has(index)),
      );
    },
  );

  it('the audit sample of a batch draws by the band of the message and by its community', async () => {
    const messages = ['a', 'b', 'c'].flatMap((community) => [
      { message: 'claim free prize', community },
      { message: 'dinner lake train', community },
    ]);
    const { scored } = await score(messages, {
      ...{ rate: 0, bands: { spam: 1 }, key },
      communities: { b: { rate: 0 }, c: { rate: 1, bands: { spam: 0 } } },
    });
    expect(
      scored.filter(({ audit }) => audit !== undefined).map((each) => [each.message.community, each.verdict]),
    ).toEqual([
      ['a', 'spam'],
      ['c', 'ham'],
    ]);
  });

  it('the audit sample of a batch draws the same messages whether they are parsed or not, alone or among others', async () => {
    const message = fc.record({
      message: fc.constantFrom(...texts),
      message_id: fc.string({ minLength: 1, maxLength: 12 }),
      community: fc.constantFrom('', 'forum', 'ünïcode'),
    });
    const half = { ...all, rate: 0.5 };
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
        const drawnOf = async (sent: readonly Sent[], parsed: boolean) => {
          const { scored } = await score(sent, half, { parsed });
          return scored.flatMap(({ index, audit }) => (audit === undefined ? [] : [index]));
        };
        const drawn = await drawnOf(messages, false);
        expect(await drawnOf(messages, true)).toEqual(drawn);
        const alone: number[] = [];
        for (const [index, each] of messages.entries())
          if ((await drawnOf([each], false)).length > 0) alone.push(index);
        expect(alone).toEqual(drawn);
      }),
      { numRuns: 30 },
    );
  });

  it('the audit sample of a batch names the language of the message, else of its community, else what is detected', async () => {
    const { scored } = await score(
      [
        { message: 'dinner', language: 'de-AT' },
        { message: 'dinner', community: 'swiss' },
        { message: 'dinner' },
        { message: 'dinner', language: `</script>${'x'.repeat(300)}` },
      ],
      all,
      { communities: { swiss: { ...limits, language: 'FR-ch' } } },
    );
    expect(scored.map(({ audit }) => audit!.language)).toEqual(['de', 'fr', 'en', '']);
  });
});
