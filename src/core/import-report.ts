import type { RowLabel } from './decision.ts';

/** Rows of a dump that are not imported, by why. `rows`: where the first of them are. */
export type RefusedRows = Readonly<
  Record<string, { readonly count: number; readonly rows: readonly (number | string)[] }>
>;

/** Rows that a report names of each kind of refusal. */
export const NAMED_ROWS = 20;

export interface ImportExample {
  readonly position: number | string;
  /** Cut after `EXAMPLE_CHARACTERS`. */
  readonly message: string;
  readonly community: string;
  readonly source: string;
  readonly label: RowLabel | null;
}

/** What an import would add or has added: the JSON that `sluice label import` prints. */
export interface ImportReport {
  readonly kind: 'import';
  readonly about: string;
  /**
   * `planned`: a dry run, nothing was changed. `stopped`: a dry run that was interrupted. `applied`. `unfinished`: interrupted, and to be
   * resumed or undone.
   */
  readonly state: 'planned' | 'stopped' | 'applied' | 'unfinished';
  readonly step: number | null;
  /** Rows of the dump that were read. */
  readonly read: number;
  /** Rows that it would add, or has added. */
  readonly rows: number;
  readonly labels: Readonly<Record<RowLabel | 'unlabeled', number>>;
  readonly refused: RefusedRows;
  /** About ten, drawn at random with a fixed seed, of different texts; none of an import that was resumed. */
  readonly examples: readonly ImportExample[];
  /** Numbers of steps that imported the same dump before and were not undone. */
  readonly imported_before: readonly number[];
}

/** How far an import has come. */
export interface ImportProgress {
  readonly phase: 'checking' | 'adding';
  /** Rows so far. */
  readonly rows: number;
  /** From 0 to 1; null where that is not known. */
  readonly share: number | null;
}
