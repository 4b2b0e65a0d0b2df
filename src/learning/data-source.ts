import type { RowLabel } from '../core/decision.ts';
import type { DataSourceKind } from '../core/model-data.ts';

/** A labeled message, with where it comes from. */
export interface SourceRow {
  /** Of the table; of a base data set the number of the message, from 1. */
  readonly id: number;
  readonly text: string;
  readonly label: RowLabel;
  readonly community: string;
  /** BCP 47, where the data states it. */
  readonly language?: string;
  /** What must stay on one side of the split, such as a conversation. */
  readonly group?: string;
  /** What its near-duplicates share, where that is known. */
  readonly nearGroup?: string;
  /** When it was labeled, epoch milliseconds; left out where that is not known. */
  readonly at?: number;
}

/** Labeled messages, read once and in the same order each time. */
export interface LabeledSource {
  /** Differs from that of each other source. */
  readonly name: string;
  readonly kind: Exclude<DataSourceKind, 'reports'>;
  /** What each of its messages counts for in training. */
  readonly weight: number;
  /** Pages of rows. */
  read(): AsyncIterable<readonly SourceRow[]>;
}

/** A message that users reported and nobody decided. */
export interface ReportedRow extends Pick<SourceRow, 'id' | 'text' | 'community'> {
  /** When it was first reported, epoch milliseconds. */
  readonly at: number;
  /** Who reported it, each once; any string that is the same for the same person. */
  readonly reporters: readonly string[];
}

/** Name of the source of what users reported. */
export const REPORTS = 'reports';
