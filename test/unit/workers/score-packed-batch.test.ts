import { describe, expect, it } from 'vitest';
import type { DecisionPolicy, UnknownMessage } from '../../../src/core/decision-policy.ts';
import { isTextInSample } from '../../../src/core/message-sample.ts';
import { scoreLimits } from '../../../src/core/score-counts.ts';
import { decodeAnswer, PackedMessages, packMessages } from '../../../src/scoring/score-protocol.ts';
import { scorePackedBatch } from '../../../workers/score-packed-batch.ts';
import { limits, session } from './stand-in-model.ts';

const { model } = session();
const spam = 'claim free prize';
const padding = 'dinner at the lake and then dinner in the train at the lake with dinner at the lake';

async function score(texts: readonly string[], changes: Partial<DecisionPolicy> = {}, community = 'a') {
  const lines = texts.map((message, at) =>
    Buffer.from(JSON.stringify({ message, message_id: String(at), community })),
  );
  const policy = {
    default: limits,
    communities: {},
    exactScores: 'notHam',
    maxMessageBytes: 65_536,
    ...changes,
  } as const;
  const packed = new PackedMessages(packMessages(lines));
  const options = { policy, exactScores: policy.exactScores, every: true, explain: false };
  const { scored, statistics } = decodeAnswer(await scorePackedBatch(model, packed, options));
  return { scored, statistics };
}

describe('a batch', () => {
  it('a score result states that a part of the message decided, and which of its features did', async () => {
    const { scored, statistics } = await score([spam, `${spam} ${padding}`, padding]);
    expect(scored.map(({ verdict }) => verdict)).toEqual(['spam', 'spam', 'ham']);
    expect(scored[0]!.reasons).not.toContain('text:window');
    expect(scored[1]!.reasons).toEqual(['text:window', 'w:prize', 'w:claim', 'w:free']);
    expect(scored[2]!.reasons).toEqual([]);
    // Each message ends once, whatever becomes of its parts.
    expect(statistics.endedAtStage.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('a batch counts its words, those that are not known, its languages, and each score or the bound that settled the verdict', async () => {
    const texts = [spam, padding, 'zzz qqq', 'und ich habe das nicht'];
    for (const exactScores of ['all', 'none'] as const) {
      const { scored, statistics } = await score(texts, { exactScores });
      const { features, languages, settledScores } = statistics;
      const words = texts.join(' ').split(' ').length;
      expect(features).toMatchObject({ all: words });
      expect(features!.unknown).toBeGreaterThanOrEqual(2 + 5);
      expect(features!.unknown).toBeLessThan(words);
      expect(Object.values(languages!).reduce((sum, count) => sum + count, 0)).toBe(texts.length);
      // The model does not know German, and its language is counted all the same.
      expect(languages).toMatchObject({ de: 1 });
      const bounds = scored.map(({ verdict, probabilityMin, probabilityMax }) =>
        verdict === 'ham' ? probabilityMax : probabilityMin,
      );
      const counts = scoreLimits.map(
        (limit, at) =>
          bounds.filter((bound) => bound <= limit && (at === 0 || bound > scoreLimits[at - 1]!)).length,
      );
      expect(settledScores).toEqual(counts);
    }
  });

  it.each<readonly [UnknownMessage | undefined, string]>([
    [undefined, 'ham'],
    ['prior', 'ham'],
    ['ham', 'ham'],
    ['review', 'review'],
  ])(
    'a batch with a message without a known feature, under unknownMessage %s, %s',
    async (unknownMessage, verdict) => {
      const { scored } = await score(['zzz', spam], unknownMessage === undefined ? {} : { unknownMessage });
      expect(scored[0]).toMatchObject({
        verdict,
        probability: 0.2,
        reasons: ['no known feature: the prior'],
      });
      expect(scored[1]!.verdict).toBe('spam');
    },
  );

  it('a batch compares the prior with the thresholds only if unknownMessage is prior', async () => {
    const low = { rejectMin: 0.1, rejectMax: 0.15 };
    const verdictUnder = async (unknownMessage: UnknownMessage) =>
      (await score(['zzz'], { default: low, unknownMessage })).scored[0]!.verdict;
    expect([await verdictUnder('prior'), await verdictUnder('ham'), await verdictUnder('review')]).toEqual([
      'spam',
      'ham',
      'review',
    ]);
  });

  it('a batch adds the bias of its community to messages of that community only', async () => {
    const policy = { communities: { strict: { ...limits, bias: 6 } } };
    const [strict, other] = [
      await score(['dinner lake train prize'], policy, 'strict'),
      await score(['dinner lake train prize'], policy),
    ];
    expect(other.scored[0]!.verdict).toBe('ham');
    expect(strict.scored[0]!.verdict).toBe('spam');
  });

  it('a batch reports the messages of the sample, ham too, whether their JSON is plain or has escapes, a number as id, or no community', async () => {
    const messages = Array.from({ length: 300 }, (_, at) => [
      { message: padding, message_id: `m-${at}`, community: 'für alle' },
      { message: `"${padding}"`, message_id: `"${at}"`, community: 'a\nb' },
      { message: padding, message_id: at },
      { message: spam, message_id: `s-${at}`, community: 'a' },
    ]).flat();
    const lines = messages.map((message) => Buffer.from(JSON.stringify(message)));
    const policy = {
      default: limits,
      communities: {},
      exactScores: 'notHam',
      maxMessageBytes: 65_536,
    } as const;
    const options = { policy, exactScores: policy.exactScores, every: false, explain: false, sample: 0.2 };
    const packed = new PackedMessages(packMessages(lines));
    const { scored, sampled } = decodeAnswer(await scorePackedBatch(model, packed, options));
    const drawn = messages.flatMap(({ community = '', message_id }, index) =>
      isTextInSample({ community, message_id: String(message_id) }, 0.2) ? [index] : [],
    );
    expect(sampled).toEqual(drawn);
    expect(new Set(drawn.map((index) => index % 4))).toEqual(new Set([0, 1, 2, 3]));
    const expected = messages.flatMap(({ message }, index) =>
      message === spam || drawn.includes(index) ? [index] : [],
    );
    expect(scored.map(({ index }) => index)).toEqual(expected);
  });
});
