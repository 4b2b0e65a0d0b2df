import type { RowLabel } from './decision.ts';
import type { LabelRow, LabelStepKind } from './label-step.ts';

/** What a step makes of a row. */
export const rowOutcomes = ['spam', 'ham', 'removed', 'grouped'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** What a row was before the step. */
export type KnownAs = RowLabel | 'unlabeled';

/** A row that a step changes, as it was read. Its message is cut after {@link EXAMPLE_CHARACTERS}. */
export interface StepExample extends LabelRow {
  readonly becomes: RowOutcome;
}

/** UTF-16 code units of an example's message. */
export const EXAMPLE_CHARACTERS = 1000;

/**
 * `planned`: a dry run, nothing was changed. `stopped`: a dry run that was interrupted. `applied`. `undone`: interrupted, and what was
 * done was taken back.
 */
export type StepReportState = 'planned' | 'stopped' | 'applied' | 'undone';

/** What a label step would do or has done: the JSON that every command of `sluice label` prints that changes rows. */
export interface StepReport {
  readonly kind: Exclude<LabelStepKind, 'import'>;
  /** What was asked for, in words. */
  readonly about: string;
  readonly state: StepReportState;
  /** The step's number, for `label undo`; null for a dry run. */
  readonly step: number | null;
  /** Rows that it would change, or has changed; of a step that was resumed, those of both runs. */
  readonly rows: number;
  /** Rows that were not changed because a person or another command changed them in the meantime. */
  readonly left_alone: number;
  /** What the rows were known as before; of a step that was resumed, those of this run. */
  readonly known: Readonly<Record<KnownAs, number>>;
  readonly becomes: Readonly<Record<RowOutcome, number>>;
  /** About ten, by id: drawn at random with a fixed seed, of different texts, and some of each kind of row. */
  readonly examples: readonly StepExample[];
}

/** How far a step has come. */
export interface StepProgress {
  readonly phase: 'planning' | 'applying' | 'undoing';
  /** Rows so far. */
  readonly rows: number;
}

/** How a command wants its step to be run. */
export interface StepRun {
  /** False: a dry run. */
  readonly apply: boolean;
  /** Who runs it, for the record. */
  readonly by: string;
  /** Interrupts it. */
  readonly signal: AbortSignal;
  readonly progress: (progress: StepProgress) => void;
}
