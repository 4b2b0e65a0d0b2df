import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import { OffsetTracker, type Ticket } from '../../../src/pipeline/offset-tracker.ts';
import { batchOf } from './fake-line.ts';

const nextOffsets = (tracker: OffsetTracker) => tracker.committable().map(({ nextOffset }) => nextOffset);

describe('OffsetTracker', () => {
  it('holds back what settles before an earlier batch, and lets it go with that batch', () => {
    const tracker = new OffsetTracker();
    const first = tracker.pulled(batchOf(['a', 'b']));
    const second = tracker.pulled(batchOf(['c'], { start: 2 }));
    tracker.settle(second);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(first);
    expect(tracker.committable()).toEqual([{ topic: 'chat', partition: 0, tenure: 1, nextOffset: 3 }]);
  });

  it('keeps the order of hundreds of batches that settle backwards', () => {
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

  it('offers nothing that was committed before', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a'])));
    tracker.committed(tracker.committable());
    expect(tracker.committable()).toEqual([]);
  });

  it('never commits the late settle of a revoked tenure', () => {
    const tracker = new OffsetTracker();
    const late = tracker.pulled(batchOf(['a', 'b']));
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    const fresh = tracker.pulled(batchOf(['a'], { tenure: 2 }));
    tracker.settle(late);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(fresh);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('takes a new tenure for the end of the old one, and a batch of an old tenure for nothing', () => {
    const tracker = new OffsetTracker();
    const old = tracker.pulled(batchOf(['a', 'b', 'c']));
    const fresh = tracker.pulled(batchOf(['a'], { tenure: 2 }));
    const straggler = tracker.pulled(batchOf(['x', 'y'], { tenure: 1 }));
    for (const ticket of [old, straggler]) tracker.settle(ticket);
    expect(tracker.committable()).toEqual([]);
    tracker.settle(fresh);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('is not moved by the revoke of an earlier tenure', () => {
    const tracker = new OffsetTracker();
    const ticket = tracker.pulled(batchOf(['a'], { tenure: 2 }));
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    tracker.settle(ticket);
    expect(nextOffsets(tracker)).toEqual([1]);
  });

  it('drops from a commit under way what was revoked meanwhile', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a'])));
    tracker.settle(tracker.pulled(batchOf(['a'], { partition: 1 })));
    const taken = tracker.committable();
    tracker.revoke({ topic: 'chat', partition: 1 }, 1);
    expect(tracker.stillOurs(taken).map(({ partition }) => partition)).toEqual([0]);
  });

  it('takes a commit that was answered after a revoke for none of the next tenure', () => {
    const tracker = new OffsetTracker();
    tracker.settle(tracker.pulled(batchOf(['a', 'b'])));
    const taken = tracker.committable();
    tracker.revoke({ topic: 'chat', partition: 0 }, 1);
    tracker.committed(taken);
    tracker.settle(tracker.pulled(batchOf(['a', 'b'], { tenure: 2 })));
    tracker.committed(taken);
    expect(nextOffsets(tracker)).toEqual([2]);
  });

  it('holds only some tickets more than there are batches that wait, however many have settled', () => {
    const tracker = new OffsetTracker();
    let before = tracker.pulled(batchOf(['m']));
    for (let i = 1; i < 1000; i++) {
      const next = tracker.pulled(batchOf(['m'], { start: i }));
      tracker.settle(before);
      before = next;
      expect(next.lane.waiting.length).toBeLessThanOrEqual(65);
    }
    tracker.settle(before);
    expect(before.lane.waiting).toEqual([]);
  });

  it('agrees with a plain model under any interleaving of pulls, settles, commits and revokes', () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            do: fc.constant('pull' as const),
            lane: fc.nat(2),
            size: fc.integer({ min: 1, max: 5 }),
          }),
        },
        { weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(1000) }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), lane: fc.nat(2) }) },
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const tracker = new OffsetTracker();
        const lanes = [0, 1, 2].map(() => ({ tenure: 1, next: 0, committed: 0 }));
        const pulled: { batch: Batch; ticket: Ticket; settled: boolean }[] = [];
        const ofTenure = (lane: number) =>
          pulled.filter(({ batch }) => batch.partition === lane && batch.tenure === lanes[lane]!.tenure);
        /** What the port promises: one past the last contiguous settled offset. */
        const contiguous = (lane: number): number => {
          const waiting = ofTenure(lane);
          const open = waiting.find(({ settled }) => !settled);
          return open === undefined ? lanes[lane]!.next : open.batch.messages[0]!.offset;
        };
        const commit = () => {
          const offsets = tracker.committable();
          for (const { partition, nextOffset, tenure } of offsets) {
            const lane = lanes[partition]!;
            expect(tenure).toBe(lane.tenure);
            expect(nextOffset).toBe(contiguous(partition));
            lane.committed = nextOffset;
          }
          tracker.committed(offsets);
          for (const [partition, lane] of lanes.entries()) expect(lane.committed).toBe(contiguous(partition));
        };
        for (const step of script) {
          if (step.do === 'pull') {
            const lane = lanes[step.lane]!;
            const batch = batchOf(Array(step.size).fill('m'), {
              partition: step.lane,
              tenure: lane.tenure,
              start: lane.next,
            });
            lane.next = batch.nextOffset;
            pulled.push({ batch, ticket: tracker.pulled(batch), settled: false });
          } else if (step.do === 'settle') {
            const open = pulled.filter(({ settled }) => !settled);
            const one = open[step.which % Math.max(1, open.length)];
            if (one === undefined) continue;
            one.settled = true;
            tracker.settle(one.ticket);
          } else if (step.do === 'revoke') {
            const lane = lanes[step.lane]!;
            tracker.revoke({ topic: 'chat', partition: step.lane }, lane.tenure);
            // A partition that comes back is delivered again from what was committed.
            lane.tenure++;
            lane.next = lane.committed;
          } else commit();
        }
        for (const one of pulled) tracker.settle(one.ticket);
        for (const one of pulled) one.settled = true;
        commit();
        for (const lane of lanes) expect(lane.committed).toBe(lane.next);
      }),
      { numRuns: 300 },
    );
  });
});
