import { driftSignals, driftStates } from '../../core/drift-figures.ts';

const signal = { values: driftSignals.join(', '), most: driftSignals.length } as const;

/** The part of the table about drift. */
export const driftMetrics = {
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
  sluice_drift_state: {
    type: 'gauge',
    help: '1 for the state of the watch, 0 for the others. quiet: there are not enough messages to compare.',
    labels: { signal, state: { values: driftStates.join(', '), most: driftStates.length } },
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
} as const;
