import type { Gate, GateReport } from './gate-report.ts';

/**
 * `running`: a process works on it. `promoting`: the answer is yes, and the new model is being made the active one. `promoted`,
 * `refused`: by the gate. `nothing`: no new labels. `failed`: with an error. `abandoned`: cut off before it had an answer. `withdrawn`:
 * the answer was yes, but somebody activated another model meanwhile, or the new one was lost. `scheduled`: a schedule began.
 */
export const retrainStates = [
  'running',
  'promoting',
  'promoted',
  'refused',
  'nothing',
  'failed',
  'abandoned',
  'withdrawn',
  'scheduled',
] as const;
export type RetrainState = (typeof retrainStates)[number];

/** What a run does, in order. */
export const retrainSteps = ['assemble', 'train', 'compare', 'check', 'push', 'activate', 'record'] as const;
export type RetrainStep = (typeof retrainSteps)[number];

/** What is to become active, written down before anything is changed for it. */
export interface IntendedPromotion {
  readonly version: string;
  /** Of its manifest, in hex. */
  readonly sha256: string;
  /** Its folder on the machine that trained it. */
  readonly path: string;
  /** What was activated when it was decided; null where nothing was. Another one by now means that somebody chose it since. */
  readonly activated: string | null;
}

/** One retraining, as it is kept. Times are epoch milliseconds. */
export interface RetrainRun {
  readonly id: number;
  readonly state: RetrainState;
  readonly step: RetrainStep | null;
  /** Who started it. */
  readonly by: string;
  readonly gate: Gate;
  /** The time of the schedule that it is for; null for one that was started by hand. */
  readonly due: number | null;
  /** The active model that it was compared with; null where there was none, or while that is not known. */
  readonly champion: string | null;
  /** The new model; null before it was trained. */
  readonly challenger: string | null;
  readonly intended: IntendedPromotion | null;
  readonly report: GateReport | null;
  /** For people. */
  readonly note: string | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}
