import { generationsOf } from './generations.ts';
import type { LedgerEvent } from './ledger-events.ts';

interface Reread {
  /** Of the first member's join and the last one's, epoch milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly committed: readonly number[];
  /** Partitions that nobody has read since their reader was killed, and when that was. */
  readonly unreadSince: Map<number, number>;
}

/** How much older than a join an offset must be known to be committed, so that the join cannot have read an older one. */
const CERTAIN_MS = 500;

/**
 * What may come again. A member that dies, or a group that changes, makes its partitions be read again from what is
 * committed: each such time, each record that lay there and was not committed may be scored once more, and no other.
 */
export class Repeatable {
  readonly #rereads: Reread[] = [];

  constructor(events: readonly LedgerEvent[]) {
    const samples: { readonly at: number; readonly offsets: readonly number[] }[] = [];
    for (const event of events) {
      if (event.kind === 'committed') samples.push(event);
      if (event.kind === 'killed') samples.push({ at: event.at, offsets: event.committed });
    }
    samples.sort((a, b) => a.at - b.at);
    const spans = generationsOf(events);
    // A send whose acknowledgement died with the broker is sent again.
    for (const event of events)
      if (event.kind === 'fault' && event.fault === 'broker')
        spans.push({ from: event.at - event.seconds * 1000, until: event.at });
    spans.sort((a, b) => a.from - b.from);
    let next = 0;
    let committed: readonly number[] = [];
    for (const span of spans) {
      while (next < samples.length && samples[next]!.at <= span.from - CERTAIN_MS) {
        const { offsets } = samples[next++]!;
        committed = offsets.map((offset, partition) => Math.max(offset, committed[partition] ?? 0));
      }
      this.#rereads.push({ ...span, committed, unreadSince: new Map() });
    }
    for (const event of events) {
      if (event.kind !== 'killed') continue;
      const next = this.#rereads.find(({ from }) => from > event.at);
      for (const partition of event.assigned) next?.unreadSince.set(partition, event.at);
    }
  }

  /** How often a record, appended at `at`, may have been read again. */
  times(partition: number, offset: number, at: number): number {
    let times = 0;
    for (const { until, committed, unreadSince } of this.#rereads)
      if (at <= (unreadSince.get(partition) ?? until) && offset >= (committed[partition] ?? 0)) times++;
    return times;
  }
}
