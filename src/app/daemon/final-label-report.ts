import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { LabelReport } from './label-report.ts';

/** Compares verdicts with labels while the review store is open, and remembers the last comparison for when it is closed. */
export class FinalLabelReport {
  readonly #compare: () => Promise<LabelReport | null>;
  readonly #log: Log;
  #last: { readonly report: LabelReport | null } | undefined;

  constructor(compare: () => Promise<LabelReport | null>, log: Log) {
    this.#compare = compare;
    this.#log = log;
  }

  /** Compares for the last time, before the review store is closed. Never rejects: a comparison that fails is logged. */
  async finish(): Promise<void> {
    const report = await this.#compare().catch((error: unknown) => {
      this.#log.warn({ error: describeError(error) }, 'the verdicts could not be compared with the labels');
      return null;
    });
    this.#last = { report };
  }

  /** Null where the labels of what was scored are not known. Rejects where the comparison fails while the daemon runs. */
  async report(): Promise<LabelReport | null> {
    return this.#last === undefined ? await this.#compare() : this.#last.report;
  }
}
