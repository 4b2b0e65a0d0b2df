import { DIGIT, PAIR, SPACE } from './character-kinds.ts';
import { type CharacterScan, MAX_LENGTH } from './character-scan.ts';
import type { FeatureCounts } from './feature-counts.ts';
import type { Link } from './links.ts';
import { BASE_HIGH, BASE_LOW, hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';

const SPACE_SHOWN = 95; // _
const PAIR_SHOWN = 0x263a; // ☺
const DIGIT_SHOWN = 48; // 0
const SITE_SHOWN = 0x2302; // ⌂

const prefix = hashTerm('g:');

/**
 * Counts the features of family `grams`: so many characters in a row of the text, in which spaces in a row are
 * one, one stands before and after, and a surrogate pair is one character, so that no name holds half of one. A digit stands for all
 * ten: no number is more usual than another. A link to a well-known site is one character, since its letters say nothing of the message.
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

  /** `shortest` and `longest`: characters of the grams that are counted. `links`: those of the text. */
  scan(
    links: readonly Link[],
    table: TermTable,
    out: FeatureCounts,
    shortest: number,
    longest: number,
  ): void {
    const count = this.#condense(links);
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
  #condense(links: readonly Link[]): number {
    const { codes, kinds, length } = this.#characters;
    const units = this.#units;
    const starts = this.#starts;
    let count = 1;
    units[0] = SPACE_SHOWN;
    starts[0] = 0;
    let nextSite = 0;
    let siteStart = startOfSite(links, nextSite);
    for (let i = 0; i < length; i++) {
      if (i === siteStart) {
        units[count] = SITE_SHOWN;
        starts[count++] = i;
        while (links[nextSite]!.start < i) nextSite++;
        i = links[nextSite++]!.end - 1;
        siteStart = startOfSite(links, nextSite);
        continue;
      }
      let code = codes[i]!;
      const start = i;
      const kind = kinds[i];
      if (kind === SPACE) {
        if (units[count - 1] === SPACE_SHOWN) continue;
        code = SPACE_SHOWN;
      } else if (kind === DIGIT) {
        code = DIGIT_SHOWN;
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

/** Where the first link to a well-known site begins, from place `from` on; -1 where there is none. */
function startOfSite(links: readonly Link[], from: number): number {
  for (let at = from; at < links.length; at++) if (links[at]!.kind === 'site') return links[at]!.start;
  return -1;
}
