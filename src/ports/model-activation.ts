import type { Activations } from '../core/activations.ts';

/** The one place that says to all daemons which version judges. `MODEL_STORE_FAILED` when it does not answer. */
export interface ModelActivation {
  /** For people. */
  readonly location: string;
  /** Undefined where none was activated yet. */
  read(): Promise<Activations | undefined>;
  /** Replaces what is there, as a whole. */
  write(activations: Activations): Promise<void>;
}
