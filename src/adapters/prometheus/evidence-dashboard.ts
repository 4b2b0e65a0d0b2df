import type { Dashboard } from './dashboard.ts';
import { course, figure, instanceChoice, jobChoice, of } from './panel-builders.ts';

const auditRates = [
  {
    metric: 'sluice_audit_true_positive_ratio',
    title: 'True positive rate',
    description: 'Share of the spam that had the verdict spam.',
  },
  {
    metric: 'sluice_audit_false_positive_ratio',
    title: 'False positive rate',
    description: 'Share of the ham that had the verdict spam.',
  },
  {
    metric: 'sluice_audit_precision_ratio',
    title: 'Precision',
    description: 'Share of spam among the messages with the verdict spam.',
  },
  {
    metric: 'sluice_audit_prevalence_ratio',
    title: 'Share of spam',
    description: 'Among all messages, whatever their verdict.',
  },
] as const;

const isUsual = 'Nobody has to label anything for it. See docs/drift.md.';

/** What shows whether the model is still right: drift, what people decide, and what waits for them. */
export const evidenceDashboard: Dashboard = {
  uid: 'sluice-evidence',
  title: 'Sluice: evidence',
  description: 'Whether messages are still those that the model knows, and what people decide about them.',
  choices: [jobChoice, instanceChoice],
  rows: [
    {
      title: 'True rates, from the audit sample of the last 30 days',
      panels: [
        course(
          'Messages drawn and decided',
          'Drawn whatever their verdict; people decide them without the score.',
          'short',
          [{ expression: `max by (state) (${of('sluice_audit_messages')})`, legend: '{{state}}' }],
        ),
        ...auditRates.map(({ metric, title, description }) =>
          course(
            title,
            `${description} With the limits of its 95 % interval.`,
            'percentunit',
            [{ expression: `max by (bound) (${of(metric, 'by="all"')})`, legend: '{{bound}}' }],
            { most: 1 },
          ),
        ),
        course(
          'False positive rate, by community',
          'Of the communities that have enough decided messages.',
          'percentunit',
          [
            {
              expression: `max by (value) (${of('sluice_audit_false_positive_ratio', 'by="community", bound="estimate"')})`,
              legend: '{{value}}',
            },
          ],
          { most: 1 },
        ),
      ],
    },
    {
      title: 'Drift',
      panels: [
        figure(
          'Alarms of drift',
          `Signals of daemons that have changed. ${isUsual}`,
          'short',
          `sum(${of('sluice_drift_alarm')})`,
          [1, 2],
        ),
        figure(
          'Baseline recorded',
          'Share of the time that it takes to know what is usual; the lowest of all. There are no alarms before.',
          'percentunit',
          `min(${of('sluice_drift_baseline_ratio')})`,
        ),
        course('Distance from what is usual', `1 is the limit of an alarm. ${isUsual}`, 'short', [
          { expression: `max by (signal) (${of('sluice_drift_score')})`, legend: '{{signal}}' },
        ]),
        course(
          'Distance from training',
          'Jensen–Shannon distance of the messages of the last day to those that the model was tested on: 0 is the same, 1 nothing in common.',
          'short',
          [{ expression: `max by (signal) (${of('sluice_drift_distance')})`, legend: '{{signal}}' }],
          { most: 1 },
        ),
        course(
          'Too few messages to compare',
          '1 while a daemon gets fewer messages in an hour than `drift.leastMessages`; it raises no alarms then.',
          'short',
          [{ expression: of('sluice_drift_quiet'), legend: '{{instance}}' }],
          { most: 1 },
        ),
      ],
    },
    {
      title: 'Decisions, outbox and campaigns',
      panels: [
        course(
          'Decided, a day',
          'Growth of the labeled rows within a day; the age of rows ends their count.',
          'short',
          [
            {
              expression: `max by (job) (delta(${of('sluice_review_items', 'state="labelled"')}[1d]))`,
              legend: '{{job}}',
            },
          ],
        ),
        course('Verdicts of decisions that wait', 'Rows of the outbox.', 'short', [
          { expression: `max by (job) (${of('sluice_outbox_rows')})`, legend: '{{job}}' },
        ]),
        course('Oldest verdict that waits', 'Seconds since it was decided.', 's', [
          { expression: `max by (job) (${of('sluice_outbox_oldest_seconds')})`, legend: '{{job}}' },
        ]),
        course(
          'Largest campaign',
          'Of the campaign of the most members: all that ever joined, and those that wait.',
          'short',
          [
            {
              expression: `max by (state) (${of('sluice_campaign_largest_messages')})`,
              legend: '{{state}}',
            },
          ],
        ),
      ],
    },
    {
      title: 'Retraining',
      panels: [
        course(
          'Since the last retraining, by how it ended',
          'Retraining runs in another process; daemons read its record.',
          's',
          [
            {
              expression: `time() - max by (state) (${of('sluice_retrain_last_timestamp_seconds')})`,
              legend: '{{state}}',
            },
          ],
        ),
      ],
    },
  ],
};
