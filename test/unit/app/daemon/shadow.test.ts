import { afterEach, describe, expect, it } from 'vitest';
import { Shadow, type ShadowSettings } from '../../../../src/app/daemon/shadow.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { ScoredBatch } from '../../../../src/core/scored-batch.ts';
import type { VerdictName } from '../../../../src/core/verdict.ts';
import type { LocalModel } from '../../../../src/ports/model-store.ts';
import type { ScoreOptions } from '../../../../src/ports/scorer.ts';
import type { ShadowStore } from '../../../../src/ports/shadow-store.ts';
import { scoredBatch, scoredMessage } from '../../decide/simulated-models.ts';
import { RecordingLog, recordingTelemetry, TurnClock, turn } from '../../pipeline/fakes.ts';

/** Time passes only where a test lets it. */
class StillClock extends TurnClock {
  override sleep(_seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) resolve();
      else signal?.addEventListener('abort', () => resolve());
    });
  }
}

type Added = Parameters<ShadowStore['add']>[0];

class Harness {
  readonly clock = new StillClock();
  readonly log = new RecordingLog();
  readonly telemetry = recordingTelemetry();
  readonly added: Added[] = [];
  readonly fetched: string[] = [];
  readonly asked: (ScoreOptions | undefined)[] = [];
  readonly shadow: Shadow;
  /** What the shadow calls the messages that it gets. */
  verdicts: readonly VerdictName[] = [];
  /** Awaited by each call of the shadow's scorer. */
  before: () => Promise<void> = async () => {};
  fetch: (version: string) => Promise<LocalModel> = async (version) => ({
    version,
    path: '',
    sha256: version,
  });

  constructor(settings: Partial<ShadowSettings> = {}) {
    this.shadow = new Shadow(
      { version: 'shadow', share: 0.5, keep: 10, keepDays: 30, ...settings },
      {
        store: { add: async (found) => void this.added.push(found), expire: async () => 0 },
        fetch: (version) => {
          this.fetched.push(version);
          return this.fetch(version);
        },
        scorer: {
          score: async (batch) => {
            await this.before();
            const verdicts = batch.map((bytes) => {
              const { message_id } = JSON.parse(new TextDecoder().decode(bytes)) as { message_id: string };
              return this.verdicts[Number(message_id)] ?? 'ham';
            });
            const result = scoredBatch('shadow', verdicts);
            const scored = verdicts.map((verdict, index) => scoredMessage(index, verdict));
            return { ...result, scored };
          },
        },
        telemetry: this.telemetry.telemetry,
        clock: this.clock,
        log: this.log,
      },
    );
    harnesses.push(this);
  }

  async start(): Promise<void> {
    this.shadow.start();
    for (let i = 0; i < 5; i++) await turn();
  }

  /** The active model calls them so; the odd ones are in the sample. */
  async score(...verdicts: readonly VerdictName[]): Promise<ScoredBatch> {
    const scorer = this.shadow.over({
      score: async (_, options) => {
        this.asked.push(options);
        const all = verdicts.map((verdict, index) => scoredMessage(index, verdict));
        return {
          ...scoredBatch('active', verdicts),
          scored: all.filter(({ verdict, index }) => verdict !== 'ham' || index % 2 === 1),
          sampled: all.map(({ index }) => index).filter((index) => index % 2 === 1),
        };
      },
    });
    return await scorer.score([]);
  }

  events(name: string) {
    return this.telemetry.calls.filter(([method]) => method === name).map(([, value]) => value);
  }

  async written(): Promise<Added> {
    await this.shadow.whenIdle();
    await this.shadow.stop();
    return {
      counts: this.added.flatMap(({ counts }) => counts),
      disagreements: this.added.flatMap(({ disagreements }) => disagreements),
      keep: this.added[0]?.keep ?? 0,
    };
  }
}

const harnesses: Harness[] = [];
afterEach(async () => {
  for (const { shadow } of harnesses.splice(0)) await shadow.stop();
});

describe('Shadow', () => {
  it('a shadow scores the sample, also ham, and writes down counts and where it differs, with the reasons of both', async () => {
    const harness = new Harness();
    await harness.start();
    harness.verdicts = ['ham', 'spam', 'ham', 'spam', 'ham', 'ham'];
    const result = await harness.score('spam', 'ham', 'ham', 'spam', 'ham', 'ham');
    expect(harness.asked).toEqual([{ sample: 0.5 }]);
    expect(result.statistics).toMatchObject({ spam: 2, ham: 4 });
    const { counts, disagreements, keep } = await harness.written();
    const models = { active: 'active', shadow: 'shadow' };
    expect(counts).toEqual([
      { ...models, activeVerdict: 'ham', shadowVerdict: 'spam', messages: 1 },
      { ...models, activeVerdict: 'spam', shadowVerdict: 'spam', messages: 1 },
      { ...models, activeVerdict: 'ham', shadowVerdict: 'ham', messages: 1 },
    ]);
    expect(disagreements).toMatchObject([
      {
        message_id: '1',
        models,
        active: { verdict: 'ham' },
        shadow: { verdict: 'spam', reasons: ['w:free'] },
      },
    ]);
    expect(keep).toBe(10);
  });

  it('without a version nothing is sampled and no model is fetched', async () => {
    const harness = new Harness({ version: '' });
    await harness.start();
    await harness.score('ham', 'spam');
    expect(harness.asked).toEqual([{}]);
    expect(harness.fetched).toEqual([]);
  });

  it('nothing is sampled before the model has passed its check, and a refused one is not tried again', async () => {
    const harness = new Harness();
    harness.fetch = async () => {
      throw new SluiceError('MODEL_REFUSED', 'planted');
    };
    await harness.start();
    harness.clock.seconds += 1000;
    await turn();
    await harness.score('ham', 'spam');
    expect(harness.asked).toEqual([{}]);
    expect(harness.fetched).toEqual(['shadow']);
    expect(harness.log.lines).toMatchObject([{ level: 'warn', fields: { shadow: 'shadow' } }]);
  });

  it('the pipeline does not wait for a shadow that hangs: what is more than its queue holds is left out and counted', async () => {
    const harness = new Harness();
    await harness.start();
    let release = () => {};
    harness.before = () => new Promise((resolve) => (release = resolve));
    for (let i = 0; i < 60; i++) await harness.score(...Array<VerdictName>(100).fill('ham'));
    const leftOut = harness
      .events('shadowLeftOut')
      .reduce<number>((sum, value) => sum + (value as [string, number])[1], 0);
    // 50 a batch are in the sample; 2,000 wait, and 64 are being scored.
    expect(leftOut).toBe(60 * 50 - 2000 - 50);
    harness.before = async () => {};
    release();
    await harness.shadow.whenIdle();
  });

  it('a shadow that fails disturbs nobody: the batch is as it was, the messages are counted, and for a while nothing is sampled', async () => {
    const harness = new Harness();
    await harness.start();
    harness.before = async () => {
      throw new SluiceError('SCORER_THREAD_LOST', 'planted', { retriable: true });
    };
    expect((await harness.score('ham', 'spam')).statistics).toMatchObject({ spam: 1, ham: 1 });
    await harness.shadow.whenIdle();
    expect(harness.events('shadowLeftOut')).toEqual([['failed', 1]]);
    await harness.score('ham', 'spam');
    expect(harness.asked.at(-1)).toEqual({});
    harness.clock.seconds += 31;
    harness.before = async () => {};
    await harness.score('ham', 'spam');
    expect(harness.asked.at(-1)).toEqual({ sample: 0.5 });
  });

  it('changed settings take effect: another share at once, another version when it is there, none at once', async () => {
    const harness = new Harness();
    await harness.start();
    const settings = { version: 'shadow', share: 0.1, keep: 10, keepDays: 30 };
    harness.shadow.use(settings);
    await harness.score('ham');
    harness.shadow.use({ ...settings, version: 'other' });
    await harness.score('ham');
    for (let i = 0; i < 5; i++) await turn();
    await harness.score('ham');
    harness.shadow.use({ ...settings, version: '' });
    await harness.score('ham');
    expect(harness.asked).toEqual([{ sample: 0.1 }, {}, { sample: 0.1 }, {}]);
    expect(harness.fetched).toEqual(['shadow', 'other']);
  });
});
