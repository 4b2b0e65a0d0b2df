import type { RowLabel } from '../core/decision.ts';
import { isByPerson } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { Scratch } from '../ports/scratch.ts';
import {
  ALWAYS_STAYS,
  type DuplicateKind,
  LAST_RANK,
  type SearchedRow,
} from './duplicates/duplicate-input.ts';
import { findDuplicates, type SearchOptions } from './duplicates/find-duplicates.ts';
import type { FoundDuplicates } from './duplicates/found-duplicates.ts';
import { growing } from './duplicates/growing-array.ts';

/** Rows of the table that are read at once. */
const PAGE = 2000;
/** A label's place is its bit, so that both together are 3. */
const labelCodes: readonly (RowLabel | null)[] = [null, 'ham', 'spam'];

/** What a resumed step needs. `group` names groups of near-duplicates instead of removing rows. */
export interface DedupeParameters {
  readonly duplicates: DuplicateKind;
  readonly action: 'remove' | 'group';
}

export interface DedupeOptions extends Pick<SearchOptions, 'pause' | 'progress'> {
  readonly store: Pick<LabelStore, 'rows' | 'rowsOf'>;
  readonly scratch: Scratch;
  readonly parameters: DedupeParameters;
}

/** What the search found, and what the labels say about it. */
export interface LabeledDuplicates {
  readonly found: FoundDuplicates;
  /** By the index of the row. */
  readonly labelOf: (row: number) => RowLabel | null;
  /** Whether the row's group holds both labels: nothing of it is removed. */
  readonly isContradictory: (row: number) => boolean;
}

/** Searches the whole table, a page after the other. */
export async function labeledDuplicates(
  { store, scratch, parameters, pause, progress }: DedupeOptions,
  signal: AbortSignal | undefined,
): Promise<LabeledDuplicates> {
  const labels = growing.uint8();
  async function* rows(): AsyncGenerator<SearchedRow> {
    for (let after = 0; ; ) {
      const page = await store.rows({ after, limit: PAGE });
      for (const { id, message, label, labelled_by } of page) {
        labels.add(labelCodes.indexOf(label));
        yield { id, message, rank: isByPerson(labelled_by) ? ALWAYS_STAYS : label !== null ? 1 : LAST_RANK };
        after = id;
      }
      if (page.length < PAGE) return;
    }
  }
  const found = await findDuplicates(rows(), {
    ...{ scratch, kind: parameters.duplicates, signal },
    ...(pause === undefined ? {} : { pause }),
    ...(progress === undefined ? {} : { progress }),
  });
  const { values } = labels;
  const labelsOfGroups = new Uint8Array(found.rows);
  for (let row = 0; row < found.rows; row++)
    labelsOfGroups[found.groupOf(row)] = labelsOfGroups[found.groupOf(row)]! | values[row]!;
  return {
    found,
    labelOf: (row) => labelCodes[values[row]!] ?? null,
    isContradictory: (row) => labelsOfGroups[found.groupOf(row)] === 3,
  };
}
