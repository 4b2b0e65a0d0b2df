import type { RowLabel } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { type ImportExample, NAMED_ROWS, type RefusedRows } from '../core/import-report.ts';
import { type DumpPosition, type DumpRecord, type DumpRefusal, refusalWords } from '../ports/dump.ts';
import type { NewLabelRow } from '../ports/label-store.ts';
import { DiverseSample } from './diverse-sample.ts';
import type { RowReader } from './dump-columns.ts';

const EXAMPLES = 10;

/** How far an import has come: what is stored with its step. */
export interface ImportPosition {
  /** Of the last row that was read; null before the first. */
  readonly after: DumpPosition | null;
  readonly read: number;
  readonly labels: Readonly<Record<RowLabel | 'unlabeled', number>>;
  readonly refused: RefusedRows;
}

/** Counts the rows of a dump as they are read. */
export class ImportTally {
  readonly #reader: RowReader;
  readonly #strict: boolean;
  readonly #name: string;
  readonly #labels: Record<RowLabel | 'unlabeled', number>;
  readonly #refused: Record<string, { count: number; rows: DumpPosition[] }> = {};
  readonly #sample = new DiverseSample<ImportExample>(EXAMPLES);
  #after: DumpPosition | null;
  #read: number;

  /** `strict`: the first row that is refused throws `DATA_INVALID`. */
  constructor(
    reader: RowReader,
    { strict, name }: { readonly strict: boolean; readonly name: string },
    from?: ImportPosition,
  ) {
    this.#reader = reader;
    this.#strict = strict;
    this.#name = name;
    this.#labels = { ...(from?.labels ?? { spam: 0, ham: 0, unlabeled: 0 }) };
    this.#after = from?.after ?? null;
    this.#read = from?.read ?? 0;
    for (const [why, { count, rows }] of Object.entries(from?.refused ?? {}))
      this.#refused[why] = { count, rows: [...rows] };
  }

  /** The row to add; undefined for one that is refused. */
  take(record: DumpRecord): NewLabelRow | undefined {
    const { position } = record;
    const row = this.#reader.read(record);
    this.#after = position;
    this.#read++;
    if (typeof row === 'string') {
      this.#refuse(row, position);
      return undefined;
    }
    this.#labels[row.label ?? 'unlabeled']++;
    const { community, source, label = null } = row;
    this.#sample.offer(row.message, (message) => ({ position, message, community, source, label }));
    return row;
  }

  get rows(): number {
    const { spam, ham, unlabeled } = this.#labels;
    return spam + ham + unlabeled;
  }

  get position(): ImportPosition {
    const refused = Object.fromEntries(
      Object.entries(this.#refused).map(([why, { count, rows }]) => [why, { count, rows: [...rows] }]),
    );
    return { after: this.#after, read: this.#read, labels: { ...this.#labels }, refused };
  }

  examples(): readonly ImportExample[] {
    return this.#sample
      .drawn()
      .sort((one, other) => (one.position < other.position ? -1 : one.position > other.position ? 1 : 0));
  }

  #refuse(why: DumpRefusal, position: DumpPosition): void {
    if (this.#strict)
      throw new SluiceError(
        'DATA_INVALID',
        `${this.#name}, row ${position}: ${refusalWords[why]}. Correct it, or import without --strict, which skips such rows.`,
      );
    this.#refused[why] ??= { count: 0, rows: [] };
    const refused = this.#refused[why];
    refused.count++;
    if (refused.rows.length < NAMED_ROWS) refused.rows.push(position);
  }
}

/** Throws `DATA_INVALID` where a dump gave nothing to import. */
export function requireRows(tally: ImportTally, name: string): void {
  if (tally.rows > 0) return;
  const { read, refused } = tally.position;
  if (read === 0) throw new SluiceError('DATA_INVALID', `${name} has no rows. Name one that has.`);
  const why = Object.entries(refused)
    .map(
      ([refusal, { count, rows }]) =>
        `${count} × ${refusalWords[refusal as DumpRefusal]} (from row ${rows[0]})`,
    )
    .join('; ');
  throw new SluiceError('DATA_INVALID', `${name}: none of its ${read} rows can be imported: ${why}.`);
}
