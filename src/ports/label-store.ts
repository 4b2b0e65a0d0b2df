import type { RowLabel } from '../core/decision.ts';
import type { LabelRow, LabelStep, LabelStepKind } from '../core/label-step.ts';

/** Rows of one call that changes some: one transaction holds them all. */
export const MAX_LABEL_EDITS = 1000;

/** A row to import. */
export interface NewLabelRow {
  readonly message: string;
  readonly community: string;
  /** Where it comes from: `reported` by users, or drawn at `random`, or a name of the importer's. */
  readonly source: string;
  /** Where the dump has labels already. */
  readonly label?: RowLabel;
}

/**
 * What a step does to one row, which it changes if the row is as it was read. One call gives a row one label and one group, and removes it
 * only if its label stays.
 */
export type LabelEdit =
  | { readonly kind: 'label'; readonly row: Pick<LabelRow, 'id' | 'labelled_by'>; readonly label: RowLabel }
  | { readonly kind: 'remove'; readonly row: Pick<LabelRow, 'id' | 'labelled_by'> }
  /** The group's name begins with the step's number and a colon, such as `12:4711`; at most 191 characters. */
  | { readonly kind: 'group'; readonly row: Pick<LabelRow, 'id' | 'near_group'>; readonly group: string };

/** Which rows; all that are named have to hold. */
export interface LabelRowFilter {
  /** `unlabeled`: imported and not labeled. */
  readonly label?: RowLabel | 'unlabeled';
  /** Those alone that the import with this number added. */
  readonly import?: number;
}

export interface LabelCounts {
  readonly rows: number;
  /** By label, by source, and by who labeled: `person`, the kind of a step, or `unknown` for rows that came labeled from elsewhere. */
  readonly groups: readonly {
    readonly label: RowLabel | null;
    readonly source: string;
    readonly by: 'person' | LabelStepKind | 'unknown' | null;
    readonly rows: number;
  }[];
}

/** What an undo did. */
export interface UndoneStep {
  readonly step: LabelStep;
  /** Rows that are as they were before the step, or would be if a later step or decision had not changed them. */
  readonly rows: number;
  /** Rows that an import added and that stay, because people have decided them. */
  readonly kept: number;
}

/**
 * The training table while it is labeled. A change and its record are one transaction; a row that a person labels, or another command
 * changes, between being read and being edited is left alone. One step runs at a time; decisions of people go on beside it.
 * Throws `STORE_FAILED`; `STEP_RUNNING` where another step is not finished; `STEP_UNKNOWN`.
 */
export interface LabelStore {
  /** Ascending by id, from after `after`: fewer than `limit` where the table ends. */
  rows(query: {
    readonly after: number;
    readonly limit: number;
    readonly filter?: LabelRowFilter;
  }): Promise<readonly LabelRow[]>;
  /** In any order; ids that do not exist are left out. */
  rowsOf(ids: readonly number[]): Promise<readonly LabelRow[]>;
  counts(): Promise<LabelCounts>;
  /** Newest first; at most `limit`. */
  steps(limit: number): Promise<readonly LabelStep[]>;
  /** Throws `STEP_UNKNOWN`. */
  step(id: number): Promise<LabelStep>;
  /** Records a step, and holds it: see {@link LabelStore.hold}. */
  begin(step: {
    readonly kind: LabelStepKind;
    readonly about: string;
    readonly parameters: unknown;
    readonly by: string;
  }): Promise<LabelStep>;
  /**
   * Holds an unfinished step for this process, for half a minute from now and from each later call with its id, so that nobody else
   * resumes or undoes it. Throws `STEP_RUNNING` where another process holds it, `USAGE` for one that is finished.
   */
  hold(id: number): Promise<LabelStep>;
  /** Adds rows, and sets the step's position. All or none. */
  add(step: number, rows: readonly NewLabelRow[], position: unknown): Promise<void>;
  /** Edits rows, at most {@link MAX_LABEL_EDITS}, and sets the step's position where one is given. All or none. Returns how many were changed. */
  edit(step: number, edits: readonly LabelEdit[], position?: unknown): Promise<number>;
  /** The step is applied. */
  finish(step: number): Promise<LabelStep>;
  /**
   * Takes a step back, whatever was done after it: a row gets back what it was before the step, unless a later step or a person changed
   * it; then that change, if it is undone too, leads to what was before this step. Undoing all steps in any order restores the table
   * exactly. May be called again after it was cut off. `progress` gets the number of rows so far.
   */
  undo(id: number, by: string, progress?: (rows: number) => void): Promise<UndoneStep>;
  close(): Promise<void>;
}
