import type { Dashboard } from './dashboard.ts';
import {
  course,
  figure,
  increase,
  instanceChoice,
  jobChoice,
  of,
  quantile,
  quantiles,
  rate,
} from './panel-builders.ts';

export const pipelineDashboard: Dashboard = {
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
          'From sluice.rules.yml. RUNBOOK.md describes what to do.',
          'short',
          'count(ALERTS{alertname=~"Sluice.+", alertstate="firing"}) or vector(0)',
          [1, 3],
        ),
        figure(
          'Messages a second',
          'Messages scored, all verdicts.',
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
          'Review queue',
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
          'By result of scoring. A batch that is scored again counts again. `error`: unreadable.',
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
        course('Verdicts of decisions that wait', 'A decision takes effect with its verdict.', 'short', [
          { expression: `max(${of('sluice_outbox_rows')})`, legend: 'rows' },
        ]),
        course('Age of the oldest verdict that waits', '0 where none waits.', 's', [
          { expression: `max(${of('sluice_outbox_oldest_seconds')})`, legend: 'oldest' },
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
          'Spool, share of its maximum size',
          'Review rows that wait on the daemon’s disk; at 1 batches with such rows wait.',
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
      title: 'What it waits for',
      panels: [
        course(
          'Sinks, longest wait of a batch',
          'Since the sink was first asked to accept the oldest batch that it has not accepted; 0 where none waits.',
          's',
          [{ expression: of('sluice_sink_blocked_seconds'), legend: '{{sink}} of {{instance}}' }],
        ),
        course('Commits, failing for', '0 while offsets are committed.', 's', [
          { expression: of('sluice_commit_failing_seconds'), legend: '{{instance}}' },
        ]),
        course(
          'Memory of messages, share of the budget',
          'Between the source and their outcome; at 1 nothing more is read.',
          'percentunit',
          [
            {
              expression: `${of('sluice_memory_budget_used_bytes')} / ${of('sluice_memory_budget_limit_bytes')}`,
              legend: '{{instance}}',
            },
          ],
          { most: 1 },
        ),
        course(
          'Refused records',
          'Records that a sink will never accept. They are stored in the file of refused records.',
          'short',
          [{ expression: increase('sluice_records_refused_total', 'sink'), legend: '{{sink}}' }],
          { stacked: true },
        ),
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
