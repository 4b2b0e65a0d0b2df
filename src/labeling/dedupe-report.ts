import type { RowLabel } from '../core/decision.ts';
import type { LabelRow } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { DuplicateKind } from './duplicates/duplicate-input.ts';
import type { SearchEffort } from './duplicates/found-duplicates.ts';
import type { DedupeParameters, LabeledDuplicates } from './labeled-duplicates.ts';

const LARGEST = 5;
const MOST_CONTRADICTIONS = 100;

/** A row of a group, as an example. */
export interface GroupExample extends Pick<LabelRow, 'id' | 'message' | 'labelled_by'> {
  readonly label: RowLabel | null;
}

/** A group that holds both labels. */
export interface Contradiction {
  readonly rows: number;
  readonly spam: GroupExample;
  readonly ham: GroupExample;
}

/** What `label dedupe` found. */
export interface DedupeReport {
  /** All rows of the table. */
  readonly rows: number;
  /** Duplicates by kind: those to remove, or with `group` all that are in a group and are not its first row. */
  readonly duplicates: Readonly<Record<DuplicateKind, number>>;
  /** Of these rows; `unlabeled` too. */
  readonly labels: Readonly<Record<RowLabel | 'unlabeled', number>>;
  /** Groups with two or more rows, without those that contradict themselves. */
  readonly groups: number;
  /** The largest of them, the largest first, each with the row that stays. */
  readonly largest: readonly { readonly rows: number; readonly example: GroupExample }[];
  readonly contradictions: {
    readonly groups: number;
    readonly rows: number;
    /** At most {@link MOST_CONTRADICTIONS}. */
    readonly listed: readonly Contradiction[];
  };
  readonly effort: SearchEffort;
}

interface Listed {
  readonly rows: number;
  readonly first: number;
}

export async function reportOf(
  searched: LabeledDuplicates,
  { action }: DedupeParameters,
  store: Pick<LabelStore, 'rowsOf'>,
): Promise<DedupeReport> {
  const { found, labelOf, isContradictory } = searched;
  const duplicates = { exact: 0, normalized: 0, near: 0 };
  const labels = { spam: 0, ham: 0, unlabeled: 0 };
  for (let row = 0; row < found.rows; row++) {
    const kind = found.kindOf(row);
    if (kind === undefined || (action === 'remove' && isContradictory(row))) continue;
    duplicates[kind]++;
    labels[labelOf(row) ?? 'unlabeled']++;
  }
  const contradictions = { groups: 0, rows: 0 };
  const listed: { readonly rows: number; readonly spam: number; readonly ham: number }[] = [];
  let groups = 0;
  let largest: Listed[] = [];
  const count = (rows: Int32Array) => {
    groups++;
    if (largest.length === LARGEST && rows.length <= largest.at(-1)!.rows) return;
    largest = [...largest, { rows: rows.length, first: rows[0]! }]
      .sort((a, b) => b.rows - a.rows)
      .slice(0, LARGEST);
  };
  for (const { rows } of found.groups('group')) {
    if (!isContradictory(rows[0]!)) {
      if (action === 'remove') count(rows);
      continue;
    }
    contradictions.groups++;
    contradictions.rows += rows.length;
    if (listed.length === MOST_CONTRADICTIONS) continue;
    const of = (label: RowLabel) => rows.find((row) => labelOf(row) === label)!;
    listed.push({ rows: rows.length, spam: of('spam'), ham: of('ham') });
  }
  if (action === 'group') for (const { rows } of found.groups('chain')) count(rows);
  const examples = await examplesOf(
    [...largest.map(({ first }) => first), ...listed.flatMap(({ spam, ham }) => [spam, ham])].map(
      (row) => found.ids[row]!,
    ),
    store,
  );
  const example = (row: number) => examples(found.ids[row]!);
  return {
    ...{ rows: found.rows, duplicates, labels, groups, effort: found.effort },
    largest: largest.map(({ rows, first }) => ({ rows, example: example(first) })),
    contradictions: {
      ...contradictions,
      listed: listed.map(({ rows, spam, ham }) => ({ rows, spam: example(spam), ham: example(ham) })),
    },
  };
}

/** Rows by id; one that was removed in the meantime has no text. */
async function examplesOf(
  ids: readonly number[],
  store: Pick<LabelStore, 'rowsOf'>,
): Promise<(id: number) => GroupExample> {
  const rows = ids.length === 0 ? [] : await store.rowsOf([...new Set(ids)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (id) => {
    const { message = '', label = null, labelled_by = null } = byId.get(id) ?? {};
    return { id, message, label, labelled_by };
  };
}
