/** One step of a training as it starts and ends. */
export interface TrainingStep {
  readonly step: string;
  readonly state: 'started' | 'finished';
  /** Wall time, when finished. */
  readonly seconds?: number;
  /** Highest resident memory of the trainer so far, when finished. */
  readonly peakBytes?: number;
}

export type TrainingProgress = (step: TrainingStep) => void;
