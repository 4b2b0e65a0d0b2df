import type { PartitionLag } from '../../ports/message-source.ts';
import { labelCaps } from './metric-table.ts';

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The lag of a consumer group under the names of kafka_exporter; empty for a source that has no group. */
export function groupLagSeries(lags: readonly PartitionLag[]): {
  readonly kafka_consumergroup_lag: readonly Series[];
  readonly kafka_consumergroup_lag_sum: readonly Series[];
  readonly kafka_consumergroup_current_offset: readonly Series[];
  readonly kafka_consumergroup_group_lag_seconds: readonly Series[];
  readonly kafka_topic_partition_current_offset: readonly Series[];
} {
  const grouped = lags.filter(({ group }) => group !== undefined);
  const shown = [...grouped]
    .sort((a, b) => b.lag - a.lag || a.partition - b.partition)
    .slice(0, labelCaps.groupPartitions);
  const labelsOf = ({ topic, partition, group }: PartitionLag) => ({
    consumergroup: group!,
    topic,
    partition: String(partition),
  });
  const each = (value: (lag: PartitionLag) => number): readonly Series[] =>
    shown.map((lag) => ({ labels: labelsOf(lag), value: value(lag) }));
  const sums = new Map<string, Series>();
  for (const lag of grouped) {
    const { consumergroup, topic } = labelsOf(lag);
    const before = sums.get(`${consumergroup}/${topic}`)?.value ?? 0;
    sums.set(`${consumergroup}/${topic}`, { labels: { consumergroup, topic }, value: before + lag.lag });
  }
  return {
    kafka_consumergroup_lag: each(({ lag }) => lag),
    kafka_consumergroup_lag_sum: [...sums.values()],
    kafka_consumergroup_current_offset: each(({ committed }) => committed),
    kafka_consumergroup_group_lag_seconds: each(({ seconds }) => seconds ?? 0),
    kafka_topic_partition_current_offset: shown.map(({ topic, partition, highWatermark }) => ({
      labels: { topic, partition: String(partition) },
      value: highWatermark,
    })),
  };
}
