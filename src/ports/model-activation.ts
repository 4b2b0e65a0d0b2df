import type { Activations } from '../core/activations.ts';

/** The record of the active version, which all daemons follow. Throws `MODEL_STORE_FAILED` when it does not answer. */
export interface ModelActivation {
  /** For people. */
  readonly location: string;
  /** Undefined where none was activated yet. */
  read(): Promise<Activations | undefined>;
  /** Replaces what is there, as a whole. */
  write(activations: Activations): Promise<void>;
}
