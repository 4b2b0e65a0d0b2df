import { type Selectable, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { LabelStep } from '../../core/label-step.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { LabelStepTable } from './label-tables.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { TimedTransaction } from './timed-transaction.ts';

/** How long a process that works on a step keeps others from it; milliseconds. */
export const HOLD_MS = 30_000;
const MAX_NAME = 191;

/** A transaction of one process that works on steps. */
export interface StepTransaction extends TimedTransaction {
  /** Of this process, unlike all others. */
  readonly holder: string;
}

export type StepRow = Selectable<LabelStepTable>;
type NewStep = Parameters<LabelStore['begin']>[0];

export function stepOfRow(row: StepRow): LabelStep {
  return {
    id: integerOf(row.id),
    kind: row.kind,
    about: row.about,
    parameters: JSON.parse(row.parameters) as unknown,
    by: row.who,
    state: row.state,
    rows: integerOf(row.changed),
    position: row.position === null ? null : (JSON.parse(row.position) as unknown),
    started_at: integerOf(row.started_at),
    finished_at: integerOrNull(row.finished_at),
    undone_at: integerOrNull(row.undone_at),
    undone_by: row.undone_by,
  };
}

/** Records a step that is running, held by this process. Throws `STEP_RUNNING` where another one is not finished. */
export async function beginStep(parts: StepTransaction, step: NewStep): Promise<LabelStep> {
  checkName(step.by);
  await refuseUnfinished(parts);
  const { connection, flavour, holder, now } = parts;
  const { insertId } = await connection
    .insertInto('label_step')
    .values({
      ...{ training_table: flavour.trainingTable, kind: step.kind, about: step.about, who: step.by },
      ...{ parameters: jsonOf(step.parameters), state: 'running', unfinished: 1 },
      ...{ holder, held_until: now + HOLD_MS, started_at: now },
    })
    .executeTakeFirstOrThrow();
  const id = Number(insertId);
  await writeActivity(parts, { who: step.by, what: 'label-step' }, null, {
    ...{ step: id, kind: step.kind, state: 'running' },
  });
  return stepOfRow(await lockStep(parts, id));
}

/** Throws `STEP_UNKNOWN`. */
export async function lockStep({ connection, flavour }: TimedTransaction, id: number): Promise<StepRow> {
  const row = await connection
    .selectFrom('label_step')
    .selectAll()
    .where('id', '=', id)
    .where('training_table', '=', flavour.trainingTable)
    .modifyEnd(flavour.waitForLocked)
    .executeTakeFirst();
  if (row === undefined) throw stepUnknown(id);
  return row;
}

export function stepUnknown(id: number): SluiceError {
  return new SluiceError('STEP_UNKNOWN', `there is no label step ${id}; "sluice label steps" lists them`);
}

/** Takes an unfinished step that no other process holds. */
export async function holdStep(parts: StepTransaction, id: number): Promise<LabelStep> {
  const row = await lockStep(parts, id);
  if (row.unfinished === null) throw new SluiceError('USAGE', `label step ${id} is ${row.state}`);
  if (isHeldByOther(row, parts)) throw stepRunning(row, parts);
  await parts.connection
    .updateTable('label_step')
    .set({ holder: parts.holder, held_until: parts.now + HOLD_MS })
    .where('id', '=', id)
    .execute();
  return stepOfRow(row);
}

/** Lets others take the unfinished steps of this process. */
export async function releaseSteps({ connection, holder }: StepTransaction): Promise<void> {
  await connection
    .updateTable('label_step')
    .set({ holder: null, held_until: null })
    .where('unfinished', '=', 1)
    .where('holder', '=', holder)
    .execute();
}

/**
 * Locks a step that this process is to go on with. Throws `STEP_RUNNING` where another process has taken it meanwhile: that one knows
 * its position, and this one does not any more.
 */
export async function lockRunning(parts: StepTransaction, id: number): Promise<StepRow> {
  const row = await lockStep(parts, id);
  if (row.unfinished !== null && (row.holder !== parts.holder || row.state === 'undoing'))
    throw stepRunning(row, parts);
  if (row.state !== 'running') throw new SluiceError('USAGE', `label step ${id} is ${row.state}`);
  return row;
}

/** Of a step that this process works on: how far it has come. Holds it further. */
export async function advanceStep(
  { connection, holder, now }: StepTransaction,
  id: number,
  { rows, position }: { readonly rows: number; readonly position?: unknown },
): Promise<void> {
  await connection
    .updateTable('label_step')
    .set({
      ...{ changed: sql<number>`changed + ${rows}`, holder, held_until: now + HOLD_MS },
      ...(position === undefined ? {} : { position: jsonOf(position) }),
    })
    .where('id', '=', id)
    .execute();
}

export async function finishStep(parts: StepTransaction, id: number): Promise<LabelStep> {
  const { who, kind, changed } = await lockRunning(parts, id);
  await parts.connection
    .updateTable('label_step')
    .set({ state: 'applied', finished_at: parts.now, unfinished: null, holder: null, held_until: null })
    .where('id', '=', id)
    .execute();
  await writeActivity(
    parts,
    { who, what: 'label-step' },
    { state: 'running' },
    {
      ...{ step: id, kind, state: 'applied', rows: integerOf(changed) },
    },
  );
  return stepOfRow(await lockStep(parts, id));
}

/** Begins an undo, or goes on with one that was cut off. */
export async function beginUndo(parts: StepTransaction, id: number, by: string): Promise<void> {
  checkName(by);
  const row = await lockStep(parts, id);
  if (row.state === 'undone') {
    const at = new Date(integerOf(row.undone_at ?? 0)).toISOString();
    throw new SluiceError('USAGE', `label step ${id} was undone by ${row.undone_by} at ${at}`);
  }
  if (row.state === 'applied') await refuseUnfinished(parts);
  if (isHeldByOther(row, parts)) throw stepRunning(row, parts);
  await parts.connection
    .updateTable('label_step')
    .set({ state: 'undoing', unfinished: 1, holder: parts.holder, held_until: parts.now + HOLD_MS })
    .where('id', '=', id)
    .execute();
}

/** Locks a step whose undo this process goes on with. */
export async function lockUndoing(parts: StepTransaction, id: number): Promise<StepRow> {
  const row = await lockStep(parts, id);
  if (row.state !== 'undoing' || row.holder !== parts.holder) throw stepRunning(row, parts);
  return row;
}

export async function writeActivity(
  { connection, now }: TimedTransaction,
  { who, what }: { readonly who: string; readonly what: string },
  before: object | null,
  // Without the text of the step, which may quote a message: an erasure changes no entry.
  after: object,
): Promise<void> {
  await connection
    .insertInto('activity')
    .values({
      ...{ who, what, when: now, after: JSON.stringify(after) },
      before: before === null ? null : JSON.stringify(before),
    })
    .execute();
}

export function jsonOf(value: unknown): string {
  return JSON.stringify(value ?? null);
}

async function refuseUnfinished(parts: StepTransaction): Promise<void> {
  const other = await parts.connection
    .selectFrom('label_step')
    .selectAll()
    .where('training_table', '=', parts.flavour.trainingTable)
    .where('unfinished', '=', 1)
    .executeTakeFirst();
  if (other !== undefined) throw stepRunning(other, parts);
}

/** A hold that ends too late was written before the clock was set back. */
function isHeldByOther({ holder, held_until }: StepRow, { now, holder: own }: StepTransaction): boolean {
  if (holder === null || holder === own || held_until === null) return false;
  const until = integerOf(held_until);
  return until > now && until <= now + HOLD_MS;
}

function stepRunning(row: StepRow, parts: StepTransaction): SluiceError {
  const id = integerOf(row.id);
  const at = new Date(integerOf(row.started_at)).toISOString();
  const what = `label step ${id} (${row.kind}, by ${row.who}, begun ${at})`;
  if (isHeldByOther(row, parts))
    return new SluiceError(
      'STEP_RUNNING',
      `${what} is being worked on by another process; wait for its end`,
      {
        retriable: true,
      },
    );
  const text =
    row.state === 'undoing'
      ? `${what} is being undone and was cut off; finish that with "sluice label undo ${id}"`
      : `${what} was cut off; finish it with "sluice label resume ${id}", or take it back with "sluice label undo ${id}"`;
  return new SluiceError('STEP_RUNNING', text);
}

function checkName(name: string): void {
  if (name === '' || name.length > MAX_NAME)
    throw new SluiceError('USAGE', `who does a label step has a name of 1 to ${MAX_NAME} characters`);
}
