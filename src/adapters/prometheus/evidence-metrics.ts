import { driftSignals } from '../../core/drift-figures.ts';
import { auditGroupKinds } from '../../core/report-facts.ts';
import { retrainStates } from '../../core/retrain-run.ts';

const signal = { values: driftSignals.join(', '), most: driftSignals.length } as const;

/** Groups of each kind that have rates of their own by the audit sample; the largest ones. */
export const mostAuditGroups = { all: 1, month: 3, community: 10, language: 10, model: 3 } as const;

/** States of messages of the audit sample. */
export const auditStates = ['drawn', 'decided', 'unsure'] as const;

const auditLabels = {
  bound: { values: 'estimate, and low and high: the limits of the 95 % interval', most: 3 },
  by: { values: auditGroupKinds.join(', '), most: auditGroupKinds.length },
  value: {
    values: `month (UTC), community, language or version; of communities and languages the ${mostAuditGroups.community} with the most drawn messages; empty for all`,
    most: Math.max(...Object.values(mostAuditGroups)),
  },
} as const;
const ofAuditGroups = {
  labels: auditLabels,
  most: auditLabels.bound.most * Object.values(mostAuditGroups).reduce((sum, most) => sum + most, 0),
};

/** The part of the table about whether the model is still right, and what makes the next one. */
export const evidenceMetrics = {
  sluice_drift_score: {
    type: 'gauge',
    help: 'How far the messages are from what is usual at this hour, as cumulative sums of deviations; 1 is the limit of an alarm.',
    labels: { signal },
  },
  sluice_drift_alarm: {
    type: 'gauge',
    help: '1 while the messages have changed: the score has reached its limit, and has not fallen below half of it since.',
    labels: { signal },
  },
  sluice_drift_baseline_ratio: {
    type: 'gauge',
    help: 'Share of the baseline that is recorded, 0 to 1; there are no alarms before it is 1.',
    labels: { signal },
  },
  sluice_drift_quiet: {
    type: 'gauge',
    help: '1 while there are not enough messages to compare (drift.leastMessages).',
  },
  sluice_drift_distance: {
    type: 'gauge',
    help: 'Jensen–Shannon distance of the messages of the last day to those that the model was tested on, 0 to 1; absent without a reference.',
    labels: { signal, against: { values: 'training', most: 1 } },
  },
  sluice_drift_reference_known: {
    type: 'gauge',
    help: '1 if it is known what the messages looked like that the active model was tested on.',
  },
  sluice_retrain_last_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last retraining that is in this state ended, or began where it has not ended, Unix time. All daemons on the same store read the same record.',
    labels: { state: { values: retrainStates.join(', '), most: retrainStates.length } },
  },
  sluice_campaign_largest_messages: {
    type: 'gauge',
    help: 'Messages of the campaign of the most members: all that ever joined, and those that wait.',
    labels: { state: { values: 'members, open', most: 2 } },
  },
  sluice_audit_messages: {
    type: 'gauge',
    help: 'Messages of the audit sample of the last 30 days: drawn, of these decided, and of these undecided as those who answered were unsure. All processes on the same store count the same messages.',
    labels: { state: { values: auditStates.join(', '), most: auditStates.length } },
  },
  sluice_audit_true_positive_ratio: {
    type: 'gauge',
    help: 'Share of the spam that had the verdict spam, estimated from the audit sample of the last 30 days; absent where too few messages are decided.',
    ...ofAuditGroups,
  },
  sluice_audit_false_positive_ratio: {
    type: 'gauge',
    help: 'Share of the ham that had the verdict spam, likewise.',
    ...ofAuditGroups,
  },
  sluice_audit_precision_ratio: {
    type: 'gauge',
    help: 'Share of spam among the messages with the verdict spam, likewise.',
    ...ofAuditGroups,
  },
  sluice_audit_prevalence_ratio: {
    type: 'gauge',
    help: 'Share of spam among all messages, likewise.',
    ...ofAuditGroups,
  },
} as const;
