import { PAIR, SPACE } from './character-kinds.ts';
import { type CharacterScan, MAX_LENGTH } from './character-scan.ts';
import type { FeatureCounts } from './feature-counts.ts';
import { BASE_HIGH, BASE_LOW, hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';

const SPACE_SHOWN = 95; // _
const PAIR_SHOWN = 0x263a; // ☺

const prefix = hashTerm('g:');

/**
 * Counts the features of family `grams`: so many characters in a row of the text, in which spaces in a row are
 * one, one stands before and after, and a surrogate pair is one character, so that no name holds half of one.
 */
export class GramScan {
  /** Where the gram that the table is being asked for stands, in code units of the text. */
  get start(): number {
    return this.#starts[this.#at]!;
  }
  get end(): number {
    return this.#starts[this.#at + this.#size]!;
  }

  readonly #characters: CharacterScan;
  readonly #units = new Uint16Array(MAX_LENGTH + 2);
  readonly #starts = new Int32Array(MAX_LENGTH + 3);
  #at = 0;
  #size = 0;
  readonly #name = (): string =>
    `g:${String.fromCharCode(...this.#units.subarray(this.#at, this.#at + this.#size))}`;

  constructor(characters: CharacterScan) {
    this.#characters = characters;
  }

  /** `shortest` and `longest`: characters of the grams that are counted. */
  scan(table: TermTable, out: FeatureCounts, shortest: number, longest: number): void {
    const count = this.#condense();
    const units = this.#units;
    for (let at = 0; at + shortest <= count; at++) {
      let high = (Math.imul(prefix.high, BASE_HIGH) + units[at]!) | 0;
      let low = (Math.imul(prefix.low, BASE_LOW) + units[at]!) | 0;
      this.#at = at;
      const last = Math.min(at + longest, count);
      for (let i = at + 1; i < last; i++) {
        high = (Math.imul(high, BASE_HIGH) + units[i]!) | 0;
        low = (Math.imul(low, BASE_LOW) + units[i]!) | 0;
        if (i + 1 - at < shortest) continue;
        this.#size = i + 1 - at;
        const id = table.find(high, low, this.#name);
        if (id >= 0) out.add(id);
      }
    }
  }

  /** Fills the characters to make grams of, and answers how many. An empty text has none. */
  #condense(): number {
    const { codes, kinds, length } = this.#characters;
    const units = this.#units;
    const starts = this.#starts;
    let count = 1;
    units[0] = SPACE_SHOWN;
    starts[0] = 0;
    for (let i = 0; i < length; i++) {
      let code = codes[i]!;
      const start = i;
      const kind = kinds[i];
      if (kind === SPACE) {
        if (units[count - 1] === SPACE_SHOWN) continue;
        code = SPACE_SHOWN;
      } else if (kind === PAIR) {
        code = PAIR_SHOWN;
        i++;
      }
      units[count] = code;
      starts[count++] = start;
    }
    if (count === 1) return 0;
    if (units[count - 1] !== SPACE_SHOWN) {
      units[count] = SPACE_SHOWN;
      starts[count++] = length;
    }
    starts[count] = length;
    return count;
  }
}
