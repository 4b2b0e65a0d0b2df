import type { Dashboard } from './dashboard.ts';
import { course, figure, GROUP } from './panel-builders.ts';

export const lagDashboard: Dashboard = {
  uid: 'sluice-lag',
  title: 'Sluice: lag',
  description: 'How far the consumer group is behind, in records and in seconds.',
  choices: [
    { name: 'group', title: 'Group', query: 'label_values(kafka_consumergroup_lag, consumergroup)' },
    {
      name: 'topic',
      title: 'Topic',
      query: 'label_values(kafka_consumergroup_lag{consumergroup=~"$group"}, topic)',
    },
  ],
  rows: [
    {
      title: 'Now',
      panels: [
        figure(
          'Behind, in seconds',
          'Age of the oldest message that is not committed.',
          's',
          `max(kafka_consumergroup_group_lag_seconds{${GROUP}})`,
          [60, 900],
        ),
        figure('Behind, in records', 'All partitions.', 'short', `sum(kafka_consumergroup_lag{${GROUP}})`),
        figure(
          'Partitions',
          'Partitions with a known lag, which are assigned to a daemon.',
          'short',
          `count(count by (topic, partition) (kafka_consumergroup_lag{${GROUP}}))`,
        ),
      ],
    },
    {
      title: 'By partition',
      panels: [
        course('Seconds behind', 'Offsets alone mislead: a thousand records may be a second or a day.', 's', [
          {
            expression: `max by (topic, partition) (kafka_consumergroup_group_lag_seconds{${GROUP}})`,
            legend: '{{topic}} {{partition}}',
          },
        ]),
        course('Records behind', 'High watermark minus committed offset.', 'short', [
          {
            expression: `max by (topic, partition) (kafka_consumergroup_lag{${GROUP}})`,
            legend: '{{topic}} {{partition}}',
          },
        ]),
        course('Produced, records a second', 'Growth of the high watermarks.', 'short', [
          {
            expression: `max by (topic, partition) (deriv(kafka_topic_partition_current_offset{topic=~"$topic"}[5m]))`,
            legend: '{{topic}} {{partition}}',
          },
        ]),
        course('Committed, records a second', 'Growth of the committed offsets.', 'short', [
          {
            expression: `max by (topic, partition) (deriv(kafka_consumergroup_current_offset{${GROUP}}[5m]))`,
            legend: '{{topic}} {{partition}}',
          },
        ]),
      ],
    },
    {
      title: 'By daemon',
      panels: [
        course('Partitions by daemon', 'Changes are rebalances.', 'short', [
          { expression: `count by (instance) (kafka_consumergroup_lag{${GROUP}})`, legend: '{{instance}}' },
        ]),
        course('Records behind, by daemon', 'Sum over the partitions of the daemon.', 'short', [
          {
            expression: `sum by (instance) (kafka_consumergroup_lag_sum{${GROUP}})`,
            legend: '{{instance}}',
          },
        ]),
        course(
          'Group members',
          '1 for each daemon that is a member of its consumer group.',
          'short',
          [
            {
              expression: 'sum by (instance) (sluice_source_member{consumergroup=~"$group"})',
              legend: '{{instance}}',
            },
          ],
          { most: 1 },
        ),
        course(
          'Age of the lag',
          'Time since the lag was last measured. All figures of this dashboard are as old.',
          's',
          [{ expression: 'max by (instance) (sluice_source_lag_age_seconds)', legend: '{{instance}}' }],
        ),
        course(
          'Paused partitions',
          'Paused because enough of their messages are fetched and wait to be scored. If they are always paused, scoring is too slow.',
          'short',
          [{ expression: 'sum by (instance) (sluice_consumer_paused_partitions)', legend: '{{instance}}' }],
        ),
        course('Commits a second', 'One for each partition and commit.', 'short', [
          {
            expression: 'sum by (instance) (rate(sluice_committed_partitions_total[$__rate_interval]))',
            legend: '{{instance}}',
          },
        ]),
      ],
    },
  ],
};
