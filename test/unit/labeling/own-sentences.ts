import type { RowLabel } from '../../../src/core/decision.ts';
import type { LabelRow } from '../../../src/core/label-step.ts';
import { randomOf } from '../../../src/labeling/light/logistic-regression.ts';
import type { LabelEdit, LabelRowFilter, LabelStore } from '../../../src/ports/label-store.ts';

const spamParts = [
  ['Win', 'Claim', 'Collect', 'Grab'],
  ['your free prize', 'a cash bonus', 'the big jackpot', 'casino credit'],
  ['today', 'right now', 'before midnight', 'this week only'],
  ['at lucky-wheel.example', 'on bonus-land.example', 'reply WIN', 'call the hotline'],
];
const hamParts = [
  ['Shall we', 'Could you', 'Do you want to', 'I would like to'],
  ['meet at the station', 'water the plants', 'read the second chapter', 'cook some soup'],
  ['after school', 'when it rains', 'on the way home', 'with grandmother'],
  ['and bring the dog', 'if you are not tired', 'as we did in May', 'or rather tomorrow'],
];

/** Different synthetic sentences of a class, the same ones for the same seed. */
export function sentences(label: RowLabel, count: number, seed = 1): string[] {
  const random = randomOf(seed);
  const parts = label === 'spam' ? spamParts : hamParts;
  const found = new Set<string>();
  while (found.size < count) {
    const text = parts.map((each) => each[Math.floor(random() * each.length)]!).join(' ');
    found.add(found.size < 200 ? text : `${text} ${found.size}`);
  }
  return [...found];
}

/** A training table in memory. */
export class MemoryTable implements Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'> {
  readonly table: LabelRow[] = [];
  /** The most rows that were read at once. */
  largestPage = 0;

  add(message: string, label: RowLabel | null = null, labelledBy: string | null = null): LabelRow {
    const row: LabelRow = {
      ...{ id: this.table.length + 1, message, community: 'forum', source: 'reported' },
      ...{ label, labelled_by: labelledBy, near_group: null },
    };
    this.table.push(row);
    return row;
  }

  label(id: number, label: RowLabel | null, labelledBy: string | null): void {
    this.table[id - 1] = { ...this.table[id - 1]!, label, labelled_by: labelledBy };
  }

  apply(edit: LabelEdit, by: string): void {
    if (edit.kind === 'label') this.label(edit.row.id, edit.label, by);
  }

  async rows({
    after,
    limit,
    filter,
  }: {
    readonly after: number;
    readonly limit: number;
    readonly filter?: LabelRowFilter;
  }): Promise<readonly LabelRow[]> {
    const wanted = filter?.label;
    const found = this.table
      .filter(({ id, label }) => id > after && (wanted === undefined || (label ?? 'unlabeled') === wanted))
      .slice(0, limit);
    this.largestPage = Math.max(this.largestPage, found.length);
    return found;
  }

  async rowsOf(ids: readonly number[]): Promise<readonly LabelRow[]> {
    this.largestPage = Math.max(this.largestPage, ids.length);
    return ids.flatMap((id) => this.table[id - 1] ?? []);
  }

  async steps() {
    return [];
  }
}
