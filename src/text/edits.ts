/** Replacements in a text, in ascending order and without overlap. */
export class Edits {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #texts: string[] = [];
  /** For those that only bring code units into another order or leave some out: where each stood. */
  #origins: Map<number, readonly number[]> | null = null;

  get size(): number {
    return this.#starts.length;
  }

  /** Where the last replacement ends, 0 where there is none. */
  get end(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** `start` is not before the end of the replacement added last. */
  replace(start: number, end: number, text: string): void {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#texts.push(text);
  }

  /** The same, where each code unit of `text` is one of [start, end), or stands for it: `from`, ascending or not. */
  replaceEach(start: number, end: number, text: string, from: readonly number[]): void {
    this.#origins ??= new Map();
    this.#origins.set(this.size, from);
    this.replace(start, end, text);
  }

  /** Those of `others`, which are all behind the last one here. */
  addAll(others: Edits): void {
    for (let i = 0; i < others.size; i++) {
      const origins = others.#origins?.get(i);
      if (origins === undefined) this.replace(others.#starts[i]!, others.#ends[i]!, others.#texts[i]!);
      else this.replaceEach(others.#starts[i]!, others.#ends[i]!, others.#texts[i]!, origins);
    }
  }

  apply(text: string): string {
    let edited = '';
    let done = 0;
    for (let i = 0; i < this.#starts.length; i++) {
      edited += text.slice(done, this.#starts[i]!) + this.#texts[i]!;
      done = this.#ends[i]!;
    }
    return edited + text.slice(done);
  }

  /** `trace` of the text before, for the text after. */
  follow(trace: Trace): Trace {
    const starts: number[] = [];
    const ends: number[] = [];
    const copy = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        starts.push(trace.starts[i]!);
        ends.push(trace.ends[i]!);
      }
    };
    let done = 0;
    for (let i = 0; i < this.#starts.length; i++) {
      const start = this.#starts[i]!;
      const end = this.#ends[i]!;
      const size = this.#texts[i]!.length;
      copy(done, start);
      const origins = this.#origins?.get(i);
      if (origins !== undefined) {
        for (const from of origins) copy(from, from + 1);
      } else if (size === end - start) {
        copy(start, end);
      } else {
        for (let unit = 0; unit < size; unit++) {
          starts.push(trace.starts[start]!);
          ends.push(end > start ? trace.ends[end - 1]! : trace.starts[start]!);
        }
      }
      done = end;
    }
    copy(done, trace.starts.length);
    return { starts, ends };
  }
}

/** For each code unit of a text that was changed, the code units [start, end) of the original that it stands for. */
export interface Trace {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The trace of a text that was not changed. */
export function traceOf(length: number): Trace {
  return {
    starts: Array.from({ length }, (_, i) => i),
    ends: Array.from({ length }, (_, i) => i + 1),
  };
}
