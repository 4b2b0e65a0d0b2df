import type { LedgerEvent } from './ledger-events.ts';

type Killed = Extract<LedgerEvent, { kind: 'killed' }>;

interface Sample {
  readonly at: number;
  readonly offsets: readonly number[];
}

/** What committed offsets say beside the outcomes below them. */
export class CommitFigures {
  readonly #samples: Sample[] = [];
  readonly #kills: Killed[] = [];
  /** Where the partitions end, transaction markers included; undefined where a run has not looked. */
  #ends: readonly number[] | undefined;
  /** By partition and offset: when the first outcome was appended. */
  readonly #outcomeAt: readonly (readonly number[])[];
  readonly #sourceIds: readonly (readonly string[])[];

  constructor(
    events: readonly LedgerEvent[],
    outcomeAt: readonly (readonly number[])[],
    sourceIds: readonly (readonly string[])[],
  ) {
    this.#outcomeAt = outcomeAt;
    this.#sourceIds = sourceIds;
    for (const event of events) {
      if (event.kind === 'committed') this.#samples.push(event);
      if (event.kind === 'ends') this.#ends = event.offsets;
      if (event.kind !== 'killed') continue;
      this.#kills.push(event);
      this.#samples.push({ at: event.at, offsets: event.committed });
    }
    this.#samples.sort((a, b) => a.at - b.at);
  }

  /** Commits that were there before an outcome below them was. */
  ahead(): readonly string[] {
    const found: string[] = [];
    this.#sourceIds.forEach((ids, partition) => {
      // When all outcomes below an offset were there.
      let next = 0;
      let allBy = 0;
      let worst = -1;
      let last = -1;
      for (const { at, offsets } of this.#samples) {
        const committed = offsets[partition] ?? 0;
        for (; next < committed && next < ids.length; next++) {
          // An offset without a record has no outcome to wait for.
          if (ids[next] === undefined) continue;
          const outcomeAt = this.#outcomeAt[partition]?.[next] ?? Number.POSITIVE_INFINITY;
          if (outcomeAt <= allBy) continue;
          allBy = outcomeAt;
          worst = next;
        }
        if (committed > worst && allBy > at && worst !== last) {
          last = worst;
          found.push(`${partition}/${worst} when ${committed} was committed`);
        }
      }
    });
    return found;
  }

  /** Partitions whose last commit is not their end. */
  uncommitted(): readonly string[] {
    const last = this.#samples.at(-1)?.offsets ?? [];
    return this.#sourceIds.flatMap((ids, partition) => {
      const end = this.#ends?.[partition] ?? ids.length;
      const committed = last[partition] ?? 0;
      return committed === end ? [] : [`${partition}: ${committed} of ${end}`];
    });
  }

  afterKill(): { partitions: number } & Quantiles {
    const seconds: number[] = [];
    for (const { at, assigned, committed } of this.#kills)
      for (const partition of assigned) {
        const next = this.#samples.find(
          (sample) => sample.at > at && (sample.offsets[partition] ?? 0) > (committed[partition] ?? 0),
        );
        seconds.push(next === undefined ? Number.POSITIVE_INFINITY : (next.at - at) / 1000);
      }
    return { partitions: seconds.length, ...quantiles(seconds) };
  }
}

/** Null where there is none, or where it never came about. */
export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export function quantiles(seconds: readonly number[]): Quantiles {
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
