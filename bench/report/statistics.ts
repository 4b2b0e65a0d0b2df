/** What several runs of the same thing gave. */
export class Runs {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  get count(): number {
    return this.#values.length;
  }

  /** Half-way between the middle two where their number is even. */
  get median(): number {
    const sorted = [...this.#values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    if (sorted.length === 0) return Number.NaN;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  get lowest(): number {
    return Math.min(...this.#values);
  }

  get highest(): number {
    return Math.max(...this.#values);
  }

  toJSON(): { readonly median: number; readonly min: number; readonly max: number; readonly runs: number } {
    return { median: this.median, min: this.lowest, max: this.highest, runs: this.count };
  }
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `12,300 (11,900–12,400)`: the median, and the lowest and highest of the runs. */
export function spread(runs: Runs, format: (value: number) => string = whole.format): string {
  return `${format(runs.median)} (${format(runs.lowest)}–${format(runs.highest)})`;
}

export function count(value: number): string {
  return whole.format(value);
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
