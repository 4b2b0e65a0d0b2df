import { areNear, type Shingles } from '../../text/similarity/near-duplicates.ts';
import { ALWAYS_STAYS, type DuplicateInput } from './duplicate-input.ts';
import type { Breathe, NearChains } from './near-chains.ts';
import { RareIndex } from './rare-index.ts';
import { UnionFind } from './union-find.ts';

/** Entries of one chain that each later one is compared with. */
const MOST_LEADERS = 64;

/**
 * Which entries stay. In each chain, in order, an entry that is a near-duplicate of one that stays is removed; one that is not stays. So
 * whatever is removed is itself a near-duplicate of something that stays, however long the chain is.
 * An entry with a row that always stays also stays. If it is a near-duplicate of an earlier leader, their groups are one group.
 * An entry of a chain with more than {@link MOST_LEADERS} leaders is only compared with the first of them, with those that share most of
 * what is rare in the chain, and with the neighbor that the chain was found by and its leader: then some entries stay that need not.
 */
export class NearLeaders {
  readonly #input: DuplicateInput;
  readonly #order: Int32Array<ArrayBuffer>;
  readonly #found: NearChains;
  /** Of each entry: itself where it stays. Entries are numbered by their order. */
  readonly leaders: Int32Array<ArrayBuffer>;
  /** Entries and their leaders; leaders with rows that always stay may be joined. */
  readonly groups: UnionFind;
  comparisons = 0;

  constructor(input: DuplicateInput, order: Int32Array<ArrayBuffer>, found: NearChains) {
    this.#input = input;
    this.#order = order;
    this.#found = found;
    this.groups = new UnionFind(order.length);
    this.leaders = new Int32Array(order.length).fill(-1);
  }

  async choose(breathe: Breathe): Promise<void> {
    const { starts, numbers } = this.#byChain();
    let steps = 0;
    for (let root = 0; root < this.leaders.length; root++) {
      const [from, to] = [starts[root]!, starts[root + 1]!];
      if (to === from) continue;
      const leaders: number[] = [];
      const rare = to - from > MOST_LEADERS ? new RareIndex(to - from) : undefined;
      for (let at = from; rare !== undefined && at < to; at++) {
        rare.count(this.#shinglesOf(numbers[at]!));
        if (++steps % 1024 === 0) await breathe();
      }
      for (let at = from; at < to; at++) {
        this.#place(numbers[at]!, leaders, rare);
        if (to - from > 1 && ++steps % 1024 === 0) await breathe();
      }
    }
  }

  /** `leaders`: of the chain so far, without those that were joined to another, at most {@link MOST_LEADERS}. */
  #place(number: number, leaders: number[], rare: RareIndex | undefined): void {
    const candidates = rare?.search(this.#shinglesOf(number)) ?? [];
    const leader = this.#leaderOf(number, leaders, candidates);
    const alwaysStays = this.#input.rankOf(this.#input.firstOfEntry(this.#order[number]!)) === ALWAYS_STAYS;
    if (leader !== undefined) this.groups.union(leader, number);
    if (leader !== undefined && !alwaysStays) {
      this.leaders[number] = leader;
      return;
    }
    this.leaders[number] = number;
    if (leaders.length < MOST_LEADERS) leaders.push(number);
    rare?.add(number);
  }

  #leaderOf(number: number, leaders: readonly number[], candidates: readonly number[]): number | undefined {
    // In a long chain, what is most likely comes first.
    const near = candidates.find((leader) => this.#areNear(leader, number));
    if (near !== undefined) return near;
    const first = leaders.find((leader) => this.#areNear(leader, number));
    if (first !== undefined || leaders.length < MOST_LEADERS) return first;
    const neighbor = this.#found.neighbors[number]!;
    if (neighbor === -1) return undefined;
    const leader = this.leaders[neighbor]!;
    return leader === neighbor || this.#areNear(leader, number) ? leader : undefined;
  }

  #areNear(one: number, other: number): boolean {
    this.comparisons++;
    return areNear(this.#shinglesOf(one), this.#shinglesOf(other));
  }

  #shinglesOf(number: number): Shingles {
    return this.#input.shingles.read(this.#order[number]!);
  }

  /** The entries of each chain in order: of the chain with root `r`, those from `starts[r]` to `starts[r + 1]`. */
  #byChain(): { readonly starts: Int32Array<ArrayBuffer>; readonly numbers: Int32Array<ArrayBuffer> } {
    const count = this.#order.length;
    const { chains } = this.#found;
    const starts = new Int32Array(count + 2);
    for (let number = 0; number < count; number++) {
      const after = chains.rootOf(number) + 2;
      starts[after] = starts[after]! + 1;
    }
    for (let at = 2; at < starts.length; at++) starts[at] = starts[at]! + starts[at - 1]!;
    const numbers = new Int32Array(count);
    for (let number = 0; number < count; number++) {
      const after = chains.rootOf(number) + 1;
      numbers[starts[after]!] = number;
      starts[after] = starts[after]! + 1;
    }
    return { starts, numbers };
  }
}
