import { resolve } from 'node:path';
import { type DumpOptions, openDump } from '../../adapters/dumps/open-dump.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ImportProgress, ImportReport } from '../../core/import-report.ts';
import type { LabelStep } from '../../core/label-step.ts';
import type { ColumnChoice } from '../../labeling/dump-columns.ts';
import { type ImportParameters, runImport } from '../../labeling/run-import.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Dump } from '../../ports/dump.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openDumpTable } from '../open/open-dump-table.ts';
import { withLabels } from './with-labels.ts';

/** Where the rows are: a file, or a table of the database of the settings. */
export type DumpSource =
  | { readonly file: string; readonly options: DumpOptions }
  | { readonly table: string; readonly key: string };

export interface ImportOrder {
  readonly source: DumpSource;
  readonly columns: ColumnChoice;
  /** The first row that cannot be imported ends the import. */
  readonly strict: boolean;
  readonly apply: boolean;
  readonly by: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: ImportProgress) => void;
}

/** Reads a dump, and imports it if that is asked for. */
export async function importDump(settings: Settings, log: Log, order: ImportOrder): Promise<ImportReport> {
  const { columns, strict } = order;
  // A resume may run in another folder.
  const source =
    'file' in order.source ? { ...order.source, file: resolve(order.source.file) } : order.source;
  const { dump, close } = await openSource(settings, source);
  try {
    const parameters: ImportParameters = { dump: source, identity: dump.identity, columns, strict };
    return await withLabels(settings, log, ({ store }) =>
      runImport({ ...order, ...common(settings), store, dump, parameters }),
    );
  } finally {
    await close();
  }
}

/** Goes on with an import where it stopped. */
export async function resumeImport({
  settings,
  store,
  step,
  ...how
}: Pick<ImportOrder, 'by' | 'signal' | 'progress'> & {
  readonly settings: Settings;
  readonly store: LabelStore;
  readonly step: LabelStep;
}): Promise<ImportReport> {
  const parameters = step.parameters as ImportParameters;
  const opened = await openSource(settings, parameters.dump as DumpSource).catch((error: unknown) => {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError(
      error.code,
      `${error.message} Step ${step.id} needs it to go on; "sluice label undo ${step.id}" takes back what it has imported.`,
      { cause: error },
    );
  });
  const { dump, close } = opened;
  try {
    return await runImport({
      ...{ ...how, ...common(settings), store, dump, parameters },
      ...{ apply: true, resume: step.id },
    });
  } finally {
    await close();
  }
}

function common({ messages }: Settings) {
  return { clock: systemClock, maxBytes: messages.maxBytes };
}

async function openSource(
  settings: Settings,
  source: DumpSource,
): Promise<{ readonly dump: Dump; close(): Promise<void> }> {
  if ('table' in source) return await openDumpTable(settings, source);
  return { dump: await openDump(source.file, source.options), close: async () => {} };
}
