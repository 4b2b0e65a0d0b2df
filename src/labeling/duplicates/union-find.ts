/** Sets of numbers from 0, each named by its lowest (R. Tarjan, 1975, with halved paths). 4 bytes a number. */
export class UnionFind {
  readonly #parent: Int32Array<ArrayBuffer>;

  constructor(count: number) {
    this.#parent = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#parent[i] = i;
  }

  /** The lowest number of the set. */
  rootOf(number: number): number {
    const parent = this.#parent;
    let at = number;
    for (let up = parent[at]!; up !== at; up = parent[at]!) {
      const next = parent[up]!;
      parent[at] = next;
      at = next;
    }
    return at;
  }

  union(one: number, other: number): void {
    const [a, b] = [this.rootOf(one), this.rootOf(other)];
    if (a < b) this.#parent[b] = a;
    else this.#parent[a] = b;
  }
}
