import type { PartitionLag } from '../../ports/message-source.ts';
import { labelCaps, otherLabel } from './metric-table.ts';

interface LagSeries {
  readonly labels: { readonly topic: string; readonly partition: string };
  readonly value: number;
}

/**
 * What the lag gauge shows: the partitions furthest behind, and one sum of all others, so that a folder of 10,000
 * files makes as many series as one of 40.
 */
export function lagSeries(lags: readonly PartitionLag[]): readonly LagSeries[] {
  // Ties by name, so that equal lags (all zero, as a rule) do not change places from one scrape to the next.
  const ordered = [...lags].sort(
    (a, b) => b.lag - a.lag || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition),
  );
  const shown = ordered.slice(0, labelCaps.partitions).map((at) => ({
    labels: { topic: at.topic, partition: String(at.partition) },
    value: at.lag,
  }));
  const rest = ordered.slice(labelCaps.partitions);
  if (rest.length === 0) return shown;
  const sum = rest.reduce((total, at) => total + at.lag, 0);
  return [...shown, { labels: { topic: otherLabel, partition: otherLabel }, value: sum }];
}
