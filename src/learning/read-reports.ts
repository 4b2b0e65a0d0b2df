import { LAST_RANK, type SearchedRow } from '../labeling/duplicates/duplicate-input.ts';
import { findDuplicates, type SearchOptions } from '../labeling/duplicates/find-duplicates.ts';
import type { ReportedRow } from './data-source.ts';
import { RecordFile } from './record-file.ts';
import type { ReportLimits } from './report-weights.ts';
import { reportWeights } from './report-weights.ts';
import { labelBits, type RowColumns } from './row-columns.ts';

/** A reported message that is trained on as spam, or why it is not. */
export type ReportOutcome = { readonly weight: number } | { readonly leftOut: ReportReason };

/**
 * `ham-evidence`: something near to it is labeled ham; `decided`: labeled spam; `for-testing`: no training may use it; `newest`: as for labels;
 * `too-few-reports`: of too few people, or of people who report very much, or the settings give reports no weight.
 */
export type ReportReason =
  | 'ham-evidence'
  | 'decided'
  | 'for-testing'
  | 'near-duplicate'
  | 'newest'
  | 'too-few-reports';

export interface ReportOptions extends SearchOptions {
  readonly limits: ReportLimits;
  /** Of the labeled rows, in their order. */
  readonly labels: RowColumns;
  readonly labeledTexts: () => Iterable<string>;
  /** Weight of what is labeled and trained on. */
  readonly labeledWeight: number;
  /** How many people have reported anything. */
  readonly everybody: () => Promise<number>;
  readonly isForTesting: (message: { readonly text: string }) => boolean;
  /** Reports that began later are not trained on; null where there is no such limit. */
  readonly newestAfter: number | null;
}

interface StoredReport extends Omit<ReportedRow, 'reporters'> {
  readonly reporters: readonly number[];
}

/**
 * Decides what reported messages count for. They are looked at after all that is labeled, and nothing of that changes because of them: what
 * is near to a message that somebody labeled is left out, and so nobody's report overrules a label.
 */
export async function* readReports(
  reports: AsyncIterable<readonly ReportedRow[]>,
  options: ReportOptions,
): AsyncGenerator<{ readonly row: Omit<ReportedRow, 'reporters'>; readonly outcome: ReportOutcome }> {
  const { labels, limits, labeledWeight, scratch } = options;
  const file = new RecordFile<StoredReport>(scratch);
  try {
    const reportsOf: number[] = [];
    let count = 0;
    for await (const row of numbered(reports, reportsOf)) {
      file.add(row);
      count++;
    }
    if (count === 0) return;
    const found = await findDuplicates(searched(options, file), options);
    /** Of each chain, the labels of its rows. */
    const chains = new Uint8Array(found.rows);
    for (let row = 0; row < labels.count; row++)
      chains[found.chainOf(row)] = chains[found.chainOf(row)]! | labels.labelOf(row);
    const reasons: (ReportReason | undefined)[] = [];
    /** Of each message that near-duplicates stand for, by its index. */
    const pools = new Map<number, Set<number>>();
    for (const { text, at, reporters } of file.read()) {
      const index = labels.count + reasons.length;
      const reason = reasonOf(
        chains[found.chainOf(index)]!,
        { isFirst: found.stays[index] === index, text, at },
        options,
      );
      reasons.push(reason);
      if (reason !== undefined && reason !== 'near-duplicate') continue;
      const pool = pools.get(found.stays[index]!) ?? new Set();
      for (const reporter of reporters) pool.add(reporter);
      pools.set(found.stays[index]!, pool);
    }
    const used = reasons.flatMap((reason, at) =>
      reason === undefined ? [[...pools.get(labels.count + at)!]] : [],
    );
    const weights = reportWeights(
      { reporters: used, reportsOf, everybody: await options.everybody(), labeled: labeledWeight },
      limits,
    );
    let next = 0;
    let index = 0;
    for (const { reporters: _, ...row } of file.read()) {
      const leftOut = reasons[index++];
      const weight = leftOut === undefined ? weights[next++]! : 0;
      yield { row, outcome: weight > 0 ? { weight } : { leftOut: leftOut ?? 'too-few-reports' } };
    }
  } finally {
    file.close();
  }
}

/** `known`: the labels of what is near to it, as bits. */
function reasonOf(
  known: number,
  { isFirst, text, at }: { readonly isFirst: boolean; readonly text: string; readonly at: number },
  { isForTesting, newestAfter }: ReportOptions,
): ReportReason | undefined {
  if ((known & labelBits.ham) !== 0) return 'ham-evidence';
  if (known !== 0) return 'decided';
  if (!isFirst) return 'near-duplicate';
  if (isForTesting({ text })) return 'for-testing';
  return newestAfter !== null && at > newestAfter ? 'newest' : undefined;
}

/** Numbers the reporters from 0, and counts the messages of each. */
async function* numbered(
  reports: AsyncIterable<readonly ReportedRow[]>,
  reportsOf: number[],
): AsyncGenerator<StoredReport> {
  const numbers = new Map<string, number>();
  for await (const page of reports)
    for (const row of page) {
      const reporters = row.reporters.map((reporter) => {
        const number = numbers.get(reporter) ?? numbers.size;
        numbers.set(reporter, number);
        reportsOf[number] = (reportsOf[number] ?? 0) + 1;
        return number;
      });
      yield { ...row, reporters };
    }
}

/** What is labeled first, so that it stays before what is reported. */
function* searched({ labeledTexts }: ReportOptions, file: RecordFile<StoredReport>): Generator<SearchedRow> {
  let id = 0;
  for (const message of labeledTexts()) yield { id: id++, message, rank: 1 };
  for (const { text } of file.read()) yield { id: id++, message: text, rank: LAST_RANK };
}
