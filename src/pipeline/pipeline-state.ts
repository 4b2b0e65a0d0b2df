import { SluiceError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/**
 * The states of a run, and what ends each:
 * - `starting`: nothing was pulled yet; ends when the source is open, or by a drain or a failure.
 * - `running`: batches are pulled; ends by a drain, by the source's end, or by a failure that no retry can repair.
 * - `draining`: nothing new is pulled; ends when all in flight is settled, flushed and committed, and the source closed.
 * - `stopped`: all that was pulled is settled and committed. Final.
 * - `failed`: something was pulled and not committed; it comes again after a restart. Final.
 */
export const pipelineStates = ['starting', 'running', 'draining', 'stopped', 'failed'] as const;
export type PipelineState = (typeof pipelineStates)[number];

const followers: Readonly<Record<PipelineState, readonly PipelineState[]>> = {
  starting: ['running', 'draining', 'failed'],
  running: ['draining', 'failed'],
  draining: ['stopped', 'failed'],
  stopped: [],
  failed: [],
};

/** Holds the state; its one setter logs each transition and refuses an illegal one with `INTERNAL`. */
export class PipelineStateHolder {
  readonly #log: Log;
  readonly #telemetry: Telemetry;
  #state: PipelineState = 'starting';

  constructor(log: Log, telemetry: Telemetry) {
    this.#log = log;
    this.#telemetry = telemetry;
    telemetry.stateEntered(this.#state);
  }

  get current(): PipelineState {
    return this.#state;
  }

  enter(next: PipelineState): void {
    const from = this.#state;
    if (!followers[from].includes(next))
      throw new SluiceError('INTERNAL', `the pipeline cannot go from ${from} to ${next}; please report this`);
    this.#state = next;
    this.#log.debug({ from, to: next }, 'pipeline state');
    this.#telemetry.stateEntered(next);
  }
}
