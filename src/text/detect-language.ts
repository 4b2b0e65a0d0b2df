import { isLetterKind } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import { languageMarkers } from './language-markers.ts';
import { BASE_LOW, continueHash } from './term-hash.ts';

/** Further code units than these are not looked at: a language shows early, and this runs on every message. */
const LOOKED_AT = 600;
/** No marker is longer. */
const LONGEST_MARKER = 12;
const SLOT_BITS = 13;
const SLOTS = 1 << SLOT_BITS;

const tongues = [...languageMarkers.keys()];
/** Of a word with ä, ö, ü or ß that is no marker: German has one in three words, Turkish and Swedish would show by other words. */
const GERMAN_LETTER = 1 << tongues.indexOf('de');

/** By open addressing: the hash of a marker, and beside it a bit for each language that has it. */
const keys = new Int32Array(SLOTS);
const bits = new Int32Array(SLOTS);
for (const [at, tongue] of tongues.entries())
  for (const word of languageMarkers.get(tongue)!) {
    const slot = slotOf(continueHash(0, BASE_LOW, word));
    keys[slot] = continueHash(0, BASE_LOW, word);
    bits[slot]! |= 1 << at;
  }

/** Finds the language of a text among those of a model, by words that every sentence has one of. One instance serves one thread. */
export class LanguageDetector {
  /** Place among the model's languages of each language that is known here; -1 for none. */
  readonly #places: Int32Array;
  readonly #hits = new Int32Array(tongues.length);

  /** Primary subtags. */
  constructor(languages: readonly string[]) {
    this.#places = Int32Array.from(tongues, (tongue) => languages.indexOf(tongue));
  }

  /** Place among the model's languages; 0, the default, where no language shows, or one that the model doesn't have, or two alike. */
  detect({ codes, kinds, length }: CharacterScan): number {
    const hits = this.#hits.fill(0);
    const last = Math.min(length, LOOKED_AT);
    let i = 0;
    while (i < last) {
      if (!isLetterKind(kinds[i]!)) {
        i++;
        continue;
      }
      const start = i;
      let hash = 0;
      let hasUmlaut = false;
      for (; isLetterKind(kinds[i]!) || (codes[i] === 39 && isLetterKind(kinds[i + 1]!)); i++) {
        const code = codes[i]!;
        hash = (Math.imul(hash, BASE_LOW) + code) | 0;
        hasUmlaut ||= code === 0xe4 || code === 0xf6 || code === 0xfc || code === 0xdf;
      }
      let found = i - start <= LONGEST_MARKER ? bits[slotOf(hash)]! : 0;
      if (found === 0 && hasUmlaut) found = GERMAN_LETTER;
      for (let at = 0; found !== 0; at++, found >>= 1) hits[at]! += found & 1;
    }
    return this.#placeOf(hits);
  }

  #placeOf(hits: Int32Array): number {
    let best = -1;
    let most = 0;
    for (let at = 0; at < hits.length; at++) {
      if (hits[at]! > most) {
        most = hits[at]!;
        best = at;
      } else if (hits[at] === most && most > 0) {
        best = -1;
      }
    }
    return best < 0 ? 0 : Math.max(0, this.#places[best]!);
  }
}

/** The slot of this hash, or the empty one where it would stand. */
function slotOf(hash: number): number {
  let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
  while (bits[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
  return slot;
}
