import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { batchOf, ListSource, retriable, turn } from './fakes.ts';
import { batches, gate, lineOf, until } from './test-pipeline.ts';

const never = new Promise<void>(() => {});

/** Ends a running pipeline by a drain whose time is over. */
async function drainLate({ pipeline }: ReturnType<typeof lineOf>): Promise<unknown> {
  const giveUp = new AbortController();
  const drained = pipeline.drain(giveUp.signal).catch((thrown: unknown) => thrown);
  for (let i = 0; i < 20; i++) await turn();
  expect(pipeline.state).toBe('draining');
  giveUp.abort();
  return await drained;
}

describe('a drain that cannot end in time', () => {
  it('a drain that cannot end in time is given up, and settled offsets are committed', async () => {
    const source = new ListSource(batches(2), false);
    const { pipeline, sinks, scorer } = lineOf(source);
    scorer.before = async (texts) => {
      if (texts.includes('spam-1')) await until(() => sinks.published.length === 1);
    };
    await pipeline.start();
    const ran = pipeline.run();
    ran.catch(() => {});
    sinks.fail = (what) => {
      if (what === 'publish verdicts' && sinks.published.length === 1) throw retriable();
    };
    await until(() => sinks.published.length === 1);
    const late = new AbortController();
    const drained = pipeline.drain(late.signal);
    for (let i = 0; i < 20; i++) await turn();
    expect(pipeline.state).toBe('draining');
    late.abort();
    await expect(drained).rejects.toMatchObject({ code: 'DRAIN_TIMEOUT' });
    await expect(ran).rejects.toMatchObject({ code: 'DRAIN_TIMEOUT' });
    expect(source.committed()).toBe(2);
    expect([pipeline.state, source.log.at(-1)]).toEqual(['failed', 'close']);
  });

  it.each(['publish verdicts', 'publish deadLetters', 'publish trace', 'add reviews'])(
    'a drain that cannot end in time gives up a sink that never answers, commits what others have settled, and closes the source: %s',
    async (step) => {
      const kinds = ['spam', 'broken', 'review'];
      const source = new ListSource(
        [
          batchOf(['ham-0'], { partition: 0 }),
          ...kinds.map((kind, i) => batchOf([`${kind}-1`], { partition: 1 + i })),
        ],
        false,
      );
      const line = lineOf(source, { traced: true, maxInFlight: 10, commitIntervalSeconds: 1e9 });
      line.sinks.fail = (what) =>
        what === step && (step !== 'publish trace' || line.sinks.traced.length > 0) ? never : undefined;
      line.clock.sleep = async (seconds, signal) => {
        if (seconds < 1e6) await turn();
        else await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      };
      await line.pipeline.start();
      const ran = line.pipeline.run().catch((thrown: unknown) => thrown);
      await until(() => line.scorer.asked.length === 4 && line.sinks.log.includes(step));
      expect(await drainLate(line)).toMatchObject({ code: 'DRAIN_TIMEOUT', retriable: true });
      expect(await ran).toMatchObject({ code: 'DRAIN_TIMEOUT' });
      expect(source.commits.flat().length).toBeGreaterThanOrEqual(1);
      expect(source.commits.flat().length).toBeLessThan(4);
      expect([line.pipeline.state, source.log.at(-1)]).toEqual(['failed', 'close']);
    },
  );

  it('a drain that cannot end in time ends without a commit if a flush never ends', async () => {
    const source = new ListSource(batches(2), false);
    const line = lineOf(source);
    line.sinks.fail = (what) => (what === 'flush deadLetters' ? never : undefined);
    await line.pipeline.start();
    const ran = line.pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => line.sinks.log.includes('flush deadLetters'));
    expect(await drainLate(line)).toMatchObject({ code: 'DRAIN_TIMEOUT' });
    expect(await ran).toMatchObject({ code: 'DRAIN_TIMEOUT' });
    expect([source.commits, source.log.at(-1)]).toEqual([[], 'close']);
  });

  it('a drain that cannot end in time ends even if the source never ends its pull, its commit and its close', async () => {
    const source = new ListSource([batchOf(['spam-0'])]);
    const pull = source.pull.bind(source);
    source.pull = async (signal) => (await pull(signal)) ?? (await never.then(() => undefined));
    source.commit = () => never;
    source.close = () => never;
    const { pipeline } = lineOf(source);
    await pipeline.start();
    const ran = pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => source.pulled === 1);
    const giveUp = new AbortController();
    const drained = pipeline.drain(giveUp.signal).catch((thrown: unknown) => thrown);
    giveUp.abort();
    expect(await drained).toMatchObject({ code: 'DRAIN_TIMEOUT' });
    expect(await ran).toMatchObject({ code: 'DRAIN_TIMEOUT' });
  });

  it('a drain that cannot end in time still waits for what is being scored, however long that takes', async () => {
    const source = new ListSource(batches(1), false);
    const line = lineOf(source);
    const scoring = gate();
    line.scorer.before = () => scoring.opened;
    await line.pipeline.start();
    const ran = line.pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => line.scorer.running === 1);
    const drained = drainLate(line);
    for (let i = 0; i < 100; i++) await turn();
    expect(source.log).toEqual(['open']);
    scoring.open();
    await Promise.all([drained, ran]);
    expect(source.log.at(-1)).toBe('close');
  });

  it('a drain that cannot end in time accepts no batch that arrives after it was given up', async () => {
    const source = new ListSource([]);
    const late = gate();
    let isPulling = false;
    source.pull = async () => {
      isPulling = true;
      await late.opened;
      return batchOf(['spam-0']);
    };
    const line = lineOf(source);
    await line.pipeline.start();
    const ran = line.pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => isPulling);
    const giveUp = new AbortController();
    const drained = line.pipeline.drain(giveUp.signal).catch((thrown: unknown) => thrown);
    giveUp.abort();
    await Promise.all([drained, ran]);
    late.open();
    for (let i = 0; i < 20; i++) await turn();
    expect([line.scorer.asked, line.pipeline.inFlight]).toEqual([[], 0]);
  });

  it('a drain that ends before its deadline is not late', async () => {
    const source = new ListSource(batches(2), false);
    const { pipeline } = lineOf(source);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.pulled === 2);
    const giveUp = new AbortController();
    await pipeline.drain(giveUp.signal);
    giveUp.abort();
    await ran;
    expect([pipeline.state, source.committed()]).toEqual(['stopped', 4]);
  });
});

it('an error that no retry can fix does not make the pipeline wait for a sink that never answers', async () => {
  const source = new ListSource(batches(3), false);
  const { pipeline, scorer, sinks } = lineOf(source);
  sinks.fail = (what) => (what === 'publish verdicts' ? never : undefined);
  scorer.before = async (texts) => {
    if (texts.includes('spam-2')) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed');
  };
  await pipeline.start();
  await expect(pipeline.run()).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
  expect([pipeline.state, source.log.at(-1)]).toEqual(['failed', 'close']);
});
