import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { batchOf, ListSource, retriable, turn } from './fakes.ts';
import { batches, gate, lineOf, until } from './test-pipeline.ts';

describe('Pipeline', () => {
  it('Pipeline brings every batch to its outcomes, commits to the end and closes the source', async () => {
    const source = new ListSource(batches(20));
    const { pipeline, sinks } = lineOf(source);
    await pipeline.start();
    await pipeline.run();
    expect(sinks.published.map(({ message_id }) => message_id).sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `spam-${i}`).sort(),
    );
    expect(source.committed()).toBe(40);
    expect(source.log.at(-1)).toBe('close');
    expect(pipeline.state).toBe('stopped');
  });

  it('Pipeline has several batches in flight, never more than allowed, and pulls no more meanwhile', async () => {
    const source = new ListSource(batches(50));
    const { pipeline, scorer } = lineOf(source, { maxInFlight: 4 });
    const { opened, open } = gate();
    scorer.before = () => opened;
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => scorer.running === 4);
    for (let i = 0; i < 20; i++) await turn();
    expect([source.pulled, pipeline.inFlight]).toEqual([4, 4]);
    open();
    await ran;
    expect([scorer.mostRunning, source.pulled, pipeline.inFlight]).toEqual([4, 50, 0]);
  });

  it('Pipeline commits no offset before all messages below it are settled', async () => {
    const source = new ListSource(batches(3), false);
    const { pipeline, scorer } = lineOf(source);
    const { opened, open } = gate();
    scorer.before = (texts) => (texts.includes('spam-1') ? opened : Promise.resolve());
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.committed() === 2);
    for (let i = 0; i < 50; i++) await turn();
    expect(source.committed()).toBe(2);
    open();
    await until(() => source.committed() === 6);
    await pipeline.drain();
    await ran;
  });

  it('Pipeline commits only after the sinks were flushed', async () => {
    const source = new ListSource(batches(1));
    const { pipeline, sinks } = lineOf(source, { traced: true });
    const order: string[] = [];
    sinks.fail = (what) => void order.push(what);
    source.failCommit = () => void order.push('commit');
    await pipeline.start();
    await pipeline.run();
    const flushes = ['flush verdicts', 'flush deadLetters', 'flush trace'];
    expect(order.filter((what) => what === 'commit')).toHaveLength(1);
    for (const flush of flushes) {
      expect(order.indexOf(flush)).toBeGreaterThan(order.lastIndexOf('publish trace'));
      expect(order.indexOf(flush)).toBeLessThan(order.indexOf('commit'));
    }
  });

  it('Pipeline does not commit offsets that settle while the sinks are being flushed', async () => {
    const source = new ListSource(batches(2), false);
    const { pipeline, scorer, sinks } = lineOf(source);
    const { opened, open } = gate();
    scorer.before = (texts) => (texts.includes('spam-1') ? opened : Promise.resolve());
    sinks.fail = async (what) => {
      if (what !== 'flush verdicts' || source.commits.length > 0) return;
      open();
      await until(() => pipeline.inFlight === 0);
    };
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.commits.length > 0);
    expect(source.committed()).toBe(2);
    await pipeline.drain();
    await ran;
    expect(source.committed()).toBe(4);
  });

  it('Pipeline commits nothing while a flush fails, and everything when it succeeds again', async () => {
    const source = new ListSource(batches(2), false);
    const { pipeline, sinks, calls } = lineOf(source);
    let away = true;
    sinks.fail = (what) => {
      if (what === 'flush verdicts' && away) throw retriable();
    };
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => calls.filter(([method]) => method === 'batchRetried').length > 3);
    expect(source.commits).toEqual([]);
    away = false;
    await until(() => source.committed() === 4);
    await pipeline.drain();
    await ran;
  });

  it('Pipeline commits on a timer while it runs', async () => {
    const source = new ListSource(batches(5), false);
    const { pipeline } = lineOf(source);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.committed() === 10);
    expect(pipeline.state).toBe('running');
    await pipeline.drain();
    await ran;
  });

  it('Pipeline commits what is settled when its source reports that partitions are about to be revoked', async () => {
    const source = new ListSource(batches(3), false);
    const { pipeline } = lineOf(source, { commitIntervalSeconds: 1e9 });
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.pulled === 3 && pipeline.inFlight === 0);
    const before = source.commits.length;
    await source.events!.revoking!();
    expect([before, source.committed()]).toEqual([0, 6]);
    await pipeline.drain();
    await ran;
  });

  it('Pipeline pulls nothing while commits have failed for too long, and continues when one succeeds', async () => {
    const source = new ListSource(batches(200), false);
    const { pipeline, clock, scorer } = lineOf(source, { maxInFlight: 1, maxCommitFailureSeconds: 5 });
    scorer.before = () => clock.sleep(1);
    let isAway = true;
    source.failCommit = () => {
      if (isAway) throw retriable();
    };
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => clock.seconds > 1100);
    expect(pipeline.health().commitsFailingSeconds).toBeGreaterThan(5);
    expect(source.pulled).toBeLessThan(30);
    isAway = false;
    await until(() => source.committed() === 400);
    await pipeline.drain();
    await ran;
  });

  it('Pipeline drains: pulls nothing new, finishes what is in flight, commits it, then closes', async () => {
    const source = new ListSource(batches(100));
    const { pipeline, scorer, sinks } = lineOf(source, { maxInFlight: 3 });
    const { opened, open } = gate();
    scorer.before = () => opened;
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => scorer.running === 3);
    const drained = pipeline.drain();
    for (let i = 0; i < 20; i++) await turn();
    expect(source.log).toEqual(['open']);
    open();
    await Promise.all([ran, drained, pipeline.drain()]);
    expect([source.pulled, sinks.published.length, source.committed()]).toEqual([3, 3, 6]);
    expect(source.log.slice(-2)).toEqual(['commit', 'close']);
    expect(pipeline.state).toBe('stopped');
  });

  it('Pipeline can be drained before it runs, or while its source is opening', async () => {
    const unopened = lineOf(new ListSource([]));
    await unopened.pipeline.drain();
    expect(unopened.pipeline.state).toBe('stopped');

    const source = new ListSource(batches(3));
    const opening = lineOf(source);
    const started = opening.pipeline.start();
    await Promise.all([started, opening.pipeline.drain()]);
    expect([source.pulled, opening.pipeline.state, source.log]).toEqual([0, 'stopped', ['open', 'close']]);
  });

  it('Pipeline fails as a whole after an error that no retry can fix, and commits only what settled before it', async () => {
    const source = new ListSource(batches(5), false);
    const { pipeline, scorer, log } = lineOf(source);
    scorer.before = async (texts) => {
      if (texts.includes('spam-2')) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed');
    };
    await pipeline.start();
    await expect(pipeline.run()).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
    expect(source.committed()).toBe(4);
    expect([pipeline.state, source.log.at(-1)]).toEqual(['failed', 'close']);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('Pipeline does not wait for an unavailable sink when it fails', async () => {
    const source = new ListSource(batches(3), false);
    const { pipeline, scorer, sinks } = lineOf(source);
    sinks.fail = (what) => {
      if (what === 'publish verdicts') throw retriable();
    };
    scorer.before = async (texts) => {
      if (texts.includes('spam-2')) throw new TypeError('a bug');
    };
    await pipeline.start();
    await expect(pipeline.run()).rejects.toThrow('a bug');
    expect(source.commits).toEqual([]);
  });

  it('Pipeline fails when its source cannot be opened', async () => {
    const source = new ListSource([]);
    source.open = async () => {
      throw new SluiceError('SOURCE_FAILED', 'no such folder');
    };
    const { pipeline } = lineOf(source);
    await expect(pipeline.start()).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
    expect(pipeline.state).toBe('failed');
  });

  it('Pipeline continues after its source was unavailable for a while', async () => {
    const source = new ListSource(batches(3));
    let failures = 4;
    source.failPull = () => {
      if (failures-- > 0) throw new SluiceError('SOURCE_FAILED', 'away', { retriable: true });
    };
    const { pipeline, log } = lineOf(source);
    await pipeline.start();
    await pipeline.run();
    expect(source.committed()).toBe(6);
    expect(log.lines.find(({ level }) => level === 'warn')!.fields).toMatchObject({ what: 'pull' });
  });

  it('Pipeline stops in good order while its source is unavailable', async () => {
    const source = new ListSource([]);
    source.failPull = () => {
      throw new SluiceError('SOURCE_FAILED', 'away', { retriable: true });
    };
    const { pipeline, clock } = lineOf(source);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => clock.sleeps.length > 5);
    await pipeline.drain();
    await ran;
    expect(pipeline.state).toBe('stopped');
  });

  it('Pipeline commits no offset of an assignment epoch that was revoked while its batch was in flight', async () => {
    const source = new ListSource(
      [batchOf(['spam-0'], { epoch: 1 }), batchOf(['spam-0', 'ham-1'], { epoch: 2 })],
      false,
    );
    const { pipeline, scorer } = lineOf(source);
    const { opened, open } = gate();
    scorer.before = (texts) => (texts.length === 1 ? opened : Promise.resolve());
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => scorer.running === 1);
    source.events!.revoked({ topic: 'chat', partition: 0 }, 1);
    open();
    await until(() => source.committed() !== undefined);
    await pipeline.drain();
    await ran;
    expect(source.commits.flat().map(({ nextOffset }) => nextOffset)).toEqual([2]);
  });

  it('Pipeline requests details of every message from the scorer only if there is an outcome log', async () => {
    for (const traced of [false, true]) {
      const { pipeline, scorer, sinks } = lineOf(new ListSource(batches(1)), { traced });
      await pipeline.start();
      await pipeline.run();
      expect(scorer.options?.every ?? false).toBe(traced);
      expect(sinks.traced.map(({ outcome }) => outcome)).toEqual(traced ? ['spam', 'ham'] : []);
    }
  });

  it('Pipeline reports each batch once, and each state', async () => {
    const { pipeline, calls } = lineOf(new ListSource(batches(4)));
    await pipeline.start();
    await pipeline.run();
    const count = (name: string) => calls.filter(([method]) => method === name).length;
    expect([count('batchPulled'), count('batchScored'), count('batchRouted')]).toEqual([4, 4, 4]);
    expect(calls.filter(([method]) => method === 'stateEntered').map(([, state]) => state)).toEqual([
      'starting',
      'running',
      'draining',
      'stopped',
    ]);
  });
});
