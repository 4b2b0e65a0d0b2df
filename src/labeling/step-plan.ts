import type { LabelRow, LabelStepKind } from '../core/label-step.ts';
import type { LabelEdit } from '../ports/label-store.ts';

/** What a step does to one row, with the row as it was read. */
export interface PlannedEdit {
  readonly row: LabelRow;
  readonly edit: LabelEdit;
}

/** A step that changes rows that are there, before it is applied. */
export interface StepPlan {
  readonly kind: Exclude<LabelStepKind, 'import'>;
  /** What is asked for, in words. */
  readonly about: string;
  /** All that a planner needs to plan the same again; JSON. A step that was cut off is resumed by planning it again: what it has done is no edit any more. */
  readonly parameters: unknown;
  /**
   * Reads the table and yields the edits, one page of the table after the other, so that no table is in memory. `step`: the number that
   * the step has or would have, for names that have to be unique to it.
   */
  edits(step: number, signal?: AbortSignal): AsyncIterable<PlannedEdit>;
}
