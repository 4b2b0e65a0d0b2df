import type { Dashboard } from './dashboard.ts';
import { course, figure, increase, instanceChoice, jobChoice, of, quantile, rate } from './panel-builders.ts';

export const modelDashboard: Dashboard = {
  uid: 'sluice-model',
  title: 'Sluice: model and pool',
  description: 'The active model, the share of it that early exit leaves to run, and the scoring threads.',
  choices: [jobChoice, instanceChoice],
  rows: [
    {
      title: 'Model',
      panels: [
        figure(
          'Active models',
          'If it is more than one for long, a daemon could not change its model.',
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
        course('Daemons by model', 'Progress of a change of the model.', 'short', [
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
          'Of messages that passed all stages. If scores move while the model stays the same, the messages have changed.',
          'percentunit',
          [0.1, 0.5, 0.9].map((share) => ({
            expression: quantile(share, 'sluice_score', 'model'),
            legend: `p${share * 100} of {{model}}`,
          })),
          { most: 1 },
        ),
        course(
          'Scores of 0.4 to 0.8',
          'Share of the messages that passed all stages: how many are near the default thresholds.',
          'percentunit',
          [
            {
              expression: `(${rate('sluice_score_bucket', 'model', 'le="0.8"')} - ${rate('sluice_score_bucket', 'model', 'le="0.4"')}) / ${rate('sluice_score_count', 'model')}`,
              legend: '{{model}}',
            },
          ],
          { most: 1 },
        ),
        course(
          'Guard of a new model',
          '1 for the state of the active model. While it is tripped, all of its spam goes to review until a person confirms it or rolls back.',
          'short',
          [{ expression: `max by (state) (${of('sluice_guard_state')})`, legend: '{{state}}' }],
          { most: 1 },
        ),
        course(
          'Departure from the model before',
          'Share of the verdict by the active model minus that by the model before, of the messages that both scored.',
          'percentunit',
          [{ expression: `avg by (verdict) (${of('sluice_guard_departure_ratio')})`, legend: '{{verdict}}' }],
        ),
        course('Spam held back by the guard', 'Messages that went to review instead.', 'short', [
          { expression: increase('sluice_guard_held_total', 'instance'), legend: '{{instance}}' },
        ]),
        course('Shadow: messages that both models scored, by verdicts', 'Active model → shadow.', 'short', [
          {
            expression: increase('sluice_shadow_messages_total', 'active, shadow'),
            legend: '{{active}} → {{shadow}}',
          },
        ]),
        course('Shadow: messages left out', 'Its queue was full, or it failed.', 'short', [
          { expression: increase('sluice_shadow_left_out_total', 'reason'), legend: '{{reason}}' },
        ]),
        course('Installed and refused', 'Attempts to install a model, by result.', 'short', [
          { expression: increase('sluice_model_reloads_total', 'result'), legend: '{{result}}' },
        ]),
        course(
          'Daemons that wait for their model',
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
        course('Changed settings', 'Times that changed settings were read, by result.', 'short', [
          { expression: increase('sluice_config_reloads_total', 'result'), legend: '{{result}}' },
        ]),
      ],
    },
    {
      title: 'Early exit',
      panels: [
        course(
          'Stage after which scoring ends',
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
          'As a share of the trees that full evaluation would have run.',
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
        course('Batches that wait for a thread', 'When the metric was read.', 'short', [
          { expression: of('sluice_pool_queue_size'), legend: '{{instance}}' },
        ]),
        course('Threads', 'As many as `pool.threads`, unless one is being replaced.', 'short', [
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
