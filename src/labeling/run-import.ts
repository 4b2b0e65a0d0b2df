import { describeError, SluiceError } from '../core/errors.ts';
import type { ImportProgress, ImportReport } from '../core/import-report.ts';
import type { LabelStep } from '../core/label-step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Dump, DumpPage } from '../ports/dump.ts';
import { type LabelStore, MAX_LABEL_EDITS, type NewLabelRow } from '../ports/label-store.ts';
import { type ColumnChoice, rowReader } from './dump-columns.ts';
import { whileHeld } from './held-step.ts';
import { type ImportPosition, ImportTally, requireRows } from './import-tally.ts';

/** Of the rows of one transaction, unless one row alone has more. UTF-16 code units. */
const MAX_CHUNK_TEXT = 8 * 1024 * 1024;
/** Earlier steps that are compared with this dump. */
const COMPARED_STEPS = 1000;

/** What an import's step holds, so that it can be resumed. */
export interface ImportParameters {
  /** What opens the dump again; the caller's. */
  readonly dump: unknown;
  readonly identity: Dump['identity'];
  readonly columns: ColumnChoice;
  readonly strict: boolean;
}

export interface RunImportOptions {
  readonly store: LabelStore;
  readonly clock: Clock;
  readonly dump: Dump;
  readonly parameters: ImportParameters;
  /** `messages.maxBytes`. */
  readonly maxBytes: number;
  readonly apply: boolean;
  readonly by: string;
  /** The number of an unfinished import of the same dump, which goes on where it stopped. */
  readonly resume?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ImportProgress) => void;
}

/**
 * Reads a dump, and adds its rows if that is asked for. All of it is read once before the first row is added, so that an error in a row
 * leaves the table as it was. An import that is interrupted, or whose process ends, can be resumed: each transaction stores how far it has
 * come.
 *
 * Throws `DATA_INVALID` with file and row, and what the store throws.
 */
export async function runImport(options: RunImportOptions): Promise<ImportReport> {
  const { store, dump, parameters, apply, resume, signal } = options;
  if (resume !== undefined) return await resumed(options, resume);
  const steps = await store.steps(COMPARED_STEPS);
  if (apply) refuseUnfinished(steps);
  const importedBefore = sameImports(steps, parameters.identity);
  const checked = newTally(options);
  await readAll(options, checked, 'checking', async () => {});
  const report = (tally: ImportTally, state: ImportReport['state'], step: number | null): ImportReport => ({
    ...reportOf(options, tally, state, step),
    examples: checked.examples(),
    imported_before: importedBefore,
  });
  if (signal?.aborted) return report(checked, 'stopped', null);
  requireRows(checked, dump.name);
  if (!apply) return report(checked, 'planned', null);
  const step = await store.begin({ kind: 'import', about: aboutOf(options), parameters, by: options.by });
  const tally = newTally(options);
  return report(tally, await added(options, step, tally), step.id);
}

/** Throws `DATA_INVALID` where the dump is another one by now. */
async function resumed(options: RunImportOptions, id: number): Promise<ImportReport> {
  const { store, dump, parameters } = options;
  const step = await store.hold(id);
  const before = parameters.identity;
  if (JSON.stringify(sorted(dump.identity)) !== JSON.stringify(sorted(before)))
    throw new SluiceError(
      'DATA_INVALID',
      `${dump.name} is not what step ${id} began to import: its size or its contents changed. Bring the same one back, or take the step back with "sluice label undo ${id}".`,
    );
  const tally = newTally(options, (step.position as ImportPosition | null) ?? undefined);
  return reportOf(options, tally, await added(options, step, tally), id);
}

async function added(
  options: RunImportOptions,
  step: LabelStep,
  tally: ImportTally,
): Promise<'applied' | 'unfinished'> {
  const { store, clock, signal } = options;
  try {
    return await whileHeld({ store, clock, step: step.id }, async (lost) => {
      await readAll({ ...options, lost }, tally, 'adding', (rows, position) =>
        store.add(step.id, rows, position),
      );
      if (signal?.aborted) return 'unfinished';
      await store.finish(step.id);
      return 'applied';
    });
  } catch (error) {
    const { code, retriable } =
      error instanceof SluiceError ? error : { code: 'INTERNAL' as const, retriable: false };
    if (code === 'STEP_RUNNING') throw error;
    throw new SluiceError(
      code,
      `${describeError(error)} Step ${step.id} is not finished: "sluice label resume ${step.id}" goes on with it, "sluice label undo ${step.id}" takes it back.`,
      { cause: error, retriable },
    );
  }
}

/** Reads from where the tally is; `write` gets chunks with the position after each. Ends early where the signal aborts. */
async function readAll(
  { dump, signal, progress, lost, ...options }: RunImportOptions & { readonly lost?: AbortSignal },
  tally: ImportTally,
  phase: ImportProgress['phase'],
  write: (rows: readonly NewLabelRow[], position: ImportPosition) => Promise<void>,
): Promise<void> {
  const { after } = tally.position;
  const { columns } = rowReader(dump, options.parameters.columns, options);
  let chunk: NewLabelRow[] = [];
  let characters = 0;
  const flush = async (share: number | null) => {
    lost?.throwIfAborted();
    // Rows that are refused after the last one that is added are read again by a resume, and refused again.
    if (chunk.length > 0) await write(chunk, tally.position);
    chunk = [];
    characters = 0;
    progress?.({ phase, rows: tally.rows, share });
  };
  for await (const { records, share } of ahead(dump.records(columns, after ?? undefined))) {
    for (const record of records) {
      const row = tally.take(record);
      if (row === undefined) continue;
      chunk.push(row);
      characters += row.message.length;
      if (chunk.length < MAX_LABEL_EDITS && characters < MAX_CHUNK_TEXT) continue;
      await flush(share);
      if (signal?.aborted) return;
    }
    if (signal?.aborted) break;
  }
  await flush(1);
}

/** Reads a page while the one before is written. */
async function* ahead(pages: AsyncIterable<DumpPage>): AsyncGenerator<DumpPage> {
  const iterator = pages[Symbol.asyncIterator]();
  const next = () => {
    const page = iterator.next();
    // Whether it failed is seen when it is asked for.
    page.catch(() => undefined);
    return page;
  };
  let coming = next();
  try {
    for (;;) {
      const page = await coming;
      if (page.done) return;
      coming = next();
      yield page.value;
    }
  } finally {
    await coming.catch(() => undefined);
    await iterator.return?.();
  }
}

function newTally({ dump, parameters, maxBytes }: RunImportOptions, from?: ImportPosition): ImportTally {
  const reader = rowReader(dump, parameters.columns, { maxBytes });
  return new ImportTally(reader, { strict: parameters.strict, name: dump.name }, from);
}

function reportOf(
  options: RunImportOptions,
  tally: ImportTally,
  state: ImportReport['state'],
  step: number | null,
): ImportReport {
  const { read, labels, refused } = tally.position;
  return {
    ...{ kind: 'import', about: aboutOf(options), state, step, read, rows: tally.rows, labels, refused },
    ...{ examples: [], imported_before: [] },
  };
}

function aboutOf({ dump, parameters: { columns } }: RunImportOptions): string {
  const of =
    columns.sourceColumn === undefined
      ? `source ${columns.source ?? 'import'}`
      : `source by ${columns.sourceColumn}`;
  return `import of ${dump.name}, ${of}`;
}

/** Before a long dump is read: the store would refuse the step only afterwards. */
function refuseUnfinished(steps: readonly LabelStep[]): void {
  const other = steps.find(({ state }) => state === 'running' || state === 'undoing');
  if (other === undefined) return;
  const { id, kind, by } = other;
  throw new SluiceError(
    'STEP_RUNNING',
    `label step ${id} (${kind}, by ${by}) is not finished; wait for its end, or if it was cut off, finish it with "sluice label resume ${id}" or take it back with "sluice label undo ${id}"`,
    { retriable: true },
  );
}

/** Steps that imported the same and were not undone. */
function sameImports(steps: readonly LabelStep[], identity: Dump['identity']): readonly number[] {
  const wanted = JSON.stringify(sorted(identity));
  return steps
    .filter(({ kind, state }) => kind === 'import' && state !== 'undone')
    .filter(({ parameters }) => {
      const { identity: of } = (parameters ?? {}) as Partial<ImportParameters>;
      return of !== undefined && JSON.stringify(sorted(of)) === wanted;
    })
    .map(({ id }) => id);
}

/** A database may give the fields of JSON in another order. */
function sorted(identity: Dump['identity']): unknown {
  return Object.entries(identity).sort(([one], [other]) => (one < other ? -1 : 1));
}
