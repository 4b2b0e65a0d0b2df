import { SluiceError } from '../core/errors.ts';
import type { Report, ReportStore, ReportTransaction } from '../ports/report-store.ts';
import type { NewReviewItem } from '../ports/review-store.ts';

const HOUR_MS = 3_600_000;

export interface ReportLimits {
  /** Messages that one person may report in an hour. */
  readonly perReporterHour: number;
  /** A message that a person found harmless is open again when so many others have reported it since; 0 for never. */
  readonly reopenReports: number;
}

export const defaultReportLimits: ReportLimits = { perReporterHour: 60, reopenReports: 3 };

/** A report, with what the model found. */
export interface ReportedMessage extends Report, Pick<NewReviewItem, 'message' | 'sender'> {
  readonly scored: Pick<NewReviewItem, 'probability' | 'reasons' | 'model'>;
}

export interface ReportResult {
  /** `open`: a person will look at it; `decided`: a person did, and it stays so; `erased`: its text was erased and is not stored again. */
  readonly state: 'open' | 'decided' | 'erased';
  readonly review_id: number;
  /** False where the same person had reported the message before. */
  readonly counted: boolean;
}

/** What users report. Throws what the store throws, and `REPORTS_LIMITED`. */
export class ReportDesk {
  readonly #store: ReportStore;
  readonly #limits: ReportLimits;

  constructor(store: ReportStore, limits: ReportLimits = defaultReportLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** The same person counts once for each message, however often. */
  report(reported: ReportedMessage): Promise<ReportResult> {
    return this.#store.report(async (transaction) => {
      const rows = await transaction.rows(reported);
      const erased = rows.find(({ state }) => state === 'erased');
      if (erased !== undefined) return { state: 'erased', review_id: erased.id, counted: false };
      const own = rows.find(({ origin }) => origin === 'report');
      // Somebody decided this very text, be it as a row of another origin.
      const decided =
        own === undefined || own.state === 'labelled'
          ? (own ?? rows.find((row) => row.state === 'labelled' && row.message === reported.message))
          : undefined;
      const row = decided?.id ?? (await transaction.open(itemOf(reported)));
      const counted = await transaction.add(reported, row);
      if (counted) await this.#checkRate(transaction, reported.reporter);
      if (decided === undefined) return { state: 'open', review_id: row, counted };
      const since = await transaction.reportersSince(reported, decided.labelled_at ?? 0);
      const { reopenReports } = this.#limits;
      if (decided.label !== 'ham' || reopenReports === 0 || since < reopenReports)
        return { state: 'decided', review_id: row, counted };
      if (decided === own) await transaction.reopen(row, since);
      const review_id = decided === own ? row : await transaction.open(itemOf(reported));
      return { state: 'open', review_id, counted };
    });
  }

  async #checkRate(transaction: ReportTransaction, reporter: string): Promise<void> {
    const { perReporterHour } = this.#limits;
    const reports = await transaction.reportsOf(reporter, transaction.now - HOUR_MS);
    if (reports > perReporterHour)
      throw new SluiceError(
        'REPORTS_LIMITED',
        `the same person may report ${perReporterHour} messages an hour`,
        { retriable: true },
      );
  }
}

function itemOf({ community, message_id, message, sender, scored }: ReportedMessage): NewReviewItem {
  return {
    ...{ community, message_id, message, sender, ...scored },
    ...{ position: { topic: 'reports', partition: 0, offset: 0 }, origin: 'report' },
  };
}
