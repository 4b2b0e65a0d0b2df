import type { Measured } from './measure-regularly.ts';
import type { DaemonPart } from './part-list.ts';
import type { RunTally } from './run-tally.ts';

/** What a running daemon has done since it started. */
export interface DaemonProgress {
  /** The state of the run, as the pipeline names it. */
  readonly state: string;
  readonly read: number;
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
  readonly deadLetters: number;
  /** Messages settled per second, over the last few seconds. */
  readonly perSecond: number;
  /** In the source's unit of offsets: records, or bytes of a file. */
  readonly lag: number;
  /** True once everything that was there has been scored and committed; may turn false again. */
  readonly caughtUp: boolean;
  /** Version of the active model. */
  readonly model: string;
}

export interface ProgressReportParts {
  readonly tally: RunTally;
  readonly demo: { readonly written: Promise<void> };
  readonly lag: () => Pick<Measured, 'total' | 'isKnown' | 'look'>;
  /** Batches in flight. */
  readonly inFlight: () => number;
  /** Version of the active model; undefined before there is one. */
  readonly model: () => string | undefined;
}

/** Reports the progress of a run to people. */
export class ProgressReport implements DaemonPart {
  readonly name = 'the progress report';
  readonly #parts: ProgressReportParts;
  /** Whether the lag was measured after the demonstration was written. */
  #hasSeenDemo = false;

  constructor(parts: ProgressReportParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.#seeDemo();
  }

  get progress(): DaemonProgress {
    const { tally, lag, inFlight, model } = this.#parts;
    const { pulled, ...counts } = tally.counts;
    const settled = inFlight() === 0 && counts.read === pulled;
    const { total, isKnown } = lag();
    return {
      ...counts,
      perSecond: tally.perSecond,
      lag: total,
      caughtUp: this.#hasSeenDemo && settled && total === 0 && isKnown,
      model: model() ?? '',
    };
  }

  /** One line, for service managers. */
  get status(): string {
    const { tally, model } = this.#parts;
    const { state, read, spam, review, deadLetters } = tally.counts;
    return `${state}, model ${model() ?? 'none'}: ${read} read (${Math.round(tally.perSecond)} a second), ${spam} spam, ${review} to review, ${deadLetters} dead letters`;
  }

  async #seeDemo(): Promise<void> {
    await this.#parts.demo.written;
    await this.#parts.lag().look();
    this.#hasSeenDemo = true;
  }
}
