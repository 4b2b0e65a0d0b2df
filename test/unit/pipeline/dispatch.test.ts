import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { Dispatcher } from '../../../src/pipeline/dispatch.ts';
import type { Scorer } from '../../../src/ports/scorer.ts';
import { KeptLog, keptTelemetry, scoredOf, TellingScorer, TurnClock } from './fake-line.ts';

function dispatcherOf(scorer: Scorer, giveUp = new AbortController().signal) {
  const { telemetry, calls } = keptTelemetry();
  const clock = new TurnClock();
  let retries = 0;
  const retry = { clock, log: new KeptLog(), giveUp, onRetry: () => retries++ };
  const dispatcher = new Dispatcher({ scorer, telemetry, scoreOptions: {}, retry });
  return { dispatcher, calls, clock, retries: () => retries };
}

const bytesOf = (texts: readonly string[]) => texts.map((text) => new TextEncoder().encode(text));
const lost = () => new SluiceError('SCORER_THREAD_LOST', 'the thread died', { retriable: true });

describe('Dispatcher', () => {
  it('sends a batch whose thread died once more, as a whole', async () => {
    const scorer = new TellingScorer();
    let deaths = 1;
    scorer.before = async () => {
      if (deaths-- > 0) throw lost();
    };
    const { dispatcher, retries } = dispatcherOf(scorer);
    const { parts, killers } = await dispatcher.judge(bytesOf(['ham-1', 'spam-2']));
    expect(scorer.asked).toEqual([
      ['ham-1', 'spam-2'],
      ['ham-1', 'spam-2'],
    ]);
    expect(killers).toEqual([]);
    expect(parts[0]!.scored.map(({ index }) => index)).toEqual([1]);
    expect(retries()).toBe(1);
  });

  it('finds the one message that kills and scores the rest under their own places', async () => {
    const scorer = new TellingScorer();
    const texts = Array.from({ length: 100 }, (_, i) => (i === 37 ? 'kill-37' : `spam-${i}`));
    const { dispatcher, calls } = dispatcherOf(scorer);
    const { parts, killers } = await dispatcher.judge(bytesOf(texts));
    expect(killers).toEqual([37]);
    const scored = parts.flatMap((part) => part.scored);
    expect(scored.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      texts.flatMap((_, i) => (i === 37 ? [] : [i])),
    );
    expect(scored.every(({ index, message }) => message.message === texts[index])).toBe(true);
    expect(scorer.asked.length).toBeLessThan(25);
    expect(calls.filter(([method]) => method === 'batchScored')).toHaveLength(parts.length);
  });

  it('gives each message exactly one outcome, wherever the ones that kill stand', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ham', 'ham', 'spam', 'broken', 'kill'), { minLength: 1, maxLength: 40 }),
        async (kinds) => {
          const texts = kinds.map((kind, i) => `${kind}-${i}`);
          const { dispatcher } = dispatcherOf(new TellingScorer());
          const { parts, killers } = await dispatcher.judge(bytesOf(texts));
          const placesOf = (kind: string) => texts.flatMap((text, i) => (text.startsWith(kind) ? [i] : []));
          expect([...killers]).toEqual(placesOf('kill'));
          expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual(placesOf('spam'));
          expect(parts.flatMap(({ unreadable }) => unreadable.map(({ index }) => index))).toEqual(
            placesOf('broken'),
          );
          expect(parts.reduce((sum, { statistics }) => sum + statistics.ham, 0)).toBe(placesOf('ham').length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('condemns no message while threads die under a harmless one too', async () => {
    const scorer = new TellingScorer();
    let deaths = 60;
    scorer.before = async () => {
      if (deaths-- > 0) throw lost();
    };
    const { dispatcher, clock } = dispatcherOf(scorer);
    const { parts, killers } = await dispatcher.judge(bytesOf(['spam-0', 'ham-1', 'spam-2', 'ham-3']));
    expect(killers).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([0, 2]);
    expect(clock.sleeps.length).toBeGreaterThan(0);
  });

  it('gives a message that died alone a second try before it is condemned', async () => {
    const scorer = new TellingScorer();
    let deaths = 2;
    scorer.before = async (texts) => {
      if (texts.includes('spam-1') && deaths-- > 0) throw lost();
    };
    const { dispatcher } = dispatcherOf(scorer);
    const { parts, killers } = await dispatcher.judge(bytesOf(['ham-0', 'spam-1']));
    expect(killers).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([1]);
  });

  it('throws on what no retry can mend', async () => {
    const closed: Scorer = {
      score: async () => {
        throw new SluiceError('SCORER_CLOSED', 'closed');
      },
    };
    await expect(dispatcherOf(closed).dispatcher.judge(bytesOf(['ham-1']))).rejects.toMatchObject({
      code: 'SCORER_CLOSED',
    });
  });

  it('refuses an answer that leaves a message out', async () => {
    const forgetful: Scorer = { score: async () => scoredOf(['ham-1'], false) };
    await expect(dispatcherOf(forgetful).dispatcher.judge(bytesOf(['ham-1', 'ham-2']))).rejects.toMatchObject(
      {
        code: 'INTERNAL',
      },
    );
  });
});
