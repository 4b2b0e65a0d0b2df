import type { RowLabel } from '../core/decision.ts';
import type { ModelData } from '../core/model-data.ts';
import { sha256Of } from '../core/sha256.ts';
import { growing } from '../labeling/duplicates/growing-array.ts';

type SourceFacts = ModelData['sources'][number];
type Part = 'training' | 'heldOut';

/** Counts what became of a source's rows, for `data.json`. Rows come in the order of their numbers. */
export class SourceTally {
  readonly #source: Pick<SourceFacts, 'name' | 'kind'>;
  readonly #counts = { training: { spam: 0, ham: 0 }, heldOut: { spam: 0, ham: 0 } };
  readonly #ranges: Readonly<Record<Part, [number, number][]>> = { training: [], heldOut: [] };
  readonly #leftOut = new Map<string, number>();
  #read = 0;
  #readTo = 0;

  constructor({ name, kind }: Pick<SourceFacts, 'name' | 'kind'>) {
    this.#source = { name, kind };
  }

  read(id: number): void {
    this.#read++;
    this.#readTo = Math.max(this.#readTo, id);
  }

  use(part: Part, id: number, label: RowLabel): void {
    this.#counts[part][label]++;
    const ranges = this.#ranges[part];
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }

  leaveOut(reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }

  facts(): SourceFacts {
    return {
      ...this.#source,
      read: this.#read,
      ...this.#counts,
      leftOut: Object.fromEntries([...this.#leftOut].sort(([one], [other]) => (one < other ? -1 : 1))),
      rows: this.#ranges.training,
      heldOutRows: this.#ranges.heldOut,
      readTo: this.#readTo,
    };
  }
}

const DIGITS = 12;
const encoder = new TextEncoder();

/** Hashes of messages, 8 bytes each, in whatever order. */
export class HashList {
  readonly #hashes = growing.float64();

  /** The first 48 bits of a SHA-256. */
  add(hash: number): void {
    this.#hashes.add(hash);
  }

  /** As `ModelData.hashes` has it. */
  digest(): string {
    const sorted = this.#hashes.values.slice(0, this.#hashes.length).sort();
    const lines: string[] = [];
    for (const hash of sorted) lines.push(hash.toString(16).padStart(DIGITS, '0'));
    return sha256Of(encoder.encode(lines.map((line) => `${line}\n`).join('')));
  }
}
