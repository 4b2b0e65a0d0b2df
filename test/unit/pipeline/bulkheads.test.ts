import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { batchOf, ListSource, turn } from './fakes.ts';
import { batches, gate, lineOf, until } from './test-pipeline.ts';

/** `count` batches of one message each, of one partition. */
function ofPartition(partition: number, kind: string, count: number) {
  return Array.from({ length: count }, (_, i) =>
    batchOf([`${kind}-${partition}-${i}`], { partition, start: i }),
  );
}

const spoolFull = () => {
  throw new SluiceError('STORE_FAILED', 'the spool is full', { retriable: true });
};

describe('a sink that accepts nothing', () => {
  it('a sink that accepts nothing blocks only the partitions that need it: verdicts of others are published and committed', async () => {
    const source = new ListSource([
      ...ofPartition(0, 'review', 40),
      ...ofPartition(1, 'spam', 40),
      ...ofPartition(2, 'ham', 40),
    ]);
    const { pipeline, sinks } = lineOf(source, { maxInFlight: 2 });
    let isFull = true;
    sinks.fail = (what) => (what === 'add reviews' && isFull ? spoolFull() : undefined);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.committed('chat', 1) === 40 && source.committed('chat', 2) === 40);
    expect(sinks.published).toHaveLength(40);
    expect([source.committed('chat', 0), pipeline.inFlight]).toEqual([undefined, 8]);
    isFull = false;
    await ran;
    expect([source.committed('chat', 0), sinks.items.length]).toEqual([40, 40]);
  });

  it('a sink that accepts nothing delays messages of one partition only until it accepts a batch before them', async () => {
    const source = new ListSource([...ofPartition(0, 'review', 1), ...ofPartition(0, 'spam', 4)], false);
    const { pipeline, sinks } = lineOf(source);
    let isFull = true;
    sinks.fail = (what) => (what === 'add reviews' && isFull ? spoolFull() : undefined);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => sinks.published.length === 4);
    for (let i = 0; i < 20; i++) await turn();
    expect(source.commits).toEqual([]);
    isFull = false;
    await until(() => source.committed() === 4);
    await pipeline.drain();
    await ran;
  });

  it('a sink that accepts nothing leaves scoring slots to other batches', async () => {
    const source = new ListSource(batches(50));
    const { pipeline, sinks, scorer } = lineOf(source, { maxInFlight: 2 });
    const { opened, open } = gate();
    sinks.fail = (what) => (what === 'publish verdicts' ? opened : undefined);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => source.pulled === 8);
    for (let i = 0; i < 20; i++) await turn();
    expect([source.pulled, scorer.running, pipeline.inFlight]).toEqual([8, 0, 8]);
    expect(scorer.mostRunning).toBeLessThanOrEqual(2);
    open();
    await ran;
    expect(source.committed()).toBe(100);
  });

  it('a sink that accepts nothing never lets more into memory than the budget, except a larger batch alone', async () => {
    const source = new ListSource(
      Array.from({ length: 30 }, (_, i) => batchOf([`spam-${'x'.repeat(95)}`], { partition: i })),
    );
    const { pipeline, sinks, budget } = lineOf(source, { maxInFlight: 50, budgetBytes: 250 });
    const { opened, open } = gate();
    sinks.fail = (what) => (what === 'publish verdicts' ? opened : undefined);
    await pipeline.start();
    const ran = pipeline.run();
    await until(() => sinks.log.length === 3);
    for (let i = 0; i < 20; i++) await turn();
    expect([source.pulled, budget.used]).toEqual([3, 300]);
    open();
    await ran;
    expect([source.pulled, budget.used]).toEqual([30, 0]);
  });

  it('a sink that accepts nothing is named in the health of the pipeline, with the time that the oldest batch has waited', async () => {
    const kinds = { verdicts: 'spam', reviews: 'review', 'dead-letters': 'broken', trace: 'ham' } as const;
    for (const [sink, kind] of Object.entries(kinds)) {
      const source = new ListSource([batchOf([`${kind}-1`])], false);
      const { pipeline, sinks, clock } = lineOf(source, { traced: true });
      let isAway = true;
      sinks.fail = (what) => {
        if (isAway && (what.startsWith('publish') || what.startsWith('add'))) spoolFull();
      };
      await pipeline.start();
      const ran = pipeline.run();
      await until(() => clock.seconds > 1040);
      const [wait, ...others] = pipeline.health().sinkWaits;
      expect(wait).toMatchObject({ sink, error: 'the spool is full' });
      expect(wait!.seconds).toBeGreaterThan(30);
      expect(others).toEqual([]);
      isAway = false;
      await until(() => pipeline.inFlight === 0);
      expect(pipeline.health().sinkWaits).toEqual([]);
      await pipeline.drain();
      await ran;
    }
  });
});
