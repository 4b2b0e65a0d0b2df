import { SluiceError } from '../../core/errors.ts';
import type { ReportMessage } from '../../evaluation/report/score-for-report.ts';
import { type HeldOutData, openHeldOut } from '../learning/held-out-messages.ts';

/** The data that a report is about, read once. */
export interface ReportData {
  readonly messages: AsyncIterable<ReportMessage>;
  /** Of data without a labeled message: why there is none, for people. Known once all messages were read. */
  readonly empty: readonly string[];
}

/**
 * Opens data as `openHeldOut` takes it. Data that is at fault before its first message, such as a file without labels, is noted in
 * `empty` instead of an error, so that the report can state it. Throws as `openHeldOut` does.
 */
export function openReportData({ data, everything = false, signal }: HeldOutData): ReportData {
  const empty: string[] = [];
  async function* read(): AsyncGenerator<ReportMessage> {
    const sources = new Set<string>();
    for (const [at, spec] of data.entries()) {
      const ofSpec = new Set<string>();
      try {
        const opened = { data: [spec], everything, ...(signal === undefined ? {} : { signal }) };
        for await (const message of await openHeldOut(opened)) {
          ofSpec.add(message.source);
          // Two files of one name in different folders are two sets.
          const { source } = message;
          yield sources.has(source) ? { ...message, source: `${source} (${at + 1})` } : message;
        }
        if (ofSpec.size === 0) empty.push(noMessage(spec, everything));
      } catch (error) {
        if (!(error instanceof SluiceError && error.code === 'DATA_INVALID' && ofSpec.size === 0))
          throw error;
        empty.push(error.message);
      }
      for (const source of ofSpec) sources.add(source);
    }
  }
  return { messages: read(), empty };
}

function noMessage(spec: string, everything: boolean): string {
  return everything
    ? `${spec} has no labeled message.`
    : `${spec} has no message in the test set that training holds out. Use all of it with --everything.`;
}
