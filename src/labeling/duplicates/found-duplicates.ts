import { ALWAYS_STAYS, type DuplicateInput, type DuplicateKind, duplicateKinds } from './duplicate-input.ts';

/** Rows that are duplicates of one another. */
export interface DuplicateGroup {
  /** Indices of rows in the order of the stream, but first the one that stays before all others. Two or more. */
  readonly rows: Int32Array<ArrayBuffer>;
}

/** How much a search did. */
export interface SearchEffort {
  /** Distinct texts, and distinct comparable keys among them. */
  readonly texts: number;
  readonly entries: number;
  /** Exact comparisons of two entries. */
  readonly comparisons: number;
  readonly scratchBytes: number;
}

/** Which entries belong together; entries are numbered by their order. Groups and chains are named by their first entry. */
export interface NearEntries {
  readonly order: Int32Array<ArrayBuffer>;
  readonly leaderOf: (number: number) => number;
  readonly groupOf: (number: number) => number;
  readonly chainOf: (number: number) => number;
}

/**
 * What a search found, as arrays by the index of a row: 21 bytes a row, and 4 for each entry. A *group* is a row that stays and its duplicates; a *chain* is what
 * near-duplicates connect, also over several of them, so that two of its rows may have little in common.
 */
export class FoundDuplicates {
  readonly ids: Float64Array<ArrayBuffer>;
  readonly rows: number;
  readonly effort: SearchEffort;
  /** The row that each row repeats, and that stays; itself for a row that stays. */
  readonly stays: Int32Array<ArrayBuffer>;
  readonly #kinds: Uint8Array<ArrayBuffer>;
  readonly #groups: Int32Array<ArrayBuffer>;
  readonly #chains: Int32Array<ArrayBuffer>;
  /** The first row of each group and of each chain, by the number of either. */
  readonly #firsts: Int32Array<ArrayBuffer>;

  constructor(input: DuplicateInput, near: NearEntries, effort: SearchEffort) {
    this.rows = input.rows;
    this.ids = input.ids;
    this.effort = effort;
    this.stays = new Int32Array(this.rows);
    this.#kinds = new Uint8Array(this.rows);
    this.#groups = new Int32Array(this.rows);
    this.#chains = new Int32Array(this.rows);
    const numbers = new Int32Array(near.order.length);
    this.#firsts = new Int32Array(near.order.length);
    for (let number = 0; number < numbers.length; number++) {
      numbers[near.order[number]!] = number;
      this.#firsts[number] = input.firstOfEntry(near.order[number]!);
    }
    for (let row = 0; row < this.rows; row++) {
      const entry = input.entryOf(row);
      const number = numbers[entry]!;
      const leader = input.firstOfEntry(near.order[near.leaderOf(number)]!);
      const isStaying = leader === row || input.rankOf(row) === ALWAYS_STAYS;
      this.stays[row] = isStaying ? row : leader;
      if (!isStaying)
        this.#kinds[row] =
          1 + (input.firstOfText(row) !== row ? 0 : input.firstOfEntry(entry) !== row ? 1 : 2);
      this.#groups[row] = near.groupOf(number);
      this.#chains[row] = near.chainOf(number);
    }
  }

  /** Why a row is a duplicate: the first that holds of the same text, the same key and near. Undefined for a row that stays. */
  kindOf(row: number): DuplicateKind | undefined {
    const kind = this.#kinds[row]!;
    return kind === 0 ? undefined : duplicateKinds[kind - 1];
  }

  /** The number of a row's group: below {@link FoundDuplicates.rows}, as is that of its chain. */
  groupOf(row: number): number {
    return this.#groups[row]!;
  }

  chainOf(row: number): number {
    return this.#chains[row]!;
  }

  /** The row that stays before all others of a group or chain, by its number. */
  firstOf(number: number): number {
    return this.#firsts[number]!;
  }

  /** Groups, or chains, of two or more rows; of groups with a lower rank first. 8 bytes a row while it runs. */
  *groups(by: 'group' | 'chain' = 'group'): Generator<DuplicateGroup> {
    const of = by === 'group' ? this.#groups : this.#chains;
    const starts = new Int32Array(this.rows + 2);
    for (let row = 0; row < this.rows; row++) starts[of[row]! + 2] = starts[of[row]! + 2]! + 1;
    for (let at = 2; at < starts.length; at++) starts[at] = starts[at]! + starts[at - 1]!;
    const rows = new Int32Array(this.rows);
    for (let row = 0; row < this.rows; row++) {
      const at = of[row]! + 1;
      rows[starts[at]!] = row;
      starts[at] = starts[at]! + 1;
    }
    for (let number = 0; number < this.#firsts.length; number++) {
      const [from, to] = [starts[number]!, starts[number + 1]!];
      if (to - from < 2) continue;
      const found = rows.slice(from, to);
      const first = this.#firsts[number]!;
      found.copyWithin(1, 0, found.indexOf(first));
      found[0] = first;
      yield { rows: found };
    }
  }
}
