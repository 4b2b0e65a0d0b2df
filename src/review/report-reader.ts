import type { Batch, SourceMessage } from '../core/batch.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import { reportBody } from './report-body.ts';
import type { ReportDesk, ReportedMessage } from './report-desk.ts';

/** Seconds until what failed is tried again: at first, and at most. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 30;

export interface ReportReaderOptions {
  /** Opens the topic. Throws `SOURCE_FAILED`, and is then called again. */
  readonly open: () => Promise<MessageSource>;
  readonly desk: Pick<ReportDesk, 'report'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}

/**
 * Reads reports from a topic. Each is stored before its offset is committed; one that comes again counts once. A record that is no report is
 * skipped, and so is one of a person who reports too much; both are logged with their position. While broker or database do not answer, it waits.
 */
export class ReportReader {
  readonly #options: ReportReaderOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ReportReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the report that is being stored is stored, or was given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let source: MessageSource | undefined;
    try {
      source = await this.#untilItWorks('the topic of reports cannot be read', async () => {
        const opened = await this.#options.open();
        try {
          await opened.open({ revoked: () => {} });
        } catch (error) {
          await opened.close().catch(() => undefined);
          throw error;
        }
        return opened;
      });
      while (source !== undefined && !signal.aborted) {
        const from: MessageSource = source;
        const pull = () => from.pull(signal);
        const batch: Batch | undefined = await this.#untilItWorks(
          'the topic of reports cannot be read',
          pull,
        );
        if (batch === undefined) return;
        await this.#store(batch);
        if (!signal.aborted) await this.#commit(from, batch);
      }
    } finally {
      await source?.close().catch(() => undefined);
    }
  }

  async #store({ topic, partition, messages }: Batch): Promise<void> {
    const { desk, log } = this.#options;
    for (const message of messages) {
      if (this.#stopping.signal.aborted) return;
      const at = { topic, partition, offset: message.offset };
      if (message.tombstone) continue;
      const report = reportOf(message);
      if (report === undefined) {
        log.warn(at, 'a record of the topic of reports is no report; it is skipped');
        continue;
      }
      await this.#untilItWorks('reports cannot be stored', async () => {
        try {
          await desk.report(report);
        } catch (error) {
          if (!(error instanceof SluiceError) || error.code !== 'REPORTS_LIMITED') throw error;
          log.warn(at, `a report is not counted: ${error.message}`);
        }
      });
    }
  }

  async #commit(source: MessageSource, { topic, partition, epoch, nextOffset }: Batch): Promise<void> {
    try {
      await source.commit([{ topic, partition, epoch, nextOffset }]);
    } catch (error) {
      this.#options.log.warn(
        { error: describeError(error) },
        'the position in the topic of reports cannot be committed; what was read comes again, and counts once',
      );
    }
  }

  /** Undefined where it is stopped before. */
  async #untilItWorks<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT))
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) return undefined;
        log.warn({ error: describeError(error), seconds: wait }, `${what}; it is tried again`);
        await clock.sleep(wait, signal);
      }
    return undefined;
  }
}

function reportOf({ bytes }: SourceMessage): ReportedMessage | undefined {
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const parsed = reportBody.safeParse(record);
  if (!parsed.success) return undefined;
  const { community, message, message_id, reporter, sender } = parsed.data;
  return {
    ...{ community, message, message_id: String(message_id), reporter: String(reporter) },
    sender: sender === undefined || sender === null ? null : String(sender),
    // It counts without a score, too.
    scored: { probability: null, reasons: [], model: '' },
  };
}
