import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import { OffsetTracker, type Ticket } from '../../../src/pipeline/offset-tracker.ts';
import { batchOf } from './fakes.ts';

const nextOffsets = (tracker: OffsetTracker) => tracker.committable().map(({ nextOffset }) => nextOffset);

describe('OffsetTracker', () => {
  it('OffsetTracker holds back an offset that settles before an earlier batch, and releases it with that batch', () => {
    const tracker = new OffsetTracker();
    const first = tracker.pulled(batchOf(['a', 'b']));
    const second = tracker.pulled(batchOf(['c'], { start: 2 }));
    tracker.settle(second);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(first);
    expect(tracker.committable()).toEqual([{ topic: 'chat', partition: 0, epoch: 1, nextOffset: 3 }]);
  });

  it('OffsetTracker keeps the order of hundreds of batches that settle in reverse', () => {
    const tracker = new OffsetTracker();
    const tickets = Array.from({ length: 300 }, (_, i) => tracker.pulled(batchOf(['m'], { start: i })));
    for (const [upTo, from] of [
      [199, 0],
      [298, 200],
      [299, 299],
    ] as const) {
      for (let i = upTo; i >= from; i--) tracker.settle(tickets[i]!);
      expect(nextOffsets(tracker)).toEqual([upTo + 1]);
    }
  });

  it('OffsetTracker offers no offset that was committed before', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a'])));
    tracker.committed(tracker.committable());
    expect(tracker.committable()).toEqual([]);
  });

  it('OffsetTracker never commits an offset of a revoked assignment epoch that settles late', () => {
    const tracker = new OffsetTracker();
    const late = tracker.pulled(batchOf(['a', 'b']));
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    const fresh = tracker.pulled(batchOf(['a'], { epoch: 2 }));
    tracker.settle(late);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(fresh);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('OffsetTracker ends an assignment epoch when a new one begins, and ignores batches of an old one', () => {
    const tracker = new OffsetTracker();
    const old = tracker.pulled(batchOf(['a', 'b', 'c']));
    const fresh = tracker.pulled(batchOf(['a'], { epoch: 2 }));
    const straggler = tracker.pulled(batchOf(['x', 'y'], { epoch: 1 }));
    for (const ticket of [old, straggler]) tracker.settle(ticket);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(fresh);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('OffsetTracker is not affected by the revoke of an earlier assignment epoch', () => {
    const tracker = new OffsetTracker();
    const ticket = tracker.pulled(batchOf(['a'], { epoch: 2 }));
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    tracker.settle(ticket);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('OffsetTracker drops revoked partitions from a commit that is under way', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a'])));
    tracker.settle(tracker.pulled(batchOf(['a'], { partition: 1 })));
    const taken = tracker.committable();
    tracker.revoke({ topic: 'chat', partition: 1 }, 1);
    expect(tracker.stillOurs(taken).map(({ partition }) => partition)).toEqual([0]);
  });

  it('OffsetTracker ignores a commit of an earlier assignment epoch that is answered after a revoke', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a', 'b'])));
    const taken = tracker.committable();
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    tracker.committed(taken);
    tracker.settle(tracker.pulled(batchOf(['a', 'b'], { epoch: 2 })));
    tracker.committed(taken);
    expect(nextOffsets(tracker)).toEqual([2]);
  });

  it('OffsetTracker keeps only a few more tickets than there are waiting batches, however many have settled', () => {
    const tracker = new OffsetTracker();
    let before = tracker.pulled(batchOf(['m']));
    for (let i = 1; i < 1000; i++) {
      const next = tracker.pulled(batchOf(['m'], { start: i }));
      tracker.settle(before);
      before = next;
      expect(next.queue.waiting.length).toBeLessThanOrEqual(65);
    }
    tracker.settle(before);
    expect(before.queue.waiting).toEqual([]);
  });

  it('OffsetTracker agrees with a simple model under any interleaving of pulls, settles, commits and revokes', () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            do: fc.constant('pull' as const),
            at: fc.nat(2),
            size: fc.integer({ min: 1, max: 5 }),
          }),
        },
        { weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(1000) }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), at: fc.nat(2) }) },
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const tracker = new OffsetTracker();
        const partitions = [0, 1, 2].map(() => ({ epoch: 1, next: 0, committed: 0 }));
        const pulled: { batch: Batch; ticket: Ticket; settled: boolean }[] = [];
        const ofEpoch = (partition: number) =>
          pulled.filter(
            ({ batch }) => batch.partition === partition && batch.epoch === partitions[partition]!.epoch,
          );
        /** What the port promises: one past the last contiguous settled offset. */
        const contiguous = (partition: number): number => {
          const waiting = ofEpoch(partition);
          const open = waiting.find(({ settled }) => !settled);
          return open === undefined ? partitions[partition]!.next : open.batch.messages[0]!.offset;
        };
        const commit = () => {
          const offsets = tracker.committable();
          for (const { partition, nextOffset, epoch } of offsets) {
            const state = partitions[partition]!;
            expect(epoch).toBe(state.epoch);
            expect(nextOffset).toBe(contiguous(partition));
            state.committed = nextOffset;
          }
          tracker.committed(offsets);
          for (const [partition, state] of partitions.entries())
            expect(state.committed).toBe(contiguous(partition));
        };
        for (const step of script) {
          if (step.do === 'pull') {
            const state = partitions[step.at]!;
            const batch = batchOf(Array(step.size).fill('m'), {
              partition: step.at,
              epoch: state.epoch,
              start: state.next,
            });
            state.next = batch.nextOffset;
            pulled.push({ batch, ticket: tracker.pulled(batch), settled: false });
          } else if (step.do === 'settle') {
            const open = pulled.filter(({ settled }) => !settled);
            const one = open[step.which % Math.max(1, open.length)];
            if (one === undefined) continue;
            one.settled = true;
            tracker.settle(one.ticket);
          } else if (step.do === 'revoke') {
            const state = partitions[step.at]!;
            tracker.revoke({ topic: 'chat', partition: step.at }, state.epoch);
            // A partition that comes back is delivered again from what was committed.
            state.epoch++;
            state.next = state.committed;
          } else commit();
        }
        for (const one of pulled) tracker.settle(one.ticket);
        for (const one of pulled) one.settled = true;
        commit();
        for (const state of partitions) expect(state.committed).toBe(state.next);
      }),
      { numRuns: 300 },
    );
  });
});
