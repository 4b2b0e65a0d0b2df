import { resolve } from 'node:path';
import { exportFormatOf, writeExport } from '../../adapters/dumps/export-file.ts';
import { openDump } from '../../adapters/dumps/open-dump.ts';
import type { TruthReport } from '../../core/label-agreement.ts';
import { compareWithTruth } from '../../labeling/compare-with-truth.ts';
import type { ColumnChoice } from '../../labeling/dump-columns.ts';
import { labeledRows } from '../../labeling/labeled-rows.ts';
import type { LabelCounts } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { DumpSource } from './label-import.ts';
import { withLabels } from './with-labels.ts';

/** A file whose labels are right. */
export interface TruthOrder {
  readonly source: Extract<DumpSource, { readonly file: string }>;
  readonly columns: ColumnChoice;
}

export interface LabelStats extends LabelCounts {
  readonly truth?: TruthReport;
}

/** Counts the rows of the training table, and compares their labels with those of a file where one is named. */
export async function labelStats(
  settings: Settings,
  log: Log,
  truth: TruthOrder | undefined,
): Promise<LabelStats> {
  const dump = truth === undefined ? undefined : await openDump(truth.source.file, truth.source.options);
  return await withLabels(settings, log, async ({ store }) => {
    const counts = await store.counts();
    if (dump === undefined) return counts;
    return { ...counts, truth: await compareWithTruth(store, dump, truth!.columns) };
  });
}

export interface ExportOrder {
  readonly path: string;
  readonly unlabeled: 'leave-out' | 'ham';
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly progress: (rows: number) => void;
}

/** What was written. */
export interface Exported {
  readonly path: string;
  readonly rows: number;
  readonly spam: number;
  readonly ham: number;
}

/** Writes the labeled rows of the training table to a CSV or JSON Lines file, by its name. Rejects where the signal aborts; no file remains then. */
export async function exportLabels(
  settings: Settings,
  log: Log,
  { path: given, unlabeled, replace, signal, progress }: ExportOrder,
): Promise<Exported> {
  const path = resolve(given);
  const format = exportFormatOf(path);
  const counts = { spam: 0, ham: 0 };
  return await withLabels(settings, log, async ({ store }) => {
    const pages = async function* () {
      for await (const page of labeledRows(store, { unlabeled, signal })) {
        for (const { label } of page) counts[label]++;
        yield page.map(({ label, message, near_group, community, source, labelled_by }) => ({
          ...{ label, text: message, group: near_group, community, source, labelled_by },
        }));
        progress(counts.spam + counts.ham);
      }
    };
    await writeExport(path, pages(), { format, replace });
    return { path, rows: counts.spam + counts.ham, ...counts };
  });
}
