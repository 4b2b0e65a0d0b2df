import type { Dashboard } from './dashboard.ts';
import { course, figure, increase, instanceChoice, jobChoice, of, quantile, rate } from './panel-builders.ts';

export const modelDashboard: Dashboard = {
  uid: 'sluice-model',
  title: 'Sluice: model and pool',
  description: 'The active model, how much of it runs, and the scoring threads.',
  choices: [jobChoice, instanceChoice],
  rows: [
    {
      title: 'Model',
      panels: [
        figure(
          'Active models',
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
        course('Messages a second, by model', 'Messages by model.', 'short', [
          { expression: rate('sluice_messages_total', 'model'), legend: '{{model}}' },
        ]),
        course('Share of spam, by model', 'Share of the messages that it scored.', 'percentunit', [
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
          'The configured version is missing, or its store is unavailable.',
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
        course('Threads', 'pool.threads, unless one is being replaced.', 'short', [
          { expression: of('sluice_pool_workers'), legend: '{{instance}}' },
          { expression: of('sluice_pool_workers_wanted'), legend: 'wanted of {{instance}}' },
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
