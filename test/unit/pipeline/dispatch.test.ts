import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { clearHam, clearSpam } from '../../../src/core/known-messages.ts';
import { readMessage } from '../../../src/core/message.ts';
import { type CrashGuard, Dispatcher } from '../../../src/pipeline/dispatch.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';
import type { ScoringJournal } from '../../../src/ports/scoring-journal.ts';
import { batchOf, RecordingLog, recordingTelemetry, scoredOf, TextScorer, TurnClock } from './fakes.ts';

function dispatcherOf(scorer: Scorer, crashGuard?: CrashGuard, giveUp = new AbortController().signal) {
  const { telemetry, calls } = recordingTelemetry();
  const clock = new TurnClock();
  const log = new RecordingLog();
  let retries = 0;
  const retry = { clock, log, giveUp, onRetry: () => retries++ };
  const dispatcher = new Dispatcher({ scorer, crashGuard, telemetry, scoreOptions: {}, retry });
  return { dispatcher, calls, clock, log, retries: () => retries };
}

const lost = () => new SluiceError('SCORER_THREAD_LOST', 'the thread died', { retriable: true });

describe('Dispatcher', () => {
  it('Dispatcher sends a batch again as a whole after its thread died once', async () => {
    const scorer = new TextScorer();
    let deaths = 1;
    scorer.before = async () => {
      if (deaths-- > 0) throw lost();
    };
    const { dispatcher, log, retries } = dispatcherOf(scorer);
    const { parts, poisoned } = await dispatcher.score(batchOf(['ham-1', 'spam-2']));
    expect(scorer.asked).toEqual([
      ['ham-1', 'spam-2'],
      ['ham-1', 'spam-2'],
    ]);
    expect(poisoned).toEqual([]);
    expect(parts[0]!.scored.map(({ index }) => index)).toEqual([1]);
    expect(retries()).toBe(1);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([['warn', { messages: 2 }]]);
  });

  it('Dispatcher sends a batch again for as long as no thread can be started', async () => {
    const scorer = new TextScorer();
    let failures = 3;
    scorer.before = async () => {
      if (failures-- > 0)
        throw new SluiceError('SCORER_UNAVAILABLE', 'no thread is left', { retriable: true });
    };
    const { dispatcher, log, retries } = dispatcherOf(scorer);
    const { parts } = await dispatcher.score(batchOf(['spam-0']));
    expect(parts).toHaveLength(1);
    expect(retries()).toBe(3);
    expect(log.lines[0]!.fields).toMatchObject({ what: 'score' });
  });

  it('Dispatcher halves a batch that was lost twice, sends each half once, and a single message twice before it is a poison message', async () => {
    const scorer = new TextScorer();
    const { dispatcher } = dispatcherOf(scorer);
    await dispatcher.score(batchOf(['ham-0', 'ham-1', 'ham-2', 'kill-3']));
    expect(scorer.asked.slice(0, -1)).toEqual([
      ['ham-0', 'ham-1', 'ham-2', 'kill-3'],
      ['ham-0', 'ham-1', 'ham-2', 'kill-3'],
      ['ham-0', 'ham-1'],
      ['ham-2', 'kill-3'],
      ['ham-2'],
      ['kill-3'],
      ['kill-3'],
    ]);
  });

  it('Dispatcher finds the one poison message and scores the rest under their own indices', async () => {
    const scorer = new TextScorer();
    const texts = Array.from({ length: 100 }, (_, i) => (i === 37 ? 'kill-37' : `spam-${i}`));
    const { dispatcher, calls } = dispatcherOf(scorer);
    const { parts, poisoned } = await dispatcher.score(batchOf(texts));
    expect(poisoned).toEqual([37]);
    const scored = parts.flatMap((part) => part.scored);
    expect(scored.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      texts.flatMap((_, i) => (i === 37 ? [] : [i])),
    );
    expect(scored.every(({ index, message }) => message.message === texts[index])).toBe(true);
    expect(scorer.asked.length).toBeLessThan(25);
    expect(calls.filter(([method]) => method === 'batchScored')).toHaveLength(parts.length);
  });

  it('Dispatcher gives each message exactly one outcome, wherever the poison messages are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ham', 'ham', 'spam', 'broken', 'kill'), { minLength: 1, maxLength: 40 }),
        async (kinds) => {
          const texts = kinds.map((kind, i) => `${kind}-${i}`);
          const { dispatcher } = dispatcherOf(new TextScorer());
          const { parts, poisoned } = await dispatcher.score(batchOf(texts));
          const placesOf = (kind: string) => texts.flatMap((text, i) => (text.startsWith(kind) ? [i] : []));
          expect([...poisoned]).toEqual(placesOf('kill'));
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

  it('Dispatcher blames no message while threads die under harmless messages too', async () => {
    const scorer = new TextScorer();
    let deaths = 60;
    scorer.before = async () => {
      if (deaths-- > 0) throw lost();
    };
    const { dispatcher, clock, log } = dispatcherOf(scorer);
    const { parts, poisoned } = await dispatcher.score(batchOf(['spam-0', 'ham-1', 'spam-2', 'ham-3']));
    expect(poisoned).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([0, 2]);
    expect(clock.sleeps.length).toBeGreaterThan(0);
    expect(log.lines.map(({ fields }) => fields.what)).toContain('score');
  });

  it('Dispatcher throws that threads were lost if it is stopped while they die under harmless messages too', async () => {
    const scorer = new TextScorer();
    const giveUp = new AbortController();
    let deaths = 0;
    scorer.before = async () => {
      if (++deaths === 30) giveUp.abort();
      throw lost();
    };
    await expect(
      dispatcherOf(scorer, undefined, giveUp.signal).dispatcher.score(batchOf(['ham-0'])),
    ).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST', retriable: true });
  });

  it('Dispatcher tries a message that killed a thread alone a second time before it is a poison message', async () => {
    const scorer = new TextScorer();
    // As a whole, once more, and alone.
    let deaths = 3;
    scorer.before = async (texts) => {
      if (texts.includes('spam-1') && deaths-- > 0) throw lost();
    };
    const { dispatcher } = dispatcherOf(scorer);
    const { parts, poisoned } = await dispatcher.score(batchOf(['ham-0', 'spam-1']));
    expect(poisoned).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([1]);
  });

  it('Dispatcher reports time that the thread did not use as time in the queue, and never a negative one', async () => {
    for (const [seconds, queueSeconds] of [
      [10, 4],
      [5, 0],
    ] as const) {
      const answer = scoredOf(['ham-1'], false);
      const statistics = { ...answer.statistics, decodeSeconds: 1, featurizeSeconds: 2, inferSeconds: 3 };
      const slow: Scorer = {
        score: async () => {
          clock.seconds += seconds;
          return { ...answer, statistics };
        },
      };
      const { dispatcher, calls, clock } = dispatcherOf(slow);
      await dispatcher.score(batchOf(['ham-1']));
      expect(calls).toEqual([['batchScored', { model: 'model-1', queueSeconds, statistics }]]);
    }
  });

  it('Dispatcher throws an error that no retry can fix', async () => {
    const closed: Scorer = {
      score: async () => {
        throw new SluiceError('SCORER_CLOSED', 'closed');
      },
    };
    await expect(dispatcherOf(closed).dispatcher.score(batchOf(['ham-1']))).rejects.toMatchObject({
      code: 'SCORER_CLOSED',
    });
  });

  it('Dispatcher refuses an answer that leaves out a message', async () => {
    const forgetful: Scorer = { score: async () => scoredOf(['ham-1'], false) };
    await expect(dispatcherOf(forgetful).dispatcher.score(batchOf(['ham-1', 'ham-2']))).rejects.toMatchObject(
      {
        code: 'INTERNAL',
      },
    );
  });

  it('Dispatcher blames a message only if harmless ones pass every stage of the model, because early exit could skip the later stages', async () => {
    const scorer = new TextScorer();
    const probes: ScoreOptions[] = [];
    let ill = 3;
    const laterStageIsIll: Scorer = {
      score: async (batch, options) => {
        const isProbe = new TextDecoder().decode(batch[0]).includes('probe-0');
        if (isProbe) probes.push(options ?? {});
        if (isProbe && options?.exactScores === 'all' && ill-- > 0) throw lost();
        if (!isProbe && ill > 0) throw lost();
        return await scorer.score(batch, options);
      },
    };
    const { dispatcher, clock } = dispatcherOf(laterStageIsIll);
    const { parts, poisoned } = await dispatcher.score(batchOf(['spam-0', 'ham-1']));
    expect(poisoned).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([0]);
    expect(probes.length).toBeGreaterThan(3);
    expect(probes.every(({ exactScores }) => exactScores === 'all')).toBe(true);
    expect(clock.sleeps.length).toBeGreaterThan(0);
  });

  it('Dispatcher probes with messages of both classes, so that every stage scores something', async () => {
    const scorer = new TextScorer();
    const { dispatcher } = dispatcherOf(scorer);
    expect((await dispatcher.score(batchOf(['kill-0']))).poisoned).toEqual([0]);
    const probe = scorer.asked.at(-1)!.map((json) => readMessage(json));
    expect(probe.every(({ ok }) => ok)).toBe(true);
    const texts = probe.flatMap((read) => (read.ok ? [read.message.message] : []));
    for (const { message } of [...clearHam, ...clearSpam]) expect(texts).toContain(message);
  });
});

describe('a Dispatcher that guards against crashes of the process', () => {
  /** Suspects are the messages at these offsets; what is noted is written down. */
  class StandInJournal implements ScoringJournal {
    readonly notes: string[] = [];
    readonly #suspects: readonly number[];

    constructor(...suspects: readonly number[]) {
      this.#suspects = suspects;
    }

    begin({ topic, messages, nextOffset }: Batch): () => void {
      const what = `${topic} ${messages[0]!.offset}-${nextOffset}`;
      this.notes.push(`begin ${what}`);
      return () => this.notes.push(`end ${what}`);
    }

    suspectsIn() {
      return this.#suspects.length === 0 ? undefined : (offset: number) => this.#suspects.includes(offset);
    }
  }

  it('a Dispatcher with a scoring journal records a batch before it is scored, and its end, even if scoring fails', async () => {
    const scorer = new TextScorer();
    const journal = new StandInJournal();
    scorer.before = async () => {
      journal.notes.push('scored');
    };
    const { dispatcher } = dispatcherOf(scorer, { journal, alone: new TextScorer() });
    const { parts } = await dispatcher.score(batchOf(['ham-0', 'spam-1'], { start: 7 }));
    expect(journal.notes).toEqual(['begin chat 7-9', 'scored', 'end chat 7-9']);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([1]);
    scorer.before = async () => {
      throw new SluiceError('SCORER_CLOSED', 'closed');
    };
    await expect(dispatcher.score(batchOf(['ham-0'], { start: 9 }))).rejects.toThrow('closed');
    expect(journal.notes.slice(3)).toEqual(['begin chat 9-10', 'end chat 9-10']);
  });

  it('a Dispatcher with a scoring journal scores suspects alone and other messages as usual, each under its own index', async () => {
    const [threads, alone] = [new TextScorer(), new TextScorer()];
    const journal = new StandInJournal(11, 12, 15);
    const { dispatcher } = dispatcherOf(threads, { journal, alone });
    const texts = ['spam-0', 'spam-1', 'ham-2', 'spam-3', 'broken-4', 'spam-5'];
    const { parts, poisoned } = await dispatcher.score(batchOf(texts, { start: 10 }));
    expect(threads.asked).toEqual([['spam-0'], ['spam-3', 'broken-4']]);
    expect(alone.asked).toEqual([['spam-1', 'ham-2'], ['spam-5']]);
    expect(poisoned).toEqual([]);
    const scored = parts.flatMap((part) => part.scored);
    expect(scored.map(({ index, message }) => [index, message.message])).toEqual(
      [0, 1, 3, 5].map((index) => [index, texts[index]]),
    );
    expect(parts.flatMap(({ unreadable }) => unreadable.map(({ index }) => index))).toEqual([4]);
  });

  it('a Dispatcher with a scoring journal finds the poison message among suspects, and never gives a suspect to a thread', async () => {
    const [threads, alone] = [new TextScorer(), new TextScorer()];
    const texts = Array.from({ length: 700 }, (_, i) => (i === 300 ? 'kill-300' : `spam-${i}`));
    const journal = new StandInJournal(...texts.keys());
    const { dispatcher } = dispatcherOf(threads, { journal, alone });
    const { parts, poisoned } = await dispatcher.score(batchOf(texts));
    expect(poisoned).toEqual([300]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index)).sort((a, b) => a - b)).toEqual(
      [...texts.keys()].filter((index) => index !== 300),
    );
    expect(threads.asked).toEqual([]);
    expect(Math.max(...alone.asked.map((batch) => batch.length))).toBe(64);
  });

  it('a Dispatcher with a scoring journal blames no suspect while the process dies under harmless messages too', async () => {
    const [threads, alone] = [new TextScorer(), new TextScorer()];
    let deaths = 30;
    alone.before = async () => {
      if (deaths-- > 0) throw lost();
    };
    const { dispatcher } = dispatcherOf(threads, { journal: new StandInJournal(0, 1), alone });
    const { parts, poisoned } = await dispatcher.score(batchOf(['spam-0', 'spam-1']));
    expect(poisoned).toEqual([]);
    expect(parts.flatMap(({ scored }) => scored.map(({ index }) => index))).toEqual([0, 1]);
  });
});
