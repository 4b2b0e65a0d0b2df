/** One step of a training as it starts, gets on and ends. */
export interface TrainingStep {
  readonly step: string;
  readonly state: 'started' | 'advanced' | 'finished';
  /** Fits done, and how many there will be, when advanced. */
  readonly done?: number;
  readonly of?: number;
  /** Wall time, when finished. */
  readonly seconds?: number;
  /** Highest resident memory of the step's process, when finished. */
  readonly peakBytes?: number;
}

export type TrainingProgress = (step: TrainingStep) => void;
