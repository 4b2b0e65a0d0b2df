import type { RowLabel } from './decision.ts';

/**
 * Steps that turn a dump into labels. `import` adds rows; `dedupe` takes rows away or names their groups; the others label rows.
 * `rest` labels what no other step has labeled; `predict` labels by a light model that is fitted to what is labeled.
 */
export const labelStepKinds = ['import', 'dedupe', 'rule', 'similar', 'predict', 'rest'] as const;
export type LabelStepKind = (typeof labelStepKinds)[number];

/**
 * `running`: begun and not finished, by a command that runs or was stopped; it can be resumed or undone. `undoing`: an undo was begun
 * and not finished; it can only be undone.
 */
export const labelStepStates = ['running', 'applied', 'undoing', 'undone'] as const;
export type LabelStepState = (typeof labelStepStates)[number];

/** One applied step of labeling, with its number. */
export interface LabelStep {
  readonly id: number;
  readonly kind: LabelStepKind;
  /** What was asked for, in words: the file, the rule, the text. */
  readonly about: string;
  /** All that a resumed step needs; JSON. */
  readonly parameters: unknown;
  readonly by: string;
  readonly state: LabelStepState;
  /** Rows that it added, removed or changed so far. */
  readonly rows: number;
  /** How far an unfinished step has come; what it is, the step defines. */
  readonly position: unknown;
  /** Epoch milliseconds. */
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly undone_at: number | null;
  readonly undone_by: string | null;
}

const STEP = /^step:(\d+)$/;

/** What `labelled_by` of a training row holds where a step labeled it; no account has such a name. */
export function labeledByStep(step: number): string {
  return `step:${step}`;
}

/** The step that labeled a row; undefined where a person or nobody did. */
export function stepOf(labeler: string | null): number | undefined {
  const found = labeler === null ? null : STEP.exec(labeler);
  return found === null ? undefined : Number(found[1]);
}

/** Whether a person gave the label. No step changes or removes such a row. */
export function isByPerson(labeler: string | null): boolean {
  return labeler !== null && stepOf(labeler) === undefined;
}

/** A row of the training table, as steps read it. */
export interface LabelRow {
  readonly id: number;
  readonly message: string;
  readonly community: string;
  readonly source: string;
  /** Null for an imported row that nobody has labeled; its class in the table is 0, ham. */
  readonly label: RowLabel | null;
  readonly labelled_by: string | null;
  readonly near_group: string | null;
}
