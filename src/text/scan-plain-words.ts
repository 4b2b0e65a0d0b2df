import { isLetterKind, isWordKind, SPACE } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import type { FeatureCounts } from './feature-counts.ts';
import { BASE_HIGH, BASE_LOW, hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';
import {
  FLAGS,
  POWER_HIGH,
  POWER_LOW,
  STEM_HIGH,
  STEM_LOW,
  STOP_WORD,
  type WordForms,
} from './word-forms.ts';

/** Longer words have no feature. */
const MAX_WORD = 32;
const stem = hashTerm('w:');
const word = hashTerm('t:');

/**
 * Counts the words of the plain feature sets, which know nothing but words. One walk over the code units; a name is only
 * made when the table asks for it.
 */
export class PlainWordScan {
  /** Where the word that the table is being asked for stands, in code units. */
  start = -1;
  end = -1;
  readonly #characters: CharacterScan;
  #forms: WordForms | null = null;
  readonly #stemName = (): string => `w:${this.#forms!.stemOf(this.#characters.codes, this.start, this.end)}`;
  readonly #wordName = (): string => {
    const { codes, kinds } = this.#characters;
    let name = 't:';
    for (let i = this.start; i < this.end; i++)
      if (isWordKind(kinds[i]!)) name += String.fromCharCode(codes[i]!);
    return name;
  };

  constructor(characters: CharacterScan) {
    this.#characters = characters;
  }

  /** Set `reference-1`: the stems of words with a letter in them, but for stop words. */
  scanStems(forms: WordForms, table: TermTable, out: FeatureCounts): void {
    const { codes, kinds, length } = this.#characters;
    this.#forms = forms;
    for (let i = 0; i < length; ) {
      if (!isWordKind(kinds[i]!)) {
        i++;
        continue;
      }
      const start = i;
      let high = 0;
      let low = 0;
      let letters = 0;
      do {
        high = (Math.imul(high, BASE_HIGH) + codes[i]!) | 0;
        low = (Math.imul(low, BASE_LOW) + codes[i]!) | 0;
        if (isLetterKind(kinds[i]!)) letters++;
        i++;
      } while (isWordKind(kinds[i]!) || (codes[i] === 39 && isLetterKind(kinds[i + 1]!)));
      if (letters === 0 || i - start > MAX_WORD) continue;
      const place = forms.find(high, low, codes, start, i);
      const form = forms.table;
      if ((form[place + FLAGS]! & STOP_WORD) !== 0) continue;
      this.start = start;
      this.end = i;
      const id = table.find(
        (Math.imul(stem.high, form[place + POWER_HIGH]!) + form[place + STEM_HIGH]!) | 0,
        (Math.imul(stem.low, form[place + POWER_LOW]!) + form[place + STEM_LOW]!) | 0,
        this.#stemName,
      );
      if (id >= 0) out.add(id);
    }
    this.#forms = null;
  }

  /** Set `bag-of-words-1`: what stands between spaces, its letters and digits. */
  scanWords(table: TermTable, out: FeatureCounts): void {
    const { codes, kinds, length } = this.#characters;
    for (let i = 0; i < length; ) {
      let { high, low } = word;
      let size = 0;
      this.start = i;
      for (; i < length && kinds[i] !== SPACE; i++) {
        if (!isWordKind(kinds[i]!)) continue;
        if (size++ === 0) this.start = i;
        this.end = i + 1;
        high = (Math.imul(high, BASE_HIGH) + codes[i]!) | 0;
        low = (Math.imul(low, BASE_LOW) + codes[i]!) | 0;
      }
      i++;
      if (size === 0 || size > MAX_WORD) continue;
      const id = table.find(high, low, this.#wordName);
      if (id >= 0) out.add(id);
    }
  }
}
