import type { Kysely } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { LabelRow, LabelStep } from '../../core/label-step.ts';
import {
  type LabelCounts,
  type LabelEdit,
  type LabelStore,
  MAX_LABEL_EDITS,
  type NewLabelRow,
  type UndoneStep,
} from '../../ports/label-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { inTransaction } from './in-transaction.ts';
import { addImported, editRows } from './label-edits.ts';
import { countLabels, readLabelRows, readRowsOf } from './label-rows.ts';
import {
  advanceStep,
  beginStep,
  beginUndo,
  finishStep,
  HOLD_MS,
  holdStep,
  lockRunning,
  lockUndoing,
  releaseSteps,
  type StepTransaction,
  stepOfRow,
  stepUnknown,
  writeActivity,
} from './label-step-rows.ts';
import { keptOf, restoreRemoved, undoAdded, undoAddedRemoved, undoChanges } from './label-undo.ts';
import { integerOf } from './review-row.ts';
import type { SqlDecisionStoreParts } from './sql-decision-store.ts';

export interface SqlLabelStoreParts extends Omit<SqlDecisionStoreParts, 'settleSeconds'> {
  /** Of this process, unlike all others. */
  readonly holder: string;
}

type NewStep = Parameters<LabelStore['begin']>[0];
type RowsQuery = Parameters<LabelStore['rows']>[0];

/** The training table while it is labeled, in SQL; MySQL, MariaDB and libsql differ in their `SqlFlavour` alone. */
export class SqlLabelStore implements LabelStore {
  readonly #parts: SqlLabelStoreParts;
  /** Whether this process has worked on a step. */
  #mayHold = false;

  constructor(parts: SqlLabelStoreParts) {
    this.#parts = parts;
  }

  rows(query: RowsQuery): Promise<readonly LabelRow[]> {
    const { database, flavour, guard } = this.#parts;
    return guard(() => readLabelRows(database, flavour, query));
  }

  rowsOf(ids: readonly number[]): Promise<readonly LabelRow[]> {
    const { database, flavour, guard } = this.#parts;
    return guard(() => readRowsOf(database, flavour, ids));
  }

  counts(): Promise<LabelCounts> {
    const { database, flavour, guard } = this.#parts;
    return guard(() => countLabels(database, flavour));
  }

  async steps(limit: number): Promise<readonly LabelStep[]> {
    const { guard } = this.#parts;
    const rows = await guard(() => this.#selectSteps().orderBy('id', 'desc').limit(limit).execute());
    return rows.map(stepOfRow);
  }

  async step(id: number): Promise<LabelStep> {
    const { guard } = this.#parts;
    const row = await guard(() => this.#selectSteps().where('id', '=', id).executeTakeFirst());
    if (row === undefined) throw stepUnknown(id);
    return stepOfRow(row);
  }

  begin(step: NewStep): Promise<LabelStep> {
    this.#mayHold = true;
    return this.#write((parts) => beginStep(parts, step));
  }

  hold(id: number): Promise<LabelStep> {
    this.#mayHold = true;
    return this.#write((parts) => holdStep(parts, id));
  }

  async add(step: number, rows: readonly NewLabelRow[], position: unknown): Promise<void> {
    await this.#write(async (parts) => {
      const { kind } = await lockRunning(parts, step);
      if (kind !== 'import') throw new SluiceError('INTERNAL', `label step ${step} is no import`);
      await addImported(parts, step, rows);
      await advanceStep(parts, step, { rows: rows.length, position });
    });
  }

  async edit(step: number, edits: readonly LabelEdit[], position?: unknown): Promise<number> {
    if (edits.length > MAX_LABEL_EDITS)
      throw new SluiceError('INTERNAL', `${edits.length} edits are more than one transaction takes`);
    return this.#write(async (parts) => {
      await lockRunning(parts, step);
      const rows = await editRows(parts, step, edits);
      await advanceStep(parts, step, { rows, position });
      return rows;
    });
  }

  finish(step: number): Promise<LabelStep> {
    return this.#write((parts) => finishStep(parts, step));
  }

  async undo(id: number, by: string, progress?: (rows: number) => void): Promise<UndoneStep> {
    this.#mayHold = true;
    await this.#write((parts) => beginUndo(parts, id, by));
    const { kind } = await this.step(id);
    if (kind === 'import') await this.#undoImport(id, progress);
    else {
      await this.#takeBack(id, undoChanges, progress);
      await this.#takeBack(id, restoreRemoved, progress);
    }
    return this.#write(async (parts) => {
      const row = await lockUndoing(parts, id);
      const rows = integerOf(row.taken_back);
      const kept = kind === 'import' ? await keptOf(parts, id) : 0;
      await parts.connection
        .updateTable('label_step')
        .set({ state: 'undone', undone_at: parts.now, undone_by: by, unfinished: null })
        .set({ holder: null, held_until: null })
        .where('id', '=', id)
        .execute();
      await writeActivity(parts, { who: by, what: 'label-undo' }, null, { step: id, kind, rows, kept });
      const { undone_at, undone_by } = { undone_at: parts.now, undone_by: by };
      return { step: { ...stepOfRow(row), state: 'undone', undone_at, undone_by }, rows, kept };
    });
  }

  /** An unfinished step, such as an import that was interrupted, can then be resumed at once. */
  async close(): Promise<void> {
    // A step whose process cannot say so is free after half a minute.
    if (this.#mayHold) await this.#write((parts) => releaseSteps(parts)).catch(() => undefined);
    await this.#parts.close();
  }

  async #undoImport(id: number, progress?: (rows: number) => void): Promise<void> {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const from: number = after;
      await this.#takeBack(
        id,
        async (parts, step) => {
          const part = await undoAdded(parts, step, from);
          after = part.after;
          return part.rows;
        },
        progress,
        1,
      );
    }
    await this.#takeBack(id, undoAddedRemoved, progress);
  }

  /** Runs parts of an undo, a transaction each, until one finds nothing, or so many. */
  async #takeBack(
    id: number,
    work: (parts: StepTransaction, step: number) => Promise<number>,
    progress: ((rows: number) => void) | undefined,
    most = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    for (let part = 0; part < most; part++) {
      const { rows, all } = await this.#write(async (parts) => {
        const { taken_back } = await lockUndoing(parts, id);
        const rows = await work(parts, id);
        const all = integerOf(taken_back) + rows;
        await parts.connection
          .updateTable('label_step')
          .set({ taken_back: all, held_until: parts.now + HOLD_MS })
          .where('id', '=', id)
          .execute();
        return { rows, all };
      });
      if (rows === 0) return;
      progress?.(all);
    }
  }

  #selectSteps() {
    const { database, flavour } = this.#parts;
    return (database as Kysely<SluiceDatabase>)
      .selectFrom('label_step')
      .selectAll()
      .where('training_table', '=', flavour.trainingTable);
  }

  async #write<T>(work: (parts: StepTransaction) => Promise<T>): Promise<T> {
    const { database, flavour, guard, makeDurable, now, holder } = this.#parts;
    return guard(async () => {
      const result = await inTransaction(
        database,
        async (connection) => work({ connection, flavour, holder, now: await now(connection) }),
        flavour.begin,
      );
      await makeDurable();
      return result;
    });
  }
}
