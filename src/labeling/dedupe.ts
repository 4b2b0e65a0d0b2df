import { isByPerson, type LabelRow } from '../core/label-step.ts';
import { type DedupeReport, reportOf } from './dedupe-report.ts';
import {
  type DedupeOptions,
  type DedupeParameters,
  type LabeledDuplicates,
  labeledDuplicates,
} from './labeled-duplicates.ts';
import type { PlannedEdit, StepPlan } from './step-plan.ts';

/** Rows that are read at once by their ids, with as many that stay. */
const IDS = 400;

/**
 * Removes duplicates from the training table, or names their groups. Of duplicates, the row that a person labeled stays, or else one that is
 * labeled, or else the one with the lowest id. Rows that people labeled always stay, and nothing is removed from a group that holds
 * both labels. The table is searched once, by `report` or by `edits`, whichever is called first; rows that changed since are skipped.
 */
export class Dedupe implements StepPlan {
  readonly kind = 'dedupe';
  readonly about: string;
  readonly parameters: DedupeParameters;
  readonly #options: DedupeOptions;
  #searched: LabeledDuplicates | undefined;

  constructor(options: DedupeOptions) {
    this.#options = options;
    this.parameters = options.parameters;
    const { duplicates, action } = options.parameters;
    const which = {
      exact: 'rows with the same text',
      normalized: 'rows that are the same but for details of writing',
      near: 'near-duplicates',
    };
    this.about = action === 'remove' ? `remove ${which[duplicates]}` : `name groups of ${which[duplicates]}`;
  }

  /** Counts and examples, for people. */
  async report(signal?: AbortSignal): Promise<DedupeReport> {
    return await reportOf(await this.#search(signal), this.parameters, this.#options.store);
  }

  async *edits(step: number, signal?: AbortSignal): AsyncGenerator<PlannedEdit> {
    const searched = await this.#search(signal);
    const edits =
      this.parameters.action === 'remove' ? this.#removals(searched) : this.#names(searched, step);
    for await (const edit of edits) {
      signal?.throwIfAborted();
      yield edit;
    }
  }

  async #search(signal: AbortSignal | undefined): Promise<LabeledDuplicates> {
    this.#searched ??= await labeledDuplicates(this.#options, signal);
    return this.#searched;
  }

  async *#removals({ found, isContradictory }: LabeledDuplicates): AsyncGenerator<PlannedEdit> {
    for (const rows of batches(
      found.rows,
      (row) => found.kindOf(row) !== undefined && !isContradictory(row),
    )) {
      const idsOfStaying = rows.map((row) => found.ids[found.stays[row]!]!);
      const read = await this.#read([...rows.map((row) => found.ids[row]!), ...idsOfStaying]);
      for (const [at, row] of rows.entries()) {
        const [removed, staying] = [read.get(found.ids[row]!), read.get(idsOfStaying[at]!)];
        // Somebody may have labeled or removed one of them since the search.
        if (removed === undefined || staying === undefined || isByPerson(removed.labelled_by)) continue;
        if (removed.label !== null && removed.label !== staying.label) continue;
        yield { row: removed, edit: { kind: 'remove', row: removed } };
      }
    }
  }

  async *#names({ found }: LabeledDuplicates, step: number): AsyncGenerator<PlannedEdit> {
    const sizes = new Int32Array(found.rows);
    for (let row = 0; row < found.rows; row++) sizes[found.chainOf(row)] = sizes[found.chainOf(row)]! + 1;
    for (const rows of batches(found.rows, (row) => sizes[found.chainOf(row)]! > 1)) {
      const read = await this.#read(rows.map((row) => found.ids[row]!));
      for (const index of rows) {
        const row = read.get(found.ids[index]!);
        const group = `${step}:${found.ids[found.firstOf(found.chainOf(index))]}`;
        if (row !== undefined && row.near_group !== group) yield { row, edit: { kind: 'group', row, group } };
      }
    }
  }

  async #read(ids: readonly number[]): Promise<ReadonlyMap<number, LabelRow>> {
    const rows = await this.#options.store.rowsOf([...new Set(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** The indices of rows that hold, some at a time. */
function* batches(rows: number, holds: (row: number) => boolean): Generator<readonly number[]> {
  let batch: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!holds(row)) continue;
    batch.push(row);
    if (batch.length < IDS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
