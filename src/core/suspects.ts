import { type TopicPartition, topicPartitionKey } from './topic-partition.ts';

/** A stretch of one partition. */
export interface OffsetRange extends TopicPartition {
  readonly from: number;
  /** The first offset behind it. */
  readonly to: number;
}

/** Messages that were being scored when the process crashed. */
export interface Suspects extends OffsetRange {
  /** At how many crashes, each the next one after they came again. */
  readonly crashes: number;
}

/**
 * The suspects after another crash: what was being scored then was so once more than before. What was a suspect before and had
 * not come again yet stays what it was.
 */
export function suspectsAfterCrash(
  before: readonly Suspects[],
  inFlight: readonly OffsetRange[],
): readonly Suspects[] {
  const found: Suspects[] = [];
  for (const range of inFlight) {
    // The same messages may be in flight twice, where a partition was taken away and given back.
    for (const part of withoutAll([{ ...range, crashes: 1 }], found)) {
      const known = before.flatMap((suspects) => overlapOf(suspects, part));
      found.push(...known.map((suspects) => ({ ...suspects, crashes: suspects.crashes + 1 })));
      found.push(...withoutAll([part], known));
    }
  }
  return [...found, ...withoutAll(before, inFlight)];
}

/** What is left of the ranges when all of the others are taken out of them. */
export function withoutAll<Range extends OffsetRange>(
  ranges: readonly Range[],
  others: readonly OffsetRange[],
): readonly Range[] {
  let left = ranges;
  for (const other of others) left = left.flatMap((range) => without(range, other));
  return left;
}

function without<Range extends OffsetRange>(range: Range, other: OffsetRange): Range[] {
  const [common] = overlapOf(range, other);
  if (common === undefined) return [range];
  return [
    { ...range, to: common.from },
    { ...range, from: common.to },
  ].filter(({ from, to }) => from < to);
}

function overlapOf<Range extends OffsetRange>(range: Range, other: OffsetRange): Range[] {
  if (topicPartitionKey(range) !== topicPartitionKey(other)) return [];
  const from = Math.max(range.from, other.from);
  const to = Math.min(range.to, other.to);
  return from < to ? [{ ...range, from, to }] : [];
}
