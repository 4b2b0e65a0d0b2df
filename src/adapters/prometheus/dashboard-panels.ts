import type { Dashboard, DashboardChoice, DashboardPanel, PanelQuery } from './dashboard.ts';

const jobChoice: DashboardChoice = {
  name: 'job',
  title: 'Job',
  query: 'label_values(sluice_build_info, job)',
};
const instanceChoice: DashboardChoice = {
  name: 'instance',
  title: 'Daemon',
  query: 'label_values(sluice_build_info{job=~"$job"}, instance)',
};

const CHOSEN = 'job=~"$job", instance=~"$instance"';
const GROUP = 'consumergroup=~"$group", topic=~"$topic"';

/** The series of the daemons that are chosen, with further conditions. */
function of(metric: string, conditions = ''): string {
  return `${metric}{${CHOSEN}${conditions === '' ? '' : `, ${conditions}`}}`;
}

function rate(metric: string, by: string, conditions = ''): string {
  return `sum by (${by}) (rate(${of(metric, conditions)}[$__rate_interval]))`;
}

function increase(metric: string, by: string, conditions = ''): string {
  return `sum by (${by}) (increase(${of(metric, conditions)}[$__rate_interval]))`;
}

function quantile(share: number, histogram: string, by = '', conditions = ''): string {
  return `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, by === '' ? 'le' : `le, ${by}`, conditions)})`;
}

function course(
  title: string,
  description: string,
  unit: string,
  queries: readonly PanelQuery[],
  more: Pick<DashboardPanel, 'stacked' | 'most'> = {},
): DashboardPanel {
  return { kind: 'course', title, description, unit, queries, ...more };
}

function figure(
  title: string,
  description: string,
  unit: string,
  expression: string,
  limits?: readonly [number, number],
): DashboardPanel {
  const queries = [{ expression, legend: '' }];
  return { kind: 'figure', title, description, unit, queries, ...(limits === undefined ? {} : { limits }) };
}

const quantiles = (histogram: string): PanelQuery[] =>
  [0.5, 0.9, 0.99].map((share) => ({
    expression: quantile(share, histogram),
    legend: `p${share * 100}`,
  }));

const lineDashboard: Dashboard = {
  uid: 'sluice-line',
  title: 'Sluice: line',
  description: 'What comes in, what comes of it, and how long that takes.',
  choices: [jobChoice, instanceChoice],
  rows: [
    {
      title: 'Now',
      panels: [
        figure('Daemons that answer', 'Of those that are chosen.', 'short', `sum(${of('up')})`),
        figure(
          'Alerts that fire',
          'Of sluice.rules.yml; RUNBOOK.md says what to do.',
          'short',
          'count(ALERTS{alertname=~"Sluice.+", alertstate="firing"}) or vector(0)',
          [1, 3],
        ),
        figure(
          'Messages a second',
          'Judged, all verdicts.',
          'short',
          `sum(rate(${of('sluice_messages_total')}[$__rate_interval]))`,
        ),
        figure(
          'Latency, p99',
          'From the arrival of a message to its durable outcome.',
          's',
          quantile(0.99, 'sluice_end_to_end_seconds'),
          [0.25, 1],
        ),
        figure(
          'Not finished',
          'Records, or bytes of files, between what is committed and the end.',
          'short',
          `sum(${of('sluice_source_lag')})`,
        ),
        figure(
          'Wait for a human',
          'Open rows of the review store.',
          'short',
          `max(${of('sluice_review_items', 'state="open"')})`,
          [1000, 10_000],
        ),
      ],
    },
    {
      title: 'Throughput and verdicts',
      panels: [
        course(
          'Messages a second, by verdict',
          'As the scorer said; a batch that is scored again counts again. `error` could not be read.',
          'short',
          [{ expression: rate('sluice_messages_total', 'verdict'), legend: '{{verdict}}' }],
          { stacked: true },
        ),
        course('Share of spam and review', 'Of all messages that could be read.', 'percentunit', [
          {
            expression: `${rate('sluice_messages_total', 'verdict', 'verdict=~"spam|review"')} / on () group_left () sum(rate(${of('sluice_messages_total', 'verdict!="error"')}[$__rate_interval]))`,
            legend: '{{verdict}}',
          },
        ]),
        course('Messages a second, by daemon', 'How evenly the partitions are shared.', 'short', [
          { expression: rate('sluice_messages_total', 'instance'), legend: '{{instance}}' },
        ]),
        course(
          'Messages in a batch',
          'As pulled from the source.',
          'short',
          quantiles('sluice_batch_messages'),
        ),
        course('Batches under way', 'Pulled and not settled.', 'short', [
          { expression: of('sluice_in_flight_batches'), legend: '{{instance}}' },
        ]),
        course('Tries again', 'Batches tried again, by the step that refused them.', 'short', [
          { expression: increase('sluice_batch_retries_total', 'stage'), legend: '{{stage}}' },
        ]),
      ],
    },
    {
      title: 'Latency',
      panels: [
        course(
          'End to end',
          'From the arrival of a message at the source to its durable outcome.',
          's',
          quantiles('sluice_end_to_end_seconds'),
        ),
        course(
          'By stage, mean of a batch',
          'queue is the wait for a free thread.',
          's',
          [
            {
              expression: `${rate('sluice_stage_duration_seconds_sum', 'stage')} / ${rate('sluice_stage_duration_seconds_count', 'stage')}`,
              legend: '{{stage}}',
            },
          ],
          { stacked: true },
        ),
        course('By stage, p99 of a batch', 'The slowest of a hundred batches.', 's', [
          { expression: quantile(0.99, 'sluice_stage_duration_seconds', 'stage'), legend: '{{stage}}' },
        ]),
      ],
    },
    {
      title: 'Review',
      panels: [
        course('Rows by state', 'All daemons on the same store count the same rows.', 'short', [
          { expression: `max by (state) (${of('sluice_review_items')})`, legend: '{{state}}' },
        ]),
        course('Age of the oldest open row', '0 where none waits.', 's', [
          { expression: `max(${of('sluice_review_oldest_seconds')})`, legend: 'oldest' },
        ]),
        course('Rows added a second', 'Those that were there already are not counted.', 'short', [
          { expression: rate('sluice_review_items_added_total', 'instance'), legend: '{{instance}}' },
        ]),
      ],
    },
    {
      title: 'Dead letters',
      panels: [
        course(
          'By reason',
          'Messages that could not be read, or that kill the thread that scores them.',
          'short',
          [{ expression: increase('sluice_dead_letters_total', 'reason'), legend: '{{reason}}' }],
          { stacked: true },
        ),
      ],
    },
    {
      title: 'What it depends on',
      panels: [
        course(
          'Up',
          '1 while the last call was answered.',
          'short',
          [{ expression: of('sluice_dependency_up'), legend: '{{dependency}} of {{instance}}' }],
          { most: 1 },
        ),
        course(
          'Circuit open',
          '1 while it has failed so often that it is left alone for a while.',
          'short',
          [{ expression: of('sluice_circuit_open'), legend: '{{dependency}} of {{instance}}' }],
          { most: 1 },
        ),
        course(
          'Spool, share of its place',
          'Rows for review that wait on the daemon’s disk; at 1 the line stands.',
          'percentunit',
          [{ expression: of('sluice_review_spool_used_ratio'), legend: '{{instance}}' }],
          { most: 1 },
        ),
        course('Spool, rows', 'Rows that wait for the database.', 'short', [
          { expression: of('sluice_review_spool_rows'), legend: '{{instance}}' },
        ]),
      ],
    },
    {
      title: 'Process',
      panels: [
        course('Memory', 'Resident set.', 'bytes', [
          { expression: of('process_resident_memory_bytes'), legend: '{{instance}}' },
        ]),
        course('Cores in use', 'Of user and system together.', 'short', [
          { expression: rate('process_cpu_seconds_total', 'instance'), legend: '{{instance}}' },
        ]),
        course('Event loop, p99 of its delay', 'The main thread; threads that score do not count.', 's', [
          { expression: of('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' },
        ]),
      ],
    },
  ],
};

const lagDashboard: Dashboard = {
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
          'Age of the oldest message that is not finished.',
          's',
          `max(kafka_consumergroup_group_lag_seconds{${GROUP}})`,
          [60, 900],
        ),
        figure('Behind, in records', 'All partitions.', 'short', `sum(kafka_consumergroup_lag{${GROUP}})`),
        figure(
          'Partitions',
          'Whose lag is known, so that somebody has them.',
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
        course('Produced, records a second', 'By the ends of the partitions.', 'short', [
          {
            expression: `max by (topic, partition) (deriv(kafka_topic_partition_current_offset{topic=~"$topic"}[5m]))`,
            legend: '{{topic}} {{partition}}',
          },
        ]),
        course('Committed, records a second', 'By the committed offsets.', 'short', [
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
        course('Partitions that each has', 'Changes are rebalances.', 'short', [
          { expression: `count by (instance) (kafka_consumergroup_lag{${GROUP}})`, legend: '{{instance}}' },
        ]),
        course('Records behind, by who has them', 'Sum over its partitions.', 'short', [
          {
            expression: `sum by (instance) (kafka_consumergroup_lag_sum{${GROUP}})`,
            legend: '{{instance}}',
          },
        ]),
        course(
          'Paused partitions',
          'What was fetched of them waits to be scored; all the time, and scoring is what is slow.',
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

const modelDashboard: Dashboard = {
  uid: 'sluice-model',
  title: 'Sluice: model and pool',
  description: 'Which model judges, how much of it is evaluated, and the threads that do it.',
  choices: [jobChoice, instanceChoice],
  rows: [
    {
      title: 'Model',
      panels: [
        figure(
          'Models in force',
          'More than one for long: a daemon could not follow.',
          'short',
          `count(count by (version) (${of('sluice_model_info')}))`,
          [2, 3],
        ),
        figure(
          'Since',
          'Age of the newest installation.',
          's',
          `time() - max(${of('sluice_model_loaded_timestamp_seconds')})`,
        ),
        course('Daemons by model', 'How a swap goes through.', 'short', [
          { expression: `count by (version) (${of('sluice_model_info')})`, legend: '{{version}}' },
        ]),
        course('Messages a second, by model', 'Who judged them.', 'short', [
          { expression: rate('sluice_messages_total', 'model'), legend: '{{model}}' },
        ]),
        course('Share of spam, by model', 'Of what it judged and could read.', 'percentunit', [
          {
            expression: `${rate('sluice_messages_total', 'model', 'verdict="spam"')} / ${rate('sluice_messages_total', 'model', 'verdict!="error"')}`,
            legend: '{{model}}',
          },
        ]),
        course(
          'Scores, quantiles',
          'Of what was evaluated in full. When they move and the model has not changed, the messages have.',
          'percentunit',
          [0.1, 0.5, 0.9].map((share) => ({
            expression: quantile(share, 'sluice_score', 'model'),
            legend: `p${share * 100} of {{model}}`,
          })),
          { most: 1 },
        ),
        course(
          'Scores of 0.4 to 0.8',
          'Share of what was evaluated in full: how much lies near the usual limits.',
          'percentunit',
          [
            {
              expression: `(${rate('sluice_score_bucket', 'model', 'le="0.8"')} - ${rate('sluice_score_bucket', 'model', 'le="0.4"')}) / ${rate('sluice_score_count', 'model')}`,
              legend: '{{model}}',
            },
          ],
          { most: 1 },
        ),
        course('Installed and refused', 'Models that were to be installed.', 'short', [
          { expression: increase('sluice_model_reloads_total', 'result'), legend: '{{result}}' },
        ]),
        course(
          'Waits for its model',
          'The version that was named is not there yet, or its store is away.',
          'short',
          [{ expression: of('sluice_model_awaited'), legend: '{{instance}}' }],
        ),
        course(
          'Limits of the reject option',
          'For communities without limits of their own.',
          'percentunit',
          [
            {
              expression: `max by (limit) (${of('sluice_threshold_probability')})`,
              legend: '{{limit}}',
            },
          ],
          { most: 1 },
        ),
        course('Changed settings', 'Readings of changed settings, by what came of them.', 'short', [
          { expression: increase('sluice_config_reloads_total', 'result'), legend: '{{result}}' },
        ]),
      ],
    },
    {
      title: 'Early exit',
      panels: [
        course(
          'Stage at which evaluation ends',
          'Share of the messages; the last stage is full evaluation.',
          'percentunit',
          [
            {
              expression: `${rate('sluice_evaluation_ended_total', 'stage')} / on () group_left () sum(rate(${of('sluice_evaluation_ended_total')}[$__rate_interval]))`,
              legend: 'stage {{stage}}',
            },
          ],
          { stacked: true, most: 1 },
        ),
        course(
          'Trees evaluated',
          'As a share of those that full evaluation would have taken.',
          'percentunit',
          [
            {
              expression: `${rate('sluice_trees_evaluated_total', 'instance')} / ${rate('sluice_trees_full_evaluation_total', 'instance')}`,
              legend: '{{instance}}',
            },
          ],
          { most: 1 },
        ),
      ],
    },
    {
      title: 'Pool',
      panels: [
        course(
          'Threads at work',
          'Share of their time.',
          'percentunit',
          [{ expression: of('sluice_pool_utilization_ratio'), legend: '{{instance}}' }],
          { most: 1 },
        ),
        course('Batches that wait for a thread', 'At the time of the measure.', 'short', [
          { expression: of('sluice_pool_queue_size'), legend: '{{instance}}' },
        ]),
        course('Threads', 'As many as pool.threads says, unless one is being replaced.', 'short', [
          { expression: of('sluice_pool_workers'), legend: '{{instance}}' },
        ]),
        course('Threads lost', 'Each was replaced.', 'short', [
          { expression: increase('sluice_pool_threads_lost_total', 'instance'), legend: '{{instance}}' },
        ]),
        course(
          'What the threads do, seconds of a second',
          'Sum over all threads.',
          's',
          [
            {
              expression: rate(
                'sluice_stage_duration_seconds_sum',
                'stage',
                'stage=~"decode|featurize|infer"',
              ),
              legend: '{{stage}}',
            },
          ],
          { stacked: true },
        ),
      ],
    },
  ],
};

/** All dashboards, each a file of `config/grafana/dashboards` by its uid. */
export const dashboards: readonly Dashboard[] = [lineDashboard, lagDashboard, modelDashboard];
