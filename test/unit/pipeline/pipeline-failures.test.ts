import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { PipelineOptions } from '../../../src/pipeline/pipeline.ts';
import { batchOf, ListSource, retriable, turn } from './fakes.ts';
import { batches, gate, lineOf, until } from './test-pipeline.ts';

const bug = () => {
  throw new TypeError('a bug');
};

/** Runs it, drains it once it has nothing more to pull, and returns what it threw. */
async function runToTheEnd(source: ListSource, options: Partial<PipelineOptions> = {}) {
  const line = lineOf(source, options);
  await line.pipeline.start();
  const thrown = await line.pipeline.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  const states = line.calls.filter(([method]) => method === 'stateEntered').map(([, state]) => state);
  return { ...line, thrown, states };
}

describe('a source that throws what no retry can repair', () => {
  it('a pipeline fails if a pull of its source throws an error that no retry can fix, and commits what was pulled before', async () => {
    const source = new ListSource(batches(3), false);
    source.failPull = () => (source.pulled === 3 ? bug() : undefined);
    const { thrown, states, log } = await runToTheEnd(source);
    expect(thrown).toMatchObject({ message: 'a bug' });
    expect(source.committed()).toBe(6);
    expect(states).toEqual(['starting', 'running', 'failed']);
    expect(log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([
      { error: 'a bug' },
    ]);
  });

  it('a pipeline fails if its source throws an error that no retry can fix while it drains', async () => {
    const source = new ListSource([]);
    let isPulling = false;
    source.pull = (signal) => {
      isPulling = true;
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new TypeError('a bug'))),
      );
    };
    const line = lineOf(source);
    await line.pipeline.start();
    const ran = line.pipeline.run();
    await until(() => isPulling);
    const drained = line.pipeline.drain();
    await expect(Promise.all([ran, drained])).rejects.toThrow('a bug');
  });

  it('a pipeline fails if a commit or the close of its source throws an error that no retry can fix', async () => {
    const refusing = new ListSource(batches(1));
    refusing.failCommit = bug;
    expect((await runToTheEnd(refusing)).thrown).toMatchObject({ message: 'a bug' });
    const unclosable = new ListSource(batches(1));
    unclosable.close = async () => bug();
    const { thrown, states } = await runToTheEnd(unclosable);
    expect(thrown).toMatchObject({ message: 'a bug' });
    expect(states.at(-1)).toBe('failed');
  });
});

describe('a pipeline', () => {
  it('Pipeline commits nothing of an assignment that was revoked while its batch was in flight', async () => {
    const source = new ListSource(batches(1), false);
    const { pipeline, scorer } = lineOf(source);
    const { opened, open } = gate();
    scorer.before = () => opened;
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => scorer.running === 1);
    source.events!.revoked({ topic: 'chat', partition: 0 }, 1);
    open();
    await until(() => pipeline.inFlight === 0);
    await pipeline.drain();
    await ran;
    expect(source.commits).toEqual([]);
  });

  it('Pipeline gives up at once if the time limit of its drain has passed before it begins', async () => {
    const source = new ListSource(batches(1), false);
    const { pipeline, sinks } = lineOf(source);
    sinks.fail = () => {
      throw retriable();
    };
    await pipeline.start();
    const ran = pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => source.pulled === 1);
    await expect(pipeline.drain(AbortSignal.abort())).rejects.toMatchObject({ code: 'DRAIN_TIMEOUT' });
    expect(await ran).toMatchObject({ code: 'DRAIN_TIMEOUT' });
  });

  it('Pipeline ignores the time limit of a drain once it has drained', async () => {
    const { pipeline, log } = lineOf(new ListSource(batches(1), false));
    await pipeline.start();
    const ran = pipeline.run();
    const giveUp = new AbortController();
    await pipeline.drain(giveUp.signal);
    await ran;
    expect(getEventListeners(giveUp.signal, 'abort')).toEqual([]);
    giveUp.abort();
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('Pipeline logs what it no longer waits for, with the number of remaining batches', async () => {
    const never = new Promise<never>(() => {});
    // Of the two, one is never settled, and the other never committed.
    const source = new ListSource([batchOf(['spam-0']), batchOf(['ham-0'], { partition: 1 })]);
    const pull = source.pull.bind(source);
    source.pull = async (signal) => (await pull(signal)) ?? (await never);
    source.commit = () => never;
    source.close = () => never;
    const { pipeline, sinks, log } = lineOf(source);
    sinks.fail = (what) => (what === 'publish verdicts' || what.startsWith('flush') ? never : undefined);
    await pipeline.start();
    const ran = pipeline.run().catch((thrown: unknown) => thrown);
    await until(() => sinks.log.includes('publish verdicts') && pipeline.inFlight === 1);
    const drained = pipeline.drain(AbortSignal.abort()).catch((thrown: unknown) => thrown);
    await Promise.all([ran, drained]);
    const given = log.lines
      .filter(({ fields }) => 'what' in fields)
      .map(({ level, fields }) => [level, fields]);
    expect(given).toEqual([
      ['error', { what: 'the pull', batches: 1 }],
      ['error', { what: 'the sinks', batches: 1 }],
      ['error', { what: 'the last commit', batches: 1 }],
      ['error', { what: 'the closing of the source', batches: 1 }],
    ]);
  });

  it('Pipeline counts each retry by the step that is retried', async () => {
    const source = new ListSource(batches(1));
    const failing = new Set(['score', 'publish verdicts', 'commit']);
    const fail = (what: string) => {
      if (failing.delete(what)) throw retriable();
    };
    const line = lineOf(source, { commitIntervalSeconds: 1e9 });
    line.scorer.before = async () => {
      if (failing.delete('score')) throw new SluiceError('SCORER_UNAVAILABLE', 'none', { retriable: true });
    };
    line.sinks.fail = fail;
    source.failCommit = () => fail('commit');
    await line.pipeline.start();
    await line.pipeline.run();
    const retried = line.calls.filter(([method]) => method === 'batchRetried').map(([, stage]) => stage);
    expect(retried.slice(0, 2)).toEqual(['score', 'route']);
    expect(new Set(retried)).toEqual(new Set(['score', 'route', 'commit']));
  });

  it('Pipeline counts each batch with its messages, and no tombstones if there are none', async () => {
    const { calls } = await runToTheEnd(new ListSource(batches(1)));
    expect(calls.filter(([method]) => method === 'tombstonesSkipped')).toEqual([]);
    expect(calls).toContainEqual(['batchPulled', { messages: 2, inFlight: 1 }]);
  });

  it('Pipeline names the file of refused records among the sinks that accept nothing', async () => {
    const { pipeline, sinks } = lineOf(new ListSource([batchOf(['spam-0'])], false));
    let isFull = true;
    sinks.refuse = () => [{ index: 0, reason: 'too large' }];
    sinks.fail = (what) => {
      if (what === 'write refused' && isFull) throw retriable();
    };
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => sinks.log.includes('write refused'));
    expect(pipeline.health().sinkWaits.map(({ sink }) => sink)).toEqual(['refused']);
    isFull = false;
    await pipeline.drain();
    await ran;
  });
});

describe('a pull', () => {
  it('a pull is not interrupted when a partition has room again of which it has skipped nothing', async () => {
    const source = new ListSource(batches(4), false);
    const pull = source.pull.bind(source);
    const signals: AbortSignal[] = [];
    source.pull = (signal, skip) => {
      signals.push(signal);
      return pull(signal, skip);
    };
    const { pipeline, sinks } = lineOf(source, { maxInFlight: 1 });
    const { opened, open } = gate();
    sinks.fail = (what) => (what === 'publish verdicts' ? opened : undefined);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => signals.length === 5);
    open();
    await until(() => source.committed() === 8);
    for (let i = 0; i < 5; i++) await turn();
    expect(signals).toHaveLength(5);
    await pipeline.drain();
    await ran;
    // What has ended is not ended again by the drain.
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false, false, true]);
  });
});
